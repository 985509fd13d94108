"""Leads as the desk's tests need them: written row by row, so that a test says exactly what is true."""

from datetime import datetime, timedelta
from typing import Any

from leadhub.accounts.models import Membership
from leadhub.leads.models import Channel, Company, Door, Inquiry, Intent, Lead, Person, Stage, Task, TaskKind
from routing.models import Assignment, Pool
from scoring.models import LeadScore


def make_lead(*, owner: Membership, now: datetime, name: str = "Pat Doe", **fields: Any) -> Lead:
    """Write a person with a company and their first lead, in stage MQL unless told otherwise."""
    first_name, _, last_name = name.partition(" ")
    domain = f"{name.replace(' ', '').lower()}.example"
    company = Company.objects.create(domain=domain, name=f"{last_name} Ltd", created_at=now)
    person = Person.objects.create(
        first_name=first_name,
        last_name=last_name,
        email=f"{first_name.lower()}@{domain}",
        email_norm=f"{first_name.lower()}@{domain}",
        phone="+1 415 555 2671",
        phone_e164="+14155552671",
        company=company,
        created_at=now,
    )
    stage = fields.pop("stage", Stage.MQL)
    dates: dict[str, Any] = {} if stage == Stage.NEW else {"mql_at": now, "mql_reason": "hand_raise"}
    values = {"captured_at": now - timedelta(hours=1), "currency": "USD", "channel": Channel.PAID_SEARCH, **fields}
    if values.get("quote_value") is not None:
        dates["quote_value_source"] = "form"
    lead: Lead = Lead.objects.create(
        person=person, number=1, owner=owner, stage=stage, updated_at=now, **{**dates, **values}
    )
    return lead


def add_inquiry(lead: Lead, *, arrived_at: datetime, due_at: datetime | None = None, **fields: Any) -> Inquiry:
    """Write an inquiry of the lead's person, hot and from a form unless told otherwise."""
    values = {"door": Door.FORM, "intent": Intent.HOT, "message": "Please send me a quote.", **fields}
    inquiry: Inquiry = Inquiry.objects.create(
        person=lead.person,
        lead=lead,
        arrived_at=arrived_at,
        due_at=due_at,
        is_opening=not Inquiry.objects.filter(lead=lead).exists(),
        **values,
    )
    return inquiry


def add_task(lead: Lead, *, due_at: datetime, now: datetime, kind: TaskKind = TaskKind.CALL, **fields: Any) -> Task:
    """Write an open task of the lead's owner."""
    values = {"member": lead.owner, "title": "Call back", **fields}
    task: Task = Task.objects.create(lead=lead, kind=kind, due_at=due_at, created_at=now, **values)
    return task


def add_score(lead: Lead, *, now: datetime, fit: float = 40, engagement: float = 30, grade: str = "B2") -> LeadScore:
    """Write the lead's live score as of now."""
    score: LeadScore = LeadScore.objects.create(
        lead=lead, fit=fit, engagement=engagement, as_of=now, half_life_days=14, grade=grade, model_version=1
    )
    return score


def offer(lead: Lead, *, now: datetime, state: str = Assignment.State.OFFERED, **fields: Any) -> Assignment:
    """Write the lead's current assignment to sales, waiting for an answer unless told otherwise."""
    values: dict[str, Any] = {"reason": Assignment.Reason.RULE, "is_sales": True, **fields}
    assignment: Assignment = Assignment.objects.create(
        lead=lead,
        member=lead.owner,
        pool=Pool.objects.filter(is_fallback=True).first(),
        state=state,
        assigned_at=now,
        expires_at=now + timedelta(hours=24),
        **values,
    )
    return assignment
