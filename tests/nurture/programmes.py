"""Sequences and leads as nurture's tests need them, through the domain."""

from datetime import datetime
from typing import Any

from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, EventKind, Lead, Stage
from leadhub.leads.timeline import record_event
from leadhub.work.runner import run_due
from nurture.enrolling import enroll_lead
from nurture.models import Enrollment, EnrollmentMove, Sequence
from nurture.sequences import SequencePlan, activate_sequence, create_sequence
from nurture.settings import SendingRules, save_settings
from nurture.steps import StepPlan, add_step
from tests.desk.leads import make_lead
from tests.personas import NOW

HELLO = StepPlan(kind="mail", subject="Hello {{ person.first_name }}", body="See https://acme.example/guide now")
AGAIN = StepPlan(kind="mail", subject="Still there?", body="<p>See <a href='https://acme.example/offer'>this</a></p>")
THREE_DAYS = StepPlan(kind="wait", wait_days=3)
CALL = StepPlan(kind="task", task_kind="call", task_title="Call {{ person.name }}", task_due_hours=4)


def set_rules(**changes: Any) -> SendingRules:
    """Let mail leave at any hour and as often as it likes, but for the changes."""
    values: dict[str, Any] = {
        "quiet_from": datetime.min.time(),
        "quiet_until": datetime.min.time(),
        "cap_mails": 0,
        "postal_address": "1 Main Street, Springfield",
    }
    return save_settings(rules=SendingRules(**{**values, **changes}), actor=None, now=NOW)


def make_sequence(*steps: StepPlan, name: str = "Warm-up", is_active: bool = True, **plan: Any) -> Sequence:
    """Write a sequence and turn it on."""
    sequence = create_sequence(plan=SequencePlan(name=name, **plan), actor=None, now=NOW)
    for step in steps:
        add_step(sequence=sequence, plan=step, actor=None, now=NOW)
    return activate_sequence(sequence=sequence, actor=None, now=NOW) if is_active else sequence


def make_new_lead(owner: Membership, *, name: str = "Pat Doe", **fields: Any) -> Lead:
    """Write a lead that is not ready for sales."""
    return make_lead(owner=owner, now=NOW, name=name, **{"stage": Stage.NEW, **fields})


def put_in(sequence: Sequence, lead: Lead, *, actor: Membership, now: datetime = NOW) -> Enrollment:
    """Put a lead in by hand and do what is due."""
    enrollment = enroll_lead(sequence=sequence, lead=lead, actor=actor, now=now)
    run_due(now=now)
    enrollment.refresh_from_db()
    return enrollment


def happen(lead: Lead, kind: EventKind, *, now: datetime, **properties: Any) -> Event:
    """Let something happen to the lead, and the line walk it."""
    event = record_event(person=lead.person, lead=lead, kind=kind, occurred_at=now, now=now, properties=properties)
    run_due(now=now)
    return event


def list_path(enrollment: Enrollment) -> list[tuple[str, str]]:
    """Return the enrollment's moves and reasons in order."""
    moves = EnrollmentMove.objects.filter(enrollment=enrollment).order_by("at", "id")
    return [(move.kind, move.reason) for move in moves]
