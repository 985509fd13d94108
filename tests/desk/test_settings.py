"""The settings area: the hub's states, the organization, the audit log with its filters and its file."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.desk.settings.audit_words import Wording
from leadhub.desk.settings.differences import list_differences
from leadhub.leads.conditions import describe
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from routing.models import Pool
from routing.pool_settings import set_promises
from scoring.drafts import start_draft
from tests.factories import LeadFactory
from tests.personas import ClientOf

DETAILS = {"name": "Acme Siding", "time_zone": "UTC", "currency": "USD", "country": "US"}
CITY = {"all": [{"field": "person.city", "op": "is_known"}]}


def test_the_hub_says_how_each_part_stands(ada: Membership, ria: Membership, client_of: ClientOf) -> None:
    with scope(ada.organization_id):
        start_draft(actor=ada, now=utc_now())
    groups = client_of(ada).get(reverse("settings")).context["groups"]
    states = {card.title: card.state for _, cards in groups for card in cards}
    assert states["Score model"].endswith("; a draft is open")
    assert "by Ada" in states["Routing rules"]
    assert states["Pools"] == "1 pool, 1 person takes turns"
    assert states["Members"] == "2 members"
    assert states["Organization"] == "Acme Siding, USD, UTC, United States"
    assert all(states.values())


def test_the_hub_is_the_admins(mia: Membership, client_of: ClientOf) -> None:
    assert client_of(mia).get(reverse("settings")).status_code == 403


def test_a_new_name_is_saved_and_audited(ada: Membership, client_of: ClientOf) -> None:
    client = client_of(ada)
    assert client.post(reverse("organization_settings"), {**DETAILS, "name": "Acme"}).status_code == 302
    assert Organization.objects.get(pk=ada.organization_id).name == "Acme"
    with scope(ada.organization_id):
        entry = AuditEntry.objects.get(action="organization.changed")
    assert (entry.before, entry.after) == ({"name": "Acme Siding"}, {"name": "Acme"})


def test_a_new_currency_says_what_it_leaves_out_before_it_is_set(ada: Membership, client_of: ClientOf) -> None:
    with scope(ada.organization_id):
        LeadFactory(owner=ada, quote_value=Decimal(900))
    client, posted = client_of(ada), {**DETAILS, "currency": "eur"}
    assert "the money of 1 leads" in client.post(reverse("organization_settings"), posted).content.decode()
    assert Organization.objects.get(pk=ada.organization_id).currency == "USD"
    client.post(reverse("organization_settings"), {**posted, "confirmed": "1"})
    assert Organization.objects.get(pk=ada.organization_id).currency == "EUR"


def test_an_unknown_country_is_refused_at_its_field(ada: Membership, client_of: ClientOf) -> None:
    answer = client_of(ada).post(reverse("organization_settings"), {**DETAILS, "country": "XX"})
    assert "country" in answer.context["form"].errors
    assert '<option value="DE">Germany</option>' in answer.content.decode()


@pytest.fixture
def changed(ada: Membership, now: datetime) -> Membership:
    """Ada, who has changed the promises."""
    with scope(ada.organization_id):
        pool = Pool.objects.get()
        set_promises(pool=pool, minutes={"hot": 7, "warm": 240, "content": None}, actor=ada, now=now)
    return ada


def test_the_log_shows_each_field_before_and_after(changed: Membership, client_of: ClientOf) -> None:
    rows = client_of(changed).get(reverse("audit_log"), {"kind": "pool"}).context["rows"]
    [(entry, [difference])] = rows
    assert entry.summary == "Pool Sales: promises changed"
    assert (difference.field, difference.before, difference.after) == ("promised minutes › hot", "5", "7")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"kind": "pool", "q": "promises"}, 1),
        ({"q": "no such words"}, 0),
        ({"who": "leadhub", "kind": "pool"}, 0),
        ({"kind": "pool", "first": "2026-03-04", "last": "2026-03-04"}, 1),
        ({"kind": "pool", "last": "2026-03-03"}, 0),
        ({"kind": "pool", "first": "nonsense"}, 1),
    ],
)
def test_the_log_is_filtered(changed: Membership, client_of: ClientOf, query: dict[str, str], count: int) -> None:
    assert len(client_of(changed).get(reverse("audit_log"), query).context["rows"]) == count


def test_the_log_is_exported_a_row_a_field(changed: Membership, client_of: ClientOf) -> None:
    answer = client_of(changed).get(reverse("audit_export"), {"kind": "pool"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "When,Who,What,Action,Field,Before,After"
    assert lines[1].endswith(",Ada,Pool Sales: promises changed,pool.changed,promised minutes › hot,5,7")
    with scope(changed.organization_id):
        assert AuditEntry.objects.get(action="list.exported").after == {"filters": {"kind": ["pool"]}}


def test_the_log_of_others_is_not_shown(changed: Membership, eve: Membership, client_of: ClientOf) -> None:
    assert "Pool Sales" not in client_of(eve).get(reverse("audit_log")).content.decode()


def tell(kind: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return what the log says of a change."""
    entry = AuditEntry(target_kind=kind, before=before, after=after)
    wording = Wording(currency="USD", members={"7": "Raj"})
    return {change.field: (change.before, change.after) for change in list_differences(entry, wording=wording)}


