"""The routing pages: everyone reads, an admin drafts, previews, publishes and rolls back."""

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.models import Lead
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from routing.models import BusinessHours, Holiday, Pool, PoolMember, RoutingRule, RoutingRuleSet, SlaPolicy
from tests.desk.leads import add_inquiry
from tests.factories import LeadFactory
from tests.personas import ClientOf

ROOFS: dict[str, Any] = {
    "condition.size": "1",
    "condition.kind": "all",
    "condition-0.field": "inquiry.service",
    "condition-0.op": "is",
    "condition-0.value": "roofs",
}


@pytest.fixture
def pool(acme: Organization) -> Pool:
    with scope(acme.id):
        found: Pool = Pool.objects.get(is_fallback=True)
        return found


LIVE = ("routing_rules.published", "routing_rules.rolled_back")


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def test_everyone_reads_and_only_an_admin_edits(client_of: ClientOf, ria: Membership, pool: Pool) -> None:
    client = client_of(ria)
    assert "Change the rules" not in text(client.get(reverse("routing_rules")))
    assert "Add to the turns" not in text(client.get(reverse("pool_detail", args=[pool.pk])))
    assert client.post(reverse("routing_draft")).status_code == 403
    client.post(reverse("pool_detail", args=[pool.pk]), {"do": "promises", "hot": 1})
    with scope(ria.organization_id):
        assert SlaPolicy.objects.get(intent="hot").minutes == 5


def test_draft_preview_publish_and_roll_back(client_of: ClientOf, ada: Membership, ria: Membership, pool: Pool) -> None:
    client = client_of(ada)
    client.post(reverse("routing_draft"))
    answer = {**ROOFS, "name": "Roofs to Ria", "target": "member", "member": str(ria.pk)}
    assert client.post(reverse("routing_rule_new"), answer).status_code == 302
    page = text(client.get(reverse("routing_rules")))
    assert "You are editing a draft" in page
    assert "Roofs to Ria" in page
    client.post(reverse("routing_publish"), {"note": "Ria knows roofs"})
    page, back = text(client.get(reverse("routing_rules"))), reverse("routing_restoration", args=[1])
    assert "Version 2" in page
    assert f'<form method="post" action="{back}">' in page  # one click, or a look first
    assert "Roll back to version 1" in text(client.get(back))
    client.post(back)
    with scope(ada.organization_id):
        live = RoutingRuleSet.objects.get(state="published")
        assert (live.version, live.rules.count(), live.note) == (3, 0, "Rolled back to version 1")
        published, rolled_back = AuditEntry.objects.filter(action__in=LIVE).order_by("at")
        assert published.after["rules"][0]["to"] == "Ria"
        assert rolled_back.before == published.after


def test_a_rule_says_what_is_wrong_at_its_field(client_of: ClientOf, ada: Membership) -> None:
    page = text(client_of(ada).post(reverse("routing_rule_new"), {**ROOFS, "target": "member"}))
    assert "Choose who gets these leads." in page
    assert "roofs" in page


def test_a_button_of_the_editor_keeps_what_was_typed(client_of: ClientOf, ada: Membership, pool: Pool) -> None:
    typed = {**ROOFS, "name": "Half done", "target": "pool", "pool": str(pool.pk), "condition.do": "row:condition"}
    page = text(client_of(ada).post(reverse("routing_rule_new"), typed))
    assert 'value="Half done"' in page
    assert "condition-1.field" in page


def test_rules_move_without_javascript(client_of: ClientOf, ada: Membership, pool: Pool) -> None:
    client = client_of(ada)
    for name in ("A", "B", "C"):
        client.post(reverse("routing_rule_new"), {**ROOFS, "name": name, "target": "pool", "pool": str(pool.pk)})

    def order() -> list[str]:
        with scope(ada.organization_id):
            return list(RoutingRule.objects.order_by("position").values_list("name", flat=True))

    def move(name: str, to: str) -> None:
        with scope(ada.organization_id):
            pk = RoutingRule.objects.get(name=name).pk
        client.post(reverse("routing_rule_move", args=[pk]), {"to": to})

    move("C", "up")
    assert order() == ["A", "C", "B"]
    move("A", "down")
    move("A", "down")
    move("A", "down")
    assert order() == ["C", "B", "A"]
    move("A", "0")
    assert order() == ["A", "C", "B"]


def test_a_pool_is_set_up_on_its_page(client_of: ClientOf, ada: Membership, ria: Membership, pool: Pool) -> None:
    client, url = client_of(ada), reverse("pool_detail", args=[pool.pk])
    client.post(url, {"do": "member", "member": str(ria.pk), "weight": "3", "capacity": "20"})
    client.post(url, {"do": "drop_member", "member": str(ada.pk), "confirmed": "1"})
    client.post(url, {"do": "promises", "hot": "10", "warm": "", "content": "600"})
    client.post(url, {"do": "holiday", "on": "2030-12-25", "name": "Christmas"})
    client.post(url, {"do": "hours", "5-0-opens": "10:00", "5-0-closes": "14:00"})
    client.post(url, {"do": "pool", "name": "Closers", "time_zone": "Europe/Berlin", "is_active": "on"})
    with scope(ada.organization_id):
        pool.refresh_from_db()
        assert (pool.name, pool.time_zone, pool.works_always) == ("Closers", "Europe/Berlin", False)
        assert list(PoolMember.objects.values_list("member__name", "weight", "capacity")) == [("Ria", 3, 20)]
        assert dict(SlaPolicy.objects.values_list("intent", "minutes")) == {"hot": 10, "warm": None, "content": 600}
        assert Holiday.objects.get().name == "Christmas"
        assert BusinessHours.objects.get().weekday == 5
    assert "Closers" in text(client.get(reverse("pool_list")))


