"""What the demo's colleagues do with a lead, act after act: accept, call, qualify, sell, park, judge."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from leadhub.demo.planning import Planner, Plans
from leadhub.demo.story import LOST_REASONS, NOTES
from leadhub.demo.team import Team
from leadhub.demo.visitors import Visitor
from leadhub.leads.disposition import dispose_lead
from leadhub.leads.models import (
    DispositionCode,
    EventKind,
    Lead,
    Opportunity,
    OpportunityStage,
    Outcome,
    Stage,
    Verdict,
)
from leadhub.leads.opportunities import change_opportunity, lose_opportunity, open_opportunity, win_opportunity
from leadhub.leads.outcomes import log_outcome
from leadhub.leads.qualification import qualify_lead
from leadhub.leads.timeline import record_event
from leadhub.leads.verdicts import set_verdict
from routing.answers import accept, reject
from routing.models import Assignment
from routing.reassignment import reassign

RejectReason = Assignment.RejectReason
# What is left to the visitor of the demo to do.
TODAY, JUST_NOW = timedelta(hours=20), timedelta(minutes=30)


class Colleague(Planner):
    """Everybody who works: each act reads the lead afresh, does one thing, and plans the next."""

    def __init__(self, *, team: Team, chance: random.Random, now: datetime) -> None:
        super().__init__(chance=chance)
        self.team = team
        self.now = now
        self.visitors: dict[UUID, Visitor] = {}

    def plan_for(self, *, lead_id: UUID, visitor: Visitor, at: datetime) -> Plans:
        """Plan the first acts after an arrival."""
        self.visitors[lead_id] = visitor
        if visitor.is_no_lead:
            yield self._hours(1, 9), partial(self.judge, lead_id, Verdict.NOT_A_LEAD, "Not asking for our work")
            return
        if visitor.form == "guide" or self.chance.random() < 0.4:
            yield from self._plan_visits(lead_id)
        if visitor.form != "quote" and not visitor.is_good and self.chance.random() < 0.4:
            yield self._hours(3, 40), partial(self.judge, lead_id, Verdict.UNQUALIFIED, "Outside what we build")
        yield self._first_reaction(at), partial(self.answer, lead_id, visitor)

    def judge(self, lead_id: UUID, verdict: Verdict, why: str, at: datetime) -> Plans:
        """Let Max judge, and put away what sales has not begun with."""
        lead = self._lead(lead_id)
        if lead.stage in {Stage.NEW, Stage.MQL}:
            dispose_lead(lead=lead, code=DispositionCode.NO_FIT, actor=self.team.max, now=at, note=why)
        set_verdict(lead=lead, verdict=verdict, actor=self.team.max, reason=why, now=at)
        return iter(())

    def browse(self, lead_id: UUID, kind: EventKind, page: str, at: datetime) -> Plans:
        """Let the person come back to the website."""
        lead = self._lead(lead_id)
        record_event(
            person=lead.person, lead=lead, kind=kind, occurred_at=at, now=at, properties={"page": page}, summary=page
        )
        return iter(())

    def answer(self, lead_id: UUID, visitor: Visitor, at: datetime) -> Plans:
        """Let the owner take the lead or decline it; what is not with sales yet is looked at again."""
        lead = self._lead(lead_id)
        if not lead.is_open:
            return
        current = Assignment.objects.filter(lead=lead, ended_at=None, is_sales=True).first()
        if current is None and visitor.form == "question":
            yield self._hours(0.2, 3), partial(self.hand_over, lead_id, visitor)
        elif current is None:
            yield self._hours(20, 50), partial(self.answer, lead_id, visitor)
        elif self.chance.random() < 0.06:
            reason = self.chance.choice([RejectReason.NOT_A_FIT, RejectReason.BAD_CONTACT, RejectReason.TERRITORY])
            reject(lead=lead, actor=lead.owner, reason=reason, now=at)
            yield self._hours(2, 30), partial(self.judge, lead_id, Verdict.UNQUALIFIED, reason.label)
        elif self.chance.random() < 0.95:
            accept(lead=lead, actor=lead.owner, now=at)
            yield self._minutes(0, 3), partial(self.call, lead_id, visitor, 1)

    def hand_over(self, lead_id: UUID, visitor: Visitor, at: datetime) -> Plans:
        """Let Mia give a question that nobody of sales has to a rep."""
        lead = self._lead(lead_id)
        if lead.is_open and lead.verdict != Verdict.UNQUALIFIED:
            reassign(lead=lead, member=self.chance.choice(self.team.reps), actor=self.team.mia, now=at)
            yield self._minutes(5, 60), partial(self.answer, lead_id, visitor)

    def call(self, lead_id: UUID, visitor: Visitor, attempt: int, at: datetime) -> Plans:
        """Let the owner call; after some attempts they reach the person or give up."""
        lead = self._lead(lead_id)
        if not lead.is_open:
            return
        if self.chance.random() < (0.55 if visitor.is_good else 0.4):
            note = self.chance.choice(NOTES)
            log_outcome(lead=lead, outcome=Outcome.CONNECTED, actor=lead.owner, now=at, note=note)
            yield self._minutes(2, 15), partial(self.decide, lead_id, visitor)
        elif attempt < 4:
            outcome = self.chance.choice([Outcome.VOICEMAIL, Outcome.NO_ANSWER])
            again = self._hours(4, 44)
            log_outcome(lead=lead, outcome=outcome, actor=lead.owner, now=at, next_task_due_at=at + again)
            yield again, partial(self.call, lead_id, visitor, attempt + 1)
        else:
            dispose_lead(lead=lead, code=DispositionCode.COLD, actor=lead.owner, now=at, note="Never reached")

    def decide(self, lead_id: UUID, visitor: Visitor, at: datetime) -> Plans:
        """Qualify a good lead; park, lose or end another."""
        lead = self._lead(lead_id)
        if not lead.is_open:
            return
        if visitor.is_good:
            qualify_lead(
                lead=lead,
                budget=f"About ${visitor.price:,}",
                authority="Owns the house",
                need="Replacement, not repair",
                timeline=self.chance.choice(["This month", "Before summer", "Within 8 weeks"]),
                actor=lead.owner,
                now=at,
            )
            yield self._hours(20, 120), partial(self.offer, lead_id, visitor)
            return
        code = self.chance.choices(
            [DispositionCode.TIMING, DispositionCode.NO_FIT, DispositionCode.COMPETITOR, DispositionCode.COLD],
            [30, 30, 25, 15],
        )[0]
        wakes_at = self._wake_up(at, days=(4, 120)) if code == DispositionCode.TIMING else None
        dispose_lead(lead=lead, code=code, actor=lead.owner, now=at, wakes_at=wakes_at)

    def offer(self, lead_id: UUID, visitor: Visitor, at: datetime) -> Plans:
        """Open the deal."""
        lead = self._lead(lead_id)
        if not lead.is_open:
            return
        deal = open_opportunity(
            lead=lead,
            name=f"{visitor.values.get('service', 'Exterior')} for {lead.person.name}",
            amount=Decimal(visitor.price),
            actor=lead.owner,
            now=at,
            expected_close_on=(at + timedelta(days=21)).date(),
        )
        yield self._hours(30, 90), partial(self.negotiate, deal.pk)
        yield self._hours(72, 300), partial(self.close, deal.pk, lead_id)

    def negotiate(self, deal_id: UUID, at: datetime) -> Plans:
        """Send the proposal."""
        deal = Opportunity.objects.select_related("owner").get(pk=deal_id)
        if deal.closed_at is None:
            change_opportunity(
                opportunity=deal, actor=deal.owner, now=at, stage=OpportunityStage.PROPOSAL, probability=50
            )
        return iter(())

    def close(self, deal_id: UUID, lead_id: UUID, at: datetime) -> Plans:
        """Win it or lose it."""
        deal = Opportunity.objects.select_related("owner").get(pk=deal_id)
        if self.chance.random() < 0.34:
            win_opportunity(opportunity=deal, actor=deal.owner, now=at)
            return
        reason, code = self.chance.choice(LOST_REASONS)
        lose_opportunity(opportunity=deal, reason=reason, actor=deal.owner, now=at)
        yield self._minutes(1, 30), partial(self.park, lead_id, code)

    def park(self, lead_id: UUID, code: DispositionCode, at: datetime) -> Plans:
        """Put the lead of a lost deal away, by why it was lost."""
        lead = self._lead(lead_id)
        wakes_at = self._wake_up(at, days=(30, 150)) if code == DispositionCode.TIMING else None
        if lead.is_open:
            dispose_lead(lead=lead, code=code, actor=lead.owner, now=at, wakes_at=wakes_at)
        return iter(())

    def _plan_visits(self, lead_id: UUID) -> Plans:
        """Plan that the person reads on the website, some of it more than once."""
        for _ in range(self.chance.randint(1, 5)):
            kind = self.chance.choices(
                [EventKind.PAGE_VIEWED, EventKind.CONTENT_DOWNLOADED, EventKind.WEBINAR_REGISTERED], [8, 2, 1]
            )[0]
            page = self.chance.choice(["/pricing", "/gallery", "/siding", "/financing"])
            yield self._hours(1, 160), partial(self.browse, lead_id, kind, page)

    def _wake_up(self, at: datetime, *, days: tuple[int, int]) -> datetime:
        """Return when the person wants to be called: some of them today, so that the queue has somebody woken."""
        today = self.now - self._hours(1, 9)
        if self.chance.random() < 0.12 and today - at > timedelta(days=days[0]):
            return today
        return at + timedelta(days=self.chance.randint(*days))

    def _first_reaction(self, at: datetime) -> timedelta:
        """Return how long nobody reacts: minutes by day, till morning by night, days where a lead is forgotten."""
        age = self.now - at
        if self.chance.random() < (1 if age < JUST_NOW else 0.4 if age < TODAY else 0.08):
            return self._hours(30, 90)
        by_night = 3 <= at.hour < 13  # the night of the Midwest, in UTC
        return self._hours(4, 9) if by_night else timedelta(minutes=self.chance.lognormvariate(0.8, 1.0))

    def _lead(self, lead_id: UUID) -> Lead:
        lead: Lead = Lead.objects.select_related("person", "owner").get(pk=lead_id)
        return lead
