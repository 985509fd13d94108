"""A disposition ends or parks a lead, its code decides how; parked and snoozed leads wake at their date."""

from datetime import timedelta
from decimal import Decimal

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.consent import is_suppressed
from leadhub.leads.disposition import (
    OpenDeals,
    UnknownDisposition,
    WakeDateNeeded,
    dispose_lead,
    snooze_lead,
    wake_lead,
)
from leadhub.leads.lifecycle import accept_lead, reopen_lead
from leadhub.leads.models import (
    DispositionCode,
    Event,
    EventKind,
    Lead,
    Opportunity,
    Stage,
    StageChange,
    Task,
    TaskKind,
    Verdict,
)
from leadhub.leads.opportunities import lose_opportunity, open_opportunity, win_opportunity
from leadhub.leads.stages import StageNotAllowed
from leadhub.tenancy.models import Organization
from leadhub.work.runner import run_due
from tests.leads.arrivals import arrive, make_lead, make_mql
from tests.personas import NOW

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("code", "stage", "verdict"),
    [
        (DispositionCode.TIMING, Stage.RECYCLED, Verdict.QUALIFIED),
        (DispositionCode.COMPETITOR, Stage.RECYCLED, Verdict.QUALIFIED),
        (DispositionCode.COLD, Stage.RECYCLED, Verdict.QUALIFIED),
        (DispositionCode.NO_FIT, Stage.DISQUALIFIED, Verdict.UNQUALIFIED),
        (DispositionCode.DO_NOT_CONTACT, Stage.DISQUALIFIED, Verdict.QUALIFIED),
    ],
)
def test_the_code_decides(
    in_scope: Organization, ada: Membership, code: DispositionCode, stage: Stage, verdict: Verdict
) -> None:
    lead = dispose_lead(lead=make_mql(), code=code, actor=ada, now=NOW, note="Said so", wakes_at=NOW + 30 * DAY)
    lead.refresh_from_db()
    assert (lead.stage, lead.verdict, lead.disposition, lead.disposition_note) == (stage, verdict, code, "Said so")
    assert lead.wakes_at == (NOW + 30 * DAY if code == DispositionCode.TIMING else None)
    assert is_suppressed("lea@client.example") is (code == DispositionCode.DO_NOT_CONTACT)
    assert Event.objects.get(kind=EventKind.DISPOSED).actor == ada