@pytest.mark.parametrize(
    ("post", "words"),
    [
        ({"do": "hours", "0-0-opens": "17:00", "0-0-closes": "09:00"}, "Each stretch must end after it starts"),
        ({"do": "hours", "0-0-opens": "09:00"}, "Each stretch must end after it starts"),
        ({"do": "pool", "name": "Sales", "time_zone": "UTC"}, "catches what no rule takes"),
        ({"do": "member", "weight": "1"}, "This field is required"),
        ({"do": "member", "weight": "1", "capacity": "9" * 12}, "less than or equal to 1000000"),
        ({"do": "promises", "hot": "9" * 12}, "less than or equal to 129600"),
    ],
)
def test_a_pool_says_what_is_wrong(
    client_of: ClientOf, ada: Membership, pool: Pool, post: dict[str, str], words: str
) -> None:
    assert words in text(client_of(ada).post(reverse("pool_detail", args=[pool.pk]), post))


@pytest.mark.parametrize("post", [{"do": "drop_holiday", "holiday": "x"}, {"do": "drop_member", "member": ""}])
def test_what_names_no_row_is_not_found(client_of: ClientOf, ada: Membership, pool: Pool, post: dict[str, str]) -> None:
    assert client_of(ada).post(reverse("pool_detail", args=[pool.pk]), post).status_code == 404


def test_two_pools_never_share_a_name(client_of: ClientOf, ada: Membership, pool: Pool) -> None:
    page = text(client_of(ada).post(reverse("pool_new"), {"name": "Sales", "time_zone": "UTC"}))
    assert "Choose another name" in page or "already exists" in page


def test_a_manager_sends_a_rep_away_and_back(
    client_of: ClientOf, mia: Membership, ria: Membership, now: datetime
) -> None:
    client, url = client_of(mia), reverse("member_absence", args=[ria.pk])
    assert client.post(url, {"do": "away", "next": "/routing/pools/"}).headers["Location"] == "/routing/pools/"
    ria.refresh_from_db()
    assert ria.away_from is not None
    client.post(url, {"do": "back", "next": "https://evil.example/"})
    ria.refresh_from_db()
    assert ria.away_from is None


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/team/", "/team/"),
        ("NaN", "/routing/pools/"),
        ("home", "/routing/pools/"),
        ("//evil.example", "/routing/pools/"),
    ],
)
def test_an_absence_leads_back_to_a_page_of_ours(
    client_of: ClientOf, ada: Membership, ria: Membership, asked: str, leads_to: str
) -> None:
    answer = client_of(ada).post(reverse("member_absence", args=[ria.pk]), {"next": asked})
    assert answer.headers["Location"] == leads_to


def test_another_organization_sees_none_of_it(
    client_of: ClientOf, eve: Membership, ria: Membership, pool: Pool
) -> None:
    client = client_of(eve)
    assert client.get(reverse("pool_detail", args=[pool.pk])).status_code == 404
    assert client.post(reverse("member_absence", args=[ria.pk])).status_code == 404


def test_pages_ask_a_fixed_number_of_questions(
    client_of: ClientOf,
    ada: Membership,
    ria: Membership,
    raj: Membership,
    pool: Pool,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(ada)
    for member in (ria, raj):
        client.post(reverse("pool_detail", args=[pool.pk]), {"do": "member", "member": str(member.pk), "weight": "1"})
        answer = {**ROOFS, "target": "member", "member": str(member.pk), "name": member.name}
        client.post(reverse("routing_rule_new"), answer)
    with django_assert_max_num_queries(30):
        client.get(reverse("routing_rules"))
    with django_assert_max_num_queries(30):
        client.get(reverse("pool_detail", args=[pool.pk]))


def test_the_replay_s_numbers_open_the_leads_behind_them(
    client_of: ClientOf, ada: Membership, ria: Membership, eve: Membership, pool: Pool
) -> None:
    client = client_of(ada)
    with scope(ada.organization_id):
        for service in ("roofs", "siding"):
            lead: Lead = LeadFactory.create(owner=ada, captured_at=timezone.now())
            add_inquiry(lead, arrived_at=lead.captured_at, service=service)
    answer = {**ROOFS, "target": "member", "member": str(ria.pk), "name": "Roofs to Ria"}
    client.post(reverse("routing_rule_new"), answer)
    shown = client.get(reverse("routing_rules")).context
    for row in (*shown["rows"], shown["rest"]):
        assert client.get(row["url"]).context["page"].paginator.count == row["leads"] == 1
    page = client.get(shown["moved_url"])
    assert "Roofs to Ria" in text(page)
    assert page.context["page"].paginator.count == shown["preview"].moved == 1
    assert client_of(eve).get(reverse("routing_replay")).context["page"].paginator.count == 0
    client.post(reverse("routing_publish"))
    for member, name, args in ((ada, "routing_restoration", [1]), (ria, "routing_rules", [])):
        back = client_of(member).get(f"{reverse('routing_replay')}?version=1").context["back_url"]
        assert back == reverse(name, args=args)
        assert client_of(member).get(back).status_code == 200
    assert "No such lead" in text(client_of(eve).get(shown["moved_url"]))
