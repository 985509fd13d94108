"""Those who fit when a sequence is turned on enter once, if so asked, and in portions."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.models import Lead, Person
from leadhub.tenancy.scope import scope
from leadhub.work.models import Job, Lane
from leadhub.work.runner import run_due
from nurture import fitting
from nurture.exits import stop_enrollment
from nurture.models import Enrollment, Sequence
from nurture.sequences import SequenceUnfinished, activate_sequence, pause_sequence
from tests.nurture.programmes import HELLO, THREE_DAYS, make_new_lead, make_sequence, put_in, set_rules
from tests.personas import NOW, ClientOf

TEXAN = {"all": [{"field": "person.region", "op": "is", "value": "TX"}]}
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def texans(in_scope: object, ria: Membership) -> list[Lead]:
    """Five leads of Texas, and one that is not."""
    set_rules()
    make_new_lead(ria, name="Far Doe")
    leads = [make_new_lead(ria, name=f"Lead{number} Doe") for number in range(5)]
    Person.objects.filter(leads__in=leads).update(region="TX")
    return leads


def list_inside(sequence: Sequence) -> list[str]:
    inside = Enrollment.objects.filter(sequence=sequence).order_by("lead__person__first_name")
    return list(inside.values_list("lead__person__first_name", flat=True))


def test_they_enter_once_and_in_portions(texans: list[Lead], ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "_AT_ONCE", 2)
    sequence = make_sequence(THREE_DAYS, HELLO, is_active=False, entry_condition=TEXAN)

    activate_sequence(sequence=sequence, actor=ada, now=NOW, enters_fitting=True)
    assert Job.objects.get(kind="nurture.enter_fitting").lane == Lane.BULK
    run_due(now=NOW)

    assert list_inside(sequence) == [f"Lead{number}" for number in range(5)]
    assert Enrollment.objects.filter(origin="condition", enrolled_by=None).count() == 5
    assert AuditEntry.objects.filter(summary__endswith="turned on, with those who fit").exists()


def test_who_has_been_in_it_does_not_enter_again(texans: list[Lead], ada: Membership) -> None:
    sequence = make_sequence(THREE_DAYS, HELLO, entry_condition=TEXAN)
    stop_enrollment(enrollment=put_in(sequence, texans[0], actor=ada), actor=ada, now=NOW)
    pause_sequence(sequence=sequence, actor=ada, now=NOW)

    activate_sequence(sequence=sequence, actor=ada, now=LATER, enters_fitting=True)
    run_due(now=LATER)
    run_due(now=LATER + timedelta(minutes=1))

    assert Enrollment.objects.filter(sequence=sequence, lead=texans[0]).count() == 1
    assert Enrollment.objects.filter(sequence=sequence, state="active").count() == 4


def test_turned_off_again_before_the_job_nobody_enters(texans: list[Lead], ada: Membership) -> None:
    sequence = make_sequence(THREE_DAYS, HELLO, is_active=False, entry_condition=TEXAN)
    activate_sequence(sequence=sequence, actor=ada, now=NOW, enters_fitting=True)
    pause_sequence(sequence=sequence, actor=ada, now=NOW)
    activate_sequence(sequence=sequence, actor=ada, now=LATER)

    run_due(now=LATER)

    assert list_inside(sequence) == []


def test_without_a_condition_nobody_fits(in_scope: object, ada: Membership) -> None:
    sequence = make_sequence(THREE_DAYS, is_active=False)
    with pytest.raises(SequenceUnfinished):
        activate_sequence(sequence=sequence, actor=ada, now=NOW, enters_fitting=True)
    assert sequence.state == Sequence.State.DRAFT


def test_the_page_offers_it_with_the_number_and_leaves_it_off(
    texans: list[Lead], max_: Membership, client_of: ClientOf
) -> None:
    sequence = make_sequence(THREE_DAYS, HELLO, is_active=False, entry_condition=TEXAN)
    browser, url = client_of(max_), reverse("sequence_detail", args=[sequence.pk])

    page = browser.get(url).content.decode()
    assert "Also enter the 5 open leads that fit now" in page
    assert "checked" not in page[page.index('name="enters_fitting"') :][:20]
    answer = browser.post(f"{url}state/", {"do": "activate", "enters_fitting": "on"}, follow=True)

    assert "those who fit now enter within minutes" in answer.content.decode()
    with scope(max_.organization_id):
        assert Job.objects.filter(kind="nurture.enter_fitting").count() == 1
