"""Accept, reject, "wrong rep", silence: each once, with what follows from it."""

from datetime import datetime, timedelta

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.models import Company, Event, EventKind, Intent, Lead, Outcome, Stage, Verdict
from leadhub.leads.outcomes import log_outcome, undo_outcome
from leadhub.leads.walk import Walk
from leadhub.line.walk import walk_event
from leadhub.live.models import Alert
from leadhub.work.runner import run_due
from routing.answers import NothingToAnswer, NotTheirLead, UnknownRejectReason, accept, reject, reroute
from routing.models import Assignment, Pool, PoolMember
from routing.reassignment import reassign
from tests.routing.conftest import Arrive, step_on


@pytest.fixture
def walk(arrive: Arrive, sales: Pool) -> Walk:
    """A hot lead, offered to Ria."""
    return arrive(email="jane@bigco.com")


@pytest.fixture
def lead(walk: Walk) -> Lead:
    """The lead of that walk."""
    assert walk.lead is not None
    return walk.lead


def states(lead: Lead) -> list[tuple[str, str]]:
    rows = Assignment.objects.filter(lead=lead).select_related("member").order_by("id")
    return [(row.member.name, row.state) for row in rows]


def test_accepting_makes_it_sal_and_the_company_theirs(lead: Lead, ria: Membership, now: datetime) -> None:
    accept(lead=lead, actor=ria, now=now)
    assert accept(lead=lead, actor=ria, now=now).state == "accepted"
    assert (lead.stage, states(lead)) == (Stage.SAL, [("Ria", "accepted")])
    assert Company.objects.get(domain="bigco.com").owner == ria


def test_the_owners_first_attempt_accepts(lead: Lead, ria: Membership, now: datetime) -> None:
    logged = log_outcome(lead=lead, outcome=Outcome.VOICEMAIL, actor=ria, now=now)
    walk_event(event_id=logged.event.pk, now=now)
    assert states(lead) == [("Ria", "accepted")]
    undo_outcome(event=logged.event, actor=ria, now=now)
    walk_event(event_id=Event.objects.get(kind=EventKind.OUTCOME_UNDONE).pk, now=now)
    assert states(lead) == [("Ria", "offered")]


def test_only_the_one_asked_or_a_manager_answers(lead: Lead, raj: Membership, mia: Membership, now: datetime) -> None:
    with pytest.raises(NotTheirLead):
        accept(lead=lead, actor=raj, now=now)
    assert accept(lead=lead, actor=mia, now=now).state == "accepted"
    with pytest.raises(NothingToAnswer):
        accept(lead=lead, actor=mia, now=now)


def test_accepting_makes_nothing_of_who_cannot_be_reached(lead: Lead, ria: Membership, now: datetime) -> None:
    Lead.objects.filter(pk=lead.pk).update(stage=Stage.NEW)
    accept(lead=lead, actor=ria, now=now)
    assert (lead.stage, states(lead)) == (Stage.NEW, [("Ria", "accepted")])


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [("not_a_fit", Verdict.UNQUALIFIED), ("bad_contact", Verdict.UNQUALIFIED), ("territory", Verdict.QUALIFIED)],
)
def test_only_a_rejection_for_quality_revokes_the_verdict(
    lead: Lead, ria: Membership, now: datetime, reason: str, verdict: str
) -> None:
    reject(lead=lead, actor=ria, reason=reason, note="See mail", now=now)
    assert (lead.verdict, lead.owner.name, lead.stage) == (verdict, "Ada", Stage.MQL)
    assert states(lead) == [("Ria", "rejected"), ("Ada", "held")]
    assert Alert.objects.get(kind="reassigned").member.name == "Ada"
    with pytest.raises(NothingToAnswer):
        reject(lead=lead, actor=ria, reason=reason, now=now)


def test_a_rejection_needs_a_reason(lead: Lead, ria: Membership, now: datetime) -> None:
    with pytest.raises(UnknownRejectReason):
        reject(lead=lead, actor=ria, reason="", now=now)


