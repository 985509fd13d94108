"""Mail handed in over the API: stored as it came, answered at once, read by whoever gave us the key's organization."""

from collections.abc import Callable

import pytest
from django.test import Client

from capture.mail.door import MOST_BYTES
from capture.models import Submission
from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.models import Event, EventKind
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from tests.api.conftest import Caller
from tests.capture.mail.letters import write_letter
from tests.contracts.rows import build_row
from tests.desk.leads import make_lead
from tests.personas import NOW

CallerOf = Callable[..., Caller]


def hand_in(caller: Caller, raw: bytes, kind: str = "message/rfc822", **headers: str) -> tuple[int, dict[str, str]]:
    """POST a mail with the caller's key."""
    answer = Client().generic(
        "POST",
        "/api/v1/mail/inbound/",
        data=raw,
        content_type=kind,
        headers={"Authorization": f"Bearer {caller.secret}", **headers},
    )
    return answer.status_code, answer.json()


@pytest.fixture
def delivery(ada: Membership) -> Delivery:
    """A mail that Acme sent to a lead of Ada's."""
    with scope(ada.organization_id):
        lead = make_lead(owner=ada, now=NOW)
        made = build_row(Delivery, channel="mail", purpose="nurture", recipient=lead.person.email, lead=lead)
    assert isinstance(made, Delivery)
    return made


def count_replies(member: Membership) -> int:
    with scope(member.organization_id):
        run_due(now=utc_now())
        return Event.objects.filter(kind=EventKind.MAIL_REPLIED).count()


def test_a_mail_is_answered_with_its_submission_and_read_there(
    caller: Caller, delivery: Delivery, ada: Membership
) -> None:
    status, answer = hand_in(caller, write_letter(answers=delivery.pk))
    assert status == 202
    assert hand_in(caller, write_letter(answers=delivery.pk)) == (202, answer)
    assert count_replies(ada) == 1
    became = caller.get(f"submissions/{answer['submission_id']}/").json()
    assert (became["door"], became["status"], became["lead_id"]) == ("mail", "merged", str(delivery.lead_id))


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain", ""])
def test_any_content_type_is_taken(caller: Caller, delivery: Delivery, ada: Membership, kind: str) -> None:
    raw = write_letter(answers=delivery.pk)
    status, answer = hand_in(caller, raw, kind, **{"Idempotency-Key": "one"})
    assert status == 202
    with scope(ada.organization_id):
        assert bytes(Submission.objects.get(pk=answer["submission_id"]).body) == raw


def test_a_mail_of_another_organization_is_nobodys(
    delivery: Delivery, ada: Membership, eve: Membership, caller_of: CallerOf
) -> None:
    status, _ = hand_in(caller_of(eve), write_letter(answers=delivery.pk))
    assert status == 202
    assert (count_replies(eve), count_replies(ada)) == (0, 0)
    with scope(eve.organization_id):
        assert Submission.objects.get(door="mail").status == "quarantined"


def test_it_is_cut_at_the_cap_and_read_all_the_same(caller: Caller, delivery: Delivery, ada: Membership) -> None:
    raw = write_letter(answers=delivery.pk, text="Yes\n" + "x " * MOST_BYTES)
    status, answer = hand_in(caller, raw)
    assert status == 202
    with scope(ada.organization_id):
        assert len(Submission.objects.get(pk=answer["submission_id"]).body) == MOST_BYTES
    assert count_replies(ada) == 1


def test_an_empty_body_is_refused(caller: Caller) -> None:
    status, answer = hand_in(caller, b" \n")
    assert status == 400
    assert "Send the mail itself" in answer["detail"]


def test_it_takes_the_scope_and_the_role(caller_of: CallerOf, ada: Membership, ria: Membership) -> None:
    assert hand_in(caller_of(ada, ["leads:write"]), write_letter())[0] == 403
    assert hand_in(caller_of(ria), write_letter())[0] == 403
    assert hand_in(Caller("lh_wrong"), write_letter())[0] == 401