def test_the_same_disposition_again_changes_nothing(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    for _ in range(2):
        dispose_lead(lead=lead, code=DispositionCode.TIMING, actor=ada, now=NOW, wakes_at=NOW + DAY)
    assert StageChange.objects.filter(to_stage=Stage.RECYCLED).count() == 1
    assert Event.objects.filter(kind=EventKind.DISPOSED).count() == 1


@pytest.mark.parametrize("days", [None, 0, -1])
def test_timing_asks_for_a_date_to_come(in_scope: Organization, ada: Membership, days: int | None) -> None:
    wakes_at = None if days is None else NOW + days * DAY
    with pytest.raises(WakeDateNeeded) as caught:
        dispose_lead(lead=make_mql(), code=DispositionCode.TIMING, actor=ada, now=NOW, wakes_at=wakes_at)
    assert caught.value.field == "wakes_at"


def test_an_unknown_code_is_refused(in_scope: Organization, ada: Membership) -> None:
    with pytest.raises(UnknownDisposition):
        dispose_lead(lead=make_lead(), code="bored", actor=ada, now=NOW)  # type: ignore[arg-type]


def test_open_deals_are_closed_first(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    open_opportunity(lead=lead, name="Roof", amount=Decimal(10), actor=ada, now=NOW)
    with pytest.raises(OpenDeals):
        dispose_lead(lead=lead, code=DispositionCode.COLD, actor=ada, now=NOW)
    other = dispose_lead(lead=make_mql("ben@client.example"), code=DispositionCode.COLD, actor=ada, now=NOW)
    assert other.stage == Stage.RECYCLED
    lose_opportunity(opportunity=Opportunity.objects.get(), reason="Price", actor=ada, now=NOW)
    lead.refresh_from_db()
    assert dispose_lead(lead=lead, code=DispositionCode.COLD, actor=ada, now=NOW).stage == Stage.RECYCLED


def test_an_ended_lead_is_not_ended_otherwise(in_scope: Organization, ada: Membership) -> None:
    lead = dispose_lead(lead=make_mql(), code=DispositionCode.COLD, actor=ada, now=NOW)
    with pytest.raises(StageNotAllowed):
        dispose_lead(lead=lead, code=DispositionCode.NO_FIT, actor=ada, now=NOW)


def test_a_parked_lead_wakes_with_its_owner_and_evidence(in_scope: Organization, ada: Membership) -> None:
    lead = accept_lead(lead=make_mql(), actor=ada, now=NOW)
    dispose_lead(lead=lead, code=DispositionCode.TIMING, actor=ada, now=NOW, wakes_at=NOW + DAY)
    assert wake_lead(lead=lead, now=NOW + DAY - timedelta(seconds=1)).stage == Stage.RECYCLED
    wake_lead(lead=lead, now=NOW + DAY)
    wake_lead(lead=lead, now=NOW + 2 * DAY)
    lead.refresh_from_db()
    assert (lead.stage, lead.owner, lead.disposition, lead.wakes_at) == (Stage.SAL, ada, "", None)
    assert lead.recycled_at == NOW
    task = Task.objects.get(kind=TaskKind.WOKEN)
    assert (task.member, task.due_at) == (ada, NOW + DAY)


def test_what_ended_again_is_dated_by_its_last_end(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    for day, code in enumerate((DispositionCode.COLD, DispositionCode.NO_FIT, DispositionCode.COMPETITOR)):
        reopen_lead(lead=lead, now=NOW + day * DAY, actor=ada, reason="Called again")
        dispose_lead(lead=lead, code=code, actor=ada, now=NOW + day * DAY)
    lead.refresh_from_db()
    assert (lead.recycled_at, lead.disqualified_at, lead.mql_at) == (NOW + 2 * DAY, NOW + DAY, NOW)


def test_the_disposition_makes_the_wake_up_job(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    dispose_lead(lead=lead, code=DispositionCode.TIMING, actor=ada, now=NOW, wakes_at=NOW + DAY)
    run_due(now=NOW)
    assert Lead.objects.get().stage == Stage.RECYCLED
    run_due(now=NOW + DAY)
    assert Lead.objects.get().stage == Stage.MQL


def test_a_parked_lead_stays_closed_beside_a_new_one(in_scope: Organization, ada: Membership) -> None:
    lead = dispose_lead(lead=make_mql(), code=DispositionCode.TIMING, actor=ada, now=NOW, wakes_at=NOW + 9 * DAY)
    arrive(at=NOW + 2 * DAY)
    assert wake_lead(lead=lead, now=NOW + 9 * DAY).stage == Stage.RECYCLED
    assert not Task.objects.exists()


def test_who_bought_meanwhile_is_not_woken(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    deal = open_opportunity(lead=lead, name="Roof", amount=Decimal(10), actor=ada, now=NOW)
    snooze_lead(lead=lead, until=NOW + DAY, actor=ada, now=NOW)
    win_opportunity(opportunity=deal, actor=ada, now=NOW)
    run_due(now=NOW + DAY)
    assert Lead.objects.get().stage == Stage.CUSTOMER
    assert not Task.objects.exists()


def test_who_asked_to_be_left_alone_is_not_woken(in_scope: Organization, ada: Membership) -> None:
    parked = dispose_lead(lead=make_mql(), code=DispositionCode.TIMING, actor=ada, now=NOW, wakes_at=NOW + 9 * DAY)
    second = arrive(at=NOW + 2 * DAY).lead
    dispose_lead(lead=second, code=DispositionCode.DO_NOT_CONTACT, actor=ada, now=NOW + 2 * DAY)
    parked = Lead.objects.get(pk=parked.pk)
    assert wake_lead(lead=parked, now=NOW + 9 * DAY).stage == Stage.RECYCLED


def test_a_snoozed_lead_stays_open_and_comes_back(in_scope: Organization, ada: Membership) -> None:
    lead = snooze_lead(lead=make_mql(), until=NOW + DAY, actor=ada, now=NOW)
    snooze_lead(lead=lead, until=NOW + DAY, actor=ada, now=NOW)
    assert (lead.stage, lead.wakes_at) == (Stage.MQL, NOW + DAY)
    assert Event.objects.filter(kind=EventKind.SNOOZED).count() == 1
    run_due(now=NOW + DAY)
    lead.refresh_from_db()
    assert (lead.stage, lead.wakes_at) == (Stage.MQL, None)
    assert Task.objects.filter(kind=TaskKind.WOKEN).count() == 1


def test_only_an_open_lead_is_snoozed_and_only_forward(in_scope: Organization, ada: Membership) -> None:
    lead = make_mql()
    with pytest.raises(WakeDateNeeded):
        snooze_lead(lead=lead, until=NOW, actor=ada, now=NOW)
    dispose_lead(lead=lead, code=DispositionCode.COLD, actor=ada, now=NOW)
    with pytest.raises(StageNotAllowed):
        snooze_lead(lead=lead, until=NOW + DAY, actor=ada, now=NOW)
