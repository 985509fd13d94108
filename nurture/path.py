"""An enrollment's path: each change is a move with its reason, and the next step a job. Called by what moves it.

The caller holds the person and the lead; nothing here sends.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from leadhub.accounts.models import Membership
from leadhub.leads.models import EventKind, Lead
from leadhub.leads.timeline import record_event
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.jobs import cancel, enqueue
from nurture.models import DONE_KINDS, Enrollment, EnrollmentMove, Step
from nurture.moments import choose_zone, end_of_wait
from nurture.sentences import describe_step

STEP = "nurture.step"
Kind = EnrollmentMove.Kind
_DID_KINDS = {Step.Kind.MAIL: Kind.MAILED, Step.Kind.WAIT: Kind.WAITED, Step.Kind.TASK: Kind.TASKED}


def find_zone(lead: Lead) -> ZoneInfo:
    """Return the lead's own zone, else the organization's."""
    return choose_zone(lead.person.time_zone, _read_zone())


def find_zone_of_all() -> ZoneInfo:
    """Return the organization's zone."""
    return choose_zone(_read_zone())


def _read_zone() -> str:
    return Organization.objects.values_list("time_zone", flat=True).get(pk=get_organization_id())


def list_steps_ahead(enrollment: Enrollment) -> QuerySet[Step]:
    """Return the steps behind the last one done, in today's order; none that is done, wherever it was moved since.

    One statement: steps that are moved meanwhile are all read as they stood, or all as they stand.
    """
    done = EnrollmentMove.objects.filter(enrollment=enrollment, kind__in=DONE_KINDS, step__position__isnull=False)
    last = Subquery(done.order_by("-at", "-id").values("step__position")[:1], output_field=IntegerField())
    steps = Step.objects.placed().filter(sequence=enrollment.sequence_id).exclude(pk__in=done.values("step"))
    return steps.filter(position__gt=Coalesce(last, Value(-1))).order_by("position")


def arrive(enrollment: Enrollment, *, now: datetime) -> None:
    """Go to the next step, due at once or when its wait is over; finish where there is none."""
    step = list_steps_ahead(enrollment).first()
    if step is None:
        end_enrollment(enrollment, state=Enrollment.State.FINISHED, reason="All steps are done", now=now)
        return
    due_at, why = plan_arrival(step, zone=find_zone(enrollment.lead), now=now)
    enrollment.step = step
    stay(enrollment, until=due_at, why=why, now=now)


def plan_arrival(step: Step, *, zone: ZoneInfo, now: datetime) -> tuple[datetime, str]:
    """Return when a step is due for whoever comes to it now, and why they are there until then."""
    if step.kind != Step.Kind.WAIT:
        return now, f"Next: {describe(step)}"
    due_at = end_of_wait(step, since=now, zone=zone)
    return due_at, f"Waits until {write_time(due_at, zone)}"


def stay(enrollment: Enrollment, *, until: datetime, why: str, now: datetime, turn_on: date | None = None) -> None:
    """Keep the enrollment at its step until an instant, and have a job then; a mail may have its turn that day."""
    enrollment.next_due_at, enrollment.turn_on, enrollment.why_here = until, turn_on, why[:300]
    enrollment.save(update_fields=["step", "next_due_at", "turn_on", "why_here"])
    enqueue(kind=STEP, target_id=enrollment.pk, dedupe_key=name_job(enrollment), due_at=until, now=now)


def complete_step(enrollment: Enrollment, *, step: Step, reason: str, now: datetime) -> None:
    """Note that the step was done, and go on."""
    note_move(enrollment, kind=_DID_KINDS[Step.Kind(step.kind)], step=step, reason=reason, now=now)
    arrive(enrollment, now=now)


def skip_step(enrollment: Enrollment, *, step: Step, reason: str, now: datetime) -> None:
    """Note why the step was passed by, and go on."""
    note_move(enrollment, kind=Kind.SKIPPED, step=step, reason=reason, now=now)
    arrive(enrollment, now=now)


def end_enrollment(
    enrollment: Enrollment,
    *,
    state: Enrollment.State,
    reason: str,
    now: datetime,
    actor: Membership | None = None,
) -> None:
    """End the enrollment for a reason, on its path and in the timeline. One that has ended stays as it is."""
    ending = Enrollment.objects.filter(pk=enrollment.pk, state=Enrollment.State.ACTIVE)
    if not ending.update(state=state, ended_at=now, next_due_at=None, turn_on=None, why_here=reason[:300]):
        return
    enrollment.refresh_from_db(fields=["state", "ended_at", "next_due_at", "turn_on", "why_here"])
    note_move(enrollment, kind=Kind(state), step=enrollment.step, reason=reason, now=now, actor=actor)
    record_event(
        person=enrollment.lead.person,
        lead=enrollment.lead,
        kind=EventKind.SEQUENCE_LEFT,
        occurred_at=now,
        now=now,
        actor=actor,
        summary=f"{enrollment.sequence.name}: {reason}",
        properties={"sequence": str(enrollment.sequence_id), "state": state},
        walks=False,
    )


def drop_job(enrollment: Enrollment) -> None:
    """Cancel what was to happen next; a worker that is at it rolls back. Never called by that job itself."""
    cancel(kind=STEP, dedupe_key=name_job(enrollment))


def note_move(
    enrollment: Enrollment,
    *,
    kind: EnrollmentMove.Kind,
    reason: str,
    now: datetime,
    step: Step | None = None,
    until: datetime | None = None,
    actor: Membership | None = None,
) -> EnrollmentMove:
    """Add a line to the path."""
    return EnrollmentMove.objects.create(
        enrollment=enrollment, kind=kind, step=step, reason=reason[:300], until=until, actor=actor, at=now
    )


def name_job(enrollment: Enrollment) -> str:
    """Return the dedupe key: one job an enrollment and step."""
    return f"{enrollment.pk}:{enrollment.step_id}"


def describe(step: Step) -> str:
    """Say what a step is, in a few words, without Liquid: a rep reads them on the lead."""
    kind = {Step.Kind.MAIL: "e-mail", Step.Kind.TASK: "task"}.get(Step.Kind(step.kind))
    return f"{kind} “{describe_step(step)}”" if kind else "wait"


def write_time(moment: datetime, zone: ZoneInfo) -> str:
    """Write an instant in the lead's own time: Wed 4 Mar, 09:00 EST."""
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M} {local.tzname()}"
