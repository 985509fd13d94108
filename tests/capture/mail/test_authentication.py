"""A wish whose sender the receiving server found forged silences nobody: a person asks them."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from capture.mail.reading import read_mail
from capture.models import Submission
from leadhub.accounts.models import Membership
from leadhub.leads.consent import is_suppressed
from leadhub.leads.models import Identity, Lead, Task
from tests.capture.mail.letters import write_letter
from tests.capture.mail.test_settling import LATER, hand_in
from tests.nurture.programmes import make_new_lead
from tests.personas import NOW

MX = "mx.northwind.example"
FORGED = f"{MX}; dmarc=fail (p=none) header.from=lead.example"


@pytest.fixture(autouse=True)
def _checked_by_mx(settings: LazySettings) -> None:
    settings.MAIL_AUTHENTICATED_BY = [MX]


@pytest.fixture
def lead(in_scope: object, ada: Membership) -> Lead:
    """A lead who has the address that the mail names."""
    lead = make_new_lead(ada, name="Zoe Client")
    Identity.objects.create(person=lead.person, kind="email", value="zoe@lead.example", created_at=NOW)
    return lead


def ask_to_leave(number: int = 0, *, checks: str = FORGED) -> Submission:
    """Hand in a wish that rests on its sender alone."""
    raw = write_letter(
        subject="Unsubscribe", text="", message_id=f"<{number}@x.example>", Authentication_Results=checks
    )
    return hand_in(raw, at=LATER + timedelta(minutes=number))


@pytest.mark.parametrize(
    ("checks", "failed"),
    [
        (FORGED, "dmarc=fail"),
        (f"{MX} 1; spf=fail smtp.mailfrom=x.example; dkim=none", "spf=fail"),
        (f"{MX}; dmarc=none; dkim=fail (bad signature) header.d=x.example; spf=softfail", "dkim=fail"),
        (f"{MX}; dmarc=pass header.from=lead.example; spf=fail", ""),
        (f"{MX}; dkim=fail header.d=list.example; dkim=pass header.d=lead.example; spf=fail", ""),
        (f'{MX}; dmarc=fail smtp.mailfrom="a; dmarc=pass"@x.example (or (so; dmarc=pass))', "dmarc=fail"),
        (f"{MX}; none", ""),
        ("mx.else.example; dmarc=fail", ""),
        (";;=;", ""),
    ],
)
def test_only_our_servers_checks_are_read(checks: str, failed: str) -> None:
    assert read_mail(write_letter(Authentication_Results=checks)).failed == failed


def test_the_topmost_of_a_check_counts() -> None:
    forged = write_letter(Authentication_Results=f"{MX}; dmarc=pass")
    assert read_mail(f"Authentication-Results: {FORGED}\n".encode() + forged).failed == "dmarc=fail"


def test_a_forged_wish_is_one_task_a_day_and_silences_nobody(lead: Lead) -> None:
    arrived = [ask_to_leave(number) for number in range(2)]
    assert not is_suppressed("zoe@lead.example")
    task = Task.objects.get()
    assert task.title == "Asks to be left alone, but may be forged (dmarc=fail): ask them"
    assert (task.lead_id, task.member_id) == (lead.pk, lead.owner_id)
    assert {each.status for each in arrived} == {"merged"}


@pytest.mark.usefixtures("in_scope")
def test_a_strangers_forged_wish_is_held() -> None:
    arrived = ask_to_leave()
    assert arrived.status == "quarantined"
    assert "may be forged (dmarc=fail)" in arrived.reasons[0]
    assert not is_suppressed("zoe@lead.example")


def test_a_wish_that_passes_is_granted(lead: Lead) -> None:
    ask_to_leave(checks=f"{MX}; dmarc=pass")
    assert is_suppressed("zoe@lead.example")
    assert not Task.objects.exists()
