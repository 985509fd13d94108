"""Write that leads are in a sequence: one or many, in the same handful of statements. Called by what judges them.

The caller holds the leads' people and has found no obstacle; nothing here asks again.
"""

from collections.abc import Sequence as Several
from datetime import datetime

from django.db.models import Max

from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, EventKind, Lead
from leadhub.leads.timeline import record_events
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.jobs import JobRequest, enqueue_many
from nurture.models import Enrollment, EnrollmentMove, Sequence, Step
from nurture.moments import choose_zone
from nurture.path import STEP, name_job, plan_arrival


def enter_sequence(
    *, sequence: Sequence, leads: Several[Lead], origin: Enrollment.Origin, actor: Membership | None, now: datetime
) -> list[Enrollment]:
    """Write each lead's enrollment with its first move, its event and the job of the first step."""
    if not leads:
        return []
    step = Step.objects.placed().filter(sequence=sequence).earliest("position")
    enrollments = _build(sequence=sequence, leads=leads, step=step, now=now)
    reason = f"Enrolled by {actor.name}" if actor else str(origin.label)
    moves, events, jobs = [], [], []
    for enrollment in enrollments:
        enrollment.origin, enrollment.enrolled_by = origin, actor
        moves.append(
            EnrollmentMove(
                enrollment=enrollment, kind=EnrollmentMove.Kind.ENTERED, reason=reason[:300], actor=actor, at=now
            )
        )
        events.append(_describe(enrollment, actor=actor, now=now))
        due_at = enrollment.next_due_at or now
        jobs.append(JobRequest(kind=STEP, target_id=enrollment.pk, dedupe_key=name_job(enrollment), due_at=due_at))
    Enrollment.objects.bulk_create(enrollments)
    EnrollmentMove.objects.bulk_create(moves)
    record_events(events)
    enqueue_many(jobs=jobs, now=now)
    return enrollments


def _build(*, sequence: Sequence, leads: Several[Lead], step: Step, now: datetime) -> list[Enrollment]:
    """Return an enrollment per lead, numbered on, at the first step until it is due in the lead's own time."""
    former = Enrollment.objects.filter(sequence=sequence, lead__in=[lead.pk for lead in leads])
    numbers = dict(former.values("lead").annotate(last=Max("number")).values_list("lead", "last"))
    home = Organization.objects.values_list("time_zone", flat=True).get(pk=get_organization_id())
    enrollments = []
    for lead in leads:
        due_at, why = plan_arrival(step, zone=choose_zone(lead.person.time_zone, home), now=now)
        enrollments.append(
            Enrollment(
                sequence=sequence,
                lead=lead,
                number=numbers.get(lead.pk, 0) + 1,
                step=step,
                next_due_at=due_at,
                why_here=why[:300],
                entered_at=now,
            )
        )
    return enrollments


def _describe(enrollment: Enrollment, *, actor: Membership | None, now: datetime) -> Event:
    return Event(
        person_id=enrollment.lead.person_id,
        lead=enrollment.lead,
        kind=EventKind.SEQUENCE_ENTERED,
        occurred_at=now,
        logged_at=now,
        actor=actor,
        summary=enrollment.sequence.name,
        properties={"sequence": str(enrollment.sequence_id)},
    )
