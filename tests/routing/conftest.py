"""What routing's tests share: a pool of reps, leads at a stage, walks."""

from collections.abc import Callable
from datetime import datetime

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.arrival import receive_inquiry
from leadhub.leads.inquiry_records import InquiryDetails
from leadhub.leads.lifecycle import mark_mql
from leadhub.leads.models import Channel, Door, EventKind, Inquiry, Intent, Lead, MqlReason, Person, Stage, Verdict
from leadhub.leads.person_fields import PersonDetails
from leadhub.leads.timeline import record_event
from leadhub.leads.touches import TouchDetails
from leadhub.leads.walk import Walk
from leadhub.line.walk import start_walk
from leadhub.tenancy.models import Organization
from routing.alerting import alert
from routing.assignment import route
from routing.clocks import clock
from routing.defaults import add_usual_terms
from routing.models import Pool, PoolMember
from tests.personas import NOW

MakeLead = Callable[..., Lead]
MakePool = Callable[..., Pool]
Arrive = Callable[..., Walk]


@pytest.fixture
def make_pool(in_scope: Organization, now: datetime) -> MakePool:
    """Return a maker of pools that work round the clock: `make_pool(ria, raj, weights=(2, 1))`."""

    def make(*members: Membership, name: str = "Reps", weights: tuple[int, ...] = (), **fields: object) -> Pool:
        values = {"works_always": True, "created_at": now, **fields}
        pool = Pool.objects.create(name=name, **values)
        add_usual_terms(pool=pool)
        for index, member in enumerate(members):
            PoolMember.objects.create(pool=pool, member=member, weight=weights[index] if weights else 1)
        return pool

    return make


@pytest.fixture
def sales(in_scope: Organization, ria: Membership, raj: Membership) -> Pool:
    """The fallback pool, with Ria and Raj instead of the admin."""
    pool = Pool.objects.get(is_fallback=True)
    PoolMember.objects.filter(pool=pool).delete()
    PoolMember.objects.create(pool=pool, member=ria)
    PoolMember.objects.create(pool=pool, member=raj)
    return pool


@pytest.fixture
def make_lead(in_scope: Organization, ada: Membership, now: datetime) -> MakeLead:
    """Return a maker of leads that marketing has, MQLs unless told otherwise."""

    def make(stage: Stage = Stage.MQL, person: Person | None = None, number: int = 1, **fields: object) -> Lead:
        person = person or Person.objects.create(first_name="Jane", last_name="Doe", created_at=now)
        dated = (
            {"mql_at": now, "mql_reason": MqlReason.MEMBER, "verdict": Verdict.QUALIFIED, "verdict_at": now}
            if stage != Stage.NEW
            else {}
        )
        values = {"owner": ada, "captured_at": now, "updated_at": now, "currency": "USD", **dated, **fields}
        lead: Lead = Lead.objects.create(person=person, number=number, stage=stage, **values)
        return lead

    return make


@pytest.fixture
def arrive(in_scope: Organization, ada: Membership, now: datetime) -> Arrive:
    """Return a door: `arrive(email="jane@x.example", intent=Intent.HOT)` walks what arrived to its owner."""

    def enter(
        email: str = "jane@x.example",
        intent: Intent = Intent.HOT,
        at: datetime = now,
        service: str = "siding",
        door: Door = Door.FORM,
        owner: Membership | None = None,
        message: str = "We need new siding.",
    ) -> Walk:
        received = receive_inquiry(
            details=PersonDetails(email=email, first_name="Jane", last_name="Doe", company="X Homes"),
            touch=TouchDetails(channel=Channel.DIRECT),
            inquiry=InquiryDetails(door=door, arrived_at=at, service=service, intent=intent, message=message),
            owner=owner,
            now=at,
        )
        if intent == Intent.HOT:
            mark_mql(lead=received.lead, reason=MqlReason.HAND_RAISE, now=at)
        walk = start_walk(event=received.event, lead=received.lead, now=at)
        step_on(walk)
        return walk

    return enter


def step_on(walk: Walk) -> None:
    """Take the steps of the line that are routing's."""
    for step in (route, clock, alert):
        step(walk)


def walk_of(lead: Lead) -> Walk:
    """Return the walk of something that the person just did."""
    event = record_event(
        person=lead.person, lead=lead, kind=EventKind.PAGE_VIEWED, occurred_at=NOW, now=NOW, walks=False
    )
    return start_walk(event=event, lead=lead, now=NOW)


def inquiry_of(walk: Walk) -> Inquiry:
    assert walk.inquiry is not None
    walk.inquiry.refresh_from_db()
    return walk.inquiry


def lead_of(walk: Walk) -> Lead:
    assert walk.lead is not None
    return walk.lead