def test_a_returned_lead_stays_until_a_new_hot_inquiry(
    walk: Walk, lead: Lead, arrive: Arrive, ria: Membership, now: datetime
) -> None:
    reject(lead=lead, actor=ria, reason="timing", now=now)
    step_on(walk)
    arrive(email="jane@bigco.com", intent=Intent.CONTENT, service="guide", at=now + timedelta(hours=1))
    assert states(lead)[-1] == ("Ada", "held")
    arrive(email="jane@bigco.com", service="roofs", at=now + timedelta(days=2))
    assert states(lead)[-1] == ("Raj", "offered")


def test_wrong_rep_gives_the_turn_back(lead: Lead, ria: Membership, now: datetime) -> None:
    reroute(lead=lead, actor=ria, note="I sell roofs", now=now)
    assert states(lead) == [("Ria", "rerouted"), ("Raj", "offered")]
    ledger = PoolMember.objects.order_by("id").values_list("member__name", "turns", "current_weight")
    assert list(ledger) == [("Ria", 0, 0), ("Raj", 1, 0)]
    lead.refresh_from_db()
    assert lead.verdict == Verdict.QUALIFIED
    assert Alert.objects.filter(member__name="Raj", lead=lead).exists()


def test_who_was_given_a_lead_by_hand_gives_no_turn_back(
    lead: Lead, arrive: Arrive, raj: Membership, mia: Membership, now: datetime
) -> None:
    arrive(email="next@x.example")  # Raj's turn
    reassign(lead=lead, member=raj, actor=mia, now=now)
    reroute(lead=lead, actor=raj, now=now)
    assert PoolMember.objects.get(member=raj).turns == 1


def test_an_unanswered_offer_goes_to_the_next(lead: Lead, ria: Membership, mia: Membership, now: datetime) -> None:
    assignment = Assignment.objects.get(lead=lead)
    assert assignment.expires_at == now + timedelta(hours=24)
    run_due(now=assignment.expires_at)
    assert states(lead) == [("Ria", "expired"), ("Raj", "offered")]
    assert Alert.objects.filter(member__name="Raj", lead=lead).exists()
    run_due(now=assignment.expires_at + timedelta(hours=24))
    assert states(lead) == [("Ria", "expired"), ("Raj", "expired"), ("Ada", "held")]
    told = Alert.objects.filter(kind="expired").values_list("member__name", "text")
    assert list(told) == [
        ("Mia", "Ria did not accept Jane Doe (X Homes) in time"),
        ("Mia", "Raj did not accept Jane Doe (X Homes) in time"),
    ]


def test_a_new_owner_has_a_day_of_their_own(lead: Lead, raj: Membership, mia: Membership, now: datetime) -> None:
    reassign(lead=lead, member=raj, actor=mia, now=now + timedelta(hours=1))
    run_due(now=now + timedelta(hours=24))
    assert states(lead)[-1] == ("Raj", "offered")
    run_due(now=now + timedelta(hours=25))
    assert ("Raj", "expired") in states(lead)


def test_expiry_counts_business_hours(arrive: Arrive, sales: Pool, now: datetime) -> None:
    Pool.objects.update(works_always=False)
    walk = arrive(email="late@x.example")  # Wednesday 15:00: two hours today, then eight a day
    assert Assignment.objects.get(lead=walk.lead).expires_at == now.replace(day=9, hour=15)


def test_an_offer_of_a_lead_that_ended_goes_to_nobody_else(lead: Lead, now: datetime) -> None:
    Lead.objects.filter(pk=lead.pk).update(stage=Stage.RECYCLED, disposition="cold")
    run_due(now=now + timedelta(days=9))
    assert states(lead) == [("Ria", "offered")]


def test_an_answered_offer_never_expires(lead: Lead, ria: Membership, now: datetime) -> None:
    accept(lead=lead, actor=ria, now=now)
    run_due(now=now + timedelta(days=9))
    assert states(lead) == [("Ria", "accepted")]