@pytest.mark.usefixtures("in_scope")
@pytest.mark.parametrize(
    ("kind", "before", "after", "told"),
    [
        ("target", {"seconds": None}, {"seconds": "1800"}, {"target": ("–", "30 min")}),
        ("target", {"share": "0.25"}, {"share": "0.305"}, {"target": ("25%", "30.5%")}),
        ("target", {"money": "900"}, {"money": "12000.5"}, {"target": ("$900", "$12,000.50")}),
        ("target", {}, {"count": "40", "month": "2026-03-01"}, {"target": ("", "40"), "from": ("", "2026-03-01")}),
        (
            "spend",
            {"amount": "90.00", "currency": "EUR", "channel": "email"},
            {"amount": "1200.50", "currency": "EUR", "channel": "paid_search"},
            {"amount": ("€90", "€1,200.50"), "channel": ("Email", "Paid Search")},
        ),
        ("sequence", {"wait_weekday": None}, {"wait_weekday": 0}, {"wait weekday": ("–", "Monday")}),
        ("sequence", {"exit_events": []}, {"exit_events": ["mail_replied"]}, {"exit events": ("–", "Mail replied")}),
        (
            "sequence",
            {"exit_condition": CITY},
            {"exit_condition": {}},
            {"exit condition": ("City is known", "–")},
        ),
        (
            "form",
            {},
            {"fields": [{"label": "Roof", "kind": "money"}]},
            {"fields › Roof › kind": ("", "Amount of money")},
        ),
        ("nurture_settings", {"quiet_from": "20:00:00"}, {"quiet_from": "None"}, {"quiet from": ("20:00", "–")}),
        (
            "export",
            {},
            {"filters": {"owner": ["7"], "stage": ["sal"]}},
            {"filters › owner": ("", "Raj"), "filters › stage": ("", "SAL")},
        ),
        ("sequence", {"position": 0}, {"position": 2}, {"position": ("1", "3")}),
        ("pool", {}, {"holidays": {"2026-12-24": "Eve"}}, {"holidays › 24 Dec 2026": ("", "Eve")}),
        ("score_model", {"key": "town", "label": "Town"}, {"rules": []}, {"label": ("Town", "")}),
        ("person", {}, {"absorbed": "0198c2f0-0000-7000-8000-000000000000"}, {}),
    ],
)
def test_the_log_says_what_pages_say(kind: str, before: Any, after: Any, told: dict[str, Any]) -> None:
    assert tell(kind, before, after) == told


@pytest.mark.usefixtures("in_scope")
def test_differences_name_rules_and_read_conditions() -> None:
    before = {"rules": [{"key": "a", "label": "Town", "points": 5.0, "condition": {}}], "is_active": True}
    after = {"rules": [{"key": "a", "label": "Town", "points": 8.0, "condition": CITY}], "is_active": False}
    assert tell("score_model", before, after) == {
        "rules › Town › points": ("5", "8"),
        "rules › Town › condition": ("Every lead", describe(CITY)),
        "is active": ("yes", "no"),
    }
