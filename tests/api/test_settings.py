"""Members and absences, the rules of sending and a correction of spend over the API, each as its page does it."""

from collections.abc import Callable

import pytest

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.tenancy.scope import scope
from tests.api.conftest import Caller


def test_members_are_told_by_name_and_nobody_elses(caller: Caller, ria: Membership, eve: Membership) -> None:
    told = {row["name"]: row for row in caller.get("members/").json()}
    assert list(told) == sorted(told)
    assert told[ria.name].items() >= {"id": str(ria.pk), "email": ria.user.email, "role": "rep"}.items()
    assert eve.name not in told


def test_a_member_is_sent_away_and_brought_back(
    caller_of: Callable[..., Caller], mia: Membership, ria: Membership
) -> None:
    caller, path = caller_of(mia), f"members/{ria.pk}/absence/"
    until = "2099-01-04T08:00:00Z"
    assert caller.call("PUT", path, {"away_until": until}).json()["away_until"] == until
    refused = caller.call("PUT", path, {"away_until": "2020-01-04T08:00:00Z"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "away_until")
    assert caller.call("DELETE", path).json()["away_from"] is None
    with scope(mia.organization_id):
        log = AuditEntry.objects.filter(target_kind="membership", target_id=ria.pk, actor=mia).order_by("id")
        assert [entry.action for entry in log] == ["member.sent_away", "member.returned"]
    assert caller_of(ria).call("PUT", path, {}).status_code == 403


def test_the_rules_of_sending_change_where_given(caller: Caller, ada: Membership) -> None:
    before = caller.get("sending-rules/").json()
    changed = {"quiet_from": "19:00:00", "cap_mails": 3, "mails_a_day": 500, "postal_address": "1 Roof Street"}
    assert caller.patch("sending-rules/", changed).json() == {**before, **changed}
    assert caller.get("sending-rules/").json() == {**before, **changed}
    with scope(ada.organization_id):
        assert AuditEntry.objects.get(action="nurture_settings.changed").actor == ada


@pytest.mark.parametrize(
    ("body", "field"),
    [({"cap_days": 0}, "cap_days"), ({"reply_to": "nobody"}, "reply_to"), ({"quiet_from": "25:00"}, "quiet_from")],
)
def test_a_rule_of_sending_that_cannot_be_kept_is_told(caller: Caller, body: dict[str, object], field: str) -> None:
    answer = caller.patch("sending-rules/", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_spend_is_corrected_but_never_twice_the_same(caller: Caller, ada: Membership) -> None:
    day = {"channel": "paid_search", "source": "google", "first_on": "2026-03-04", "amount": "41.37"}
    spend = caller.post("spend/", day).json()
    other = caller.post("spend/", {**day, "source": "bing"}).json()
    assert caller.patch(f"spend/{spend['id']}/", {"amount": "43.10"}).json()["amount"] == "43.10"
    assert caller.get(f"spend/{spend['id']}/").json()["source"] == "google"
    refused = caller.patch(f"spend/{other['id']}/", {"source": "google"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "first_on")
    with scope(ada.organization_id):
        entry = AuditEntry.objects.get(action="spend.changed")
        assert (entry.before["amount"], entry.after["amount"]) == ("41.37", "43.10")


def test_the_log_tells_who_changed_what(caller_of: Callable[..., Caller], ada: Membership, ria: Membership) -> None:
    caller = caller_of(ada)
    caller.patch("sending-rules/", {"cap_mails": 3})
    caller.call("PUT", f"members/{ria.pk}/absence/", {})
    caller.call("DELETE", f"members/{ria.pk}/absence/")
    away, back = caller.get("audit-log/?target_kind=membership&page_size=2").json()["results"][::-1]
    assert (away["action"], back["action"]) == ("member.sent_away", "member.returned")
    assert (away["actor"], away["actor_name"], away["target_id"]) == (str(ada.pk), ada.name, str(ria.pk))
    assert (back["before"], away["before"]) == (away["after"], back["after"])
    assert caller.get("audit-log/?since=2099-01-01T00:00:00Z").json()["results"] == []
    assert caller.get("audit-log/?since=never").json()["errors"][0]["field"] == "since"
    assert caller_of(ria).get("audit-log/").status_code == 403


def test_the_log_is_nobody_elses(caller: Caller, caller_of: Callable[..., Caller], eve: Membership) -> None:
    caller.patch("sending-rules/", {"cap_mails": 3})
    told = caller_of(eve).get("audit-log/?target_kind=nurture_settings").json()["results"]
    assert told == []
