"""The job "nurture.step": do the step that an enrollment waits for, in one transaction, and go on.

It only writes rows: a mail is a delivery, a task a task, a wait a time. Run twice, or after the enrollment moved
on, it changes nothing: its key names the step it was made for.
"""

from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from leadhub.accounts.duty import find_answerer
from leadhub.delivery.liquid import TemplateFault
from leadhub.delivery.writing import Kind as Template
from leadhub.delivery.writing import Words, Written, note_fault
from leadhub.leads.conditions import matching
from leadhub.leads.locking import lock_lead, lock_person
from leadhub.leads.models import Lead, TaskKind
from leadhub.leads.tasks import create_task
from leadhub.work.jobs import JobRequest, enqueue, enqueue_many
from leadhub.work.registry import ClaimedJob
from nurture.exits import EXITED, PUT_AWAY, end_all, find_exit, find_twin, list_overlapping
from nurture.mailing import HAD_BY_ANOTHER, find_delay, send_mail, was_mailed_before
from nurture.models import Enrollment, EnrollmentMove, Sequence, Step
from nurture.path import STEP, complete_step, end_enrollment, name_job, note_move, skip_step, stay
from nurture.settings import read_settings
from nurture.wording import write_line_anyway, write_mail_anyway

_AT_ONCE = 500


def run_step(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "nurture.step"."""
    enrollment = _take(job.target_id)
    if enrollment is None or name_job(enrollment) != job.dedupe_key or enrollment.step is None:
        return
    if enrollment.sequence.state == Sequence.State.PAUSED:
        _hold(enrollment, now=now)
        return
    reason = find_exit(enrollment, now=now) or find_twin(enrollment, now=now)
    if reason:
        end_enrollment(enrollment, state=EXITED, reason=reason, now=now)
    elif enrollment.step.position is None:
        skip_step(enrollment, step=enrollment.step, reason="The step was removed", now=now)
    elif not _is_met(enrollment.step, lead=enrollment.lead, now=now):
        skip_step(enrollment, step=enrollment.step, reason="Did not match the step's condition", now=now)
    else:
        _do(enrollment, step=enrollment.step, now=now)


def run_resume(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "nurture.resume": ask again for the steps that came due while the sequence was held."""
    due = Enrollment.objects.filter(sequence=job.target_id, state=Enrollment.State.ACTIVE, next_due_at__lte=now)
    waiting = due.order_by("id").iterator(chunk_size=_AT_ONCE)
    while portion := list(islice(waiting, _AT_ONCE)):
        jobs = [JobRequest(kind=STEP, target_id=one.pk, dedupe_key=name_job(one), due_at=now) for one in portion]
        enqueue_many(jobs=jobs, now=now)


def run_archive(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "nurture.archive": take everybody out, a portion at a time, each held before its job is dropped."""
    inside = Enrollment.objects.filter(sequence=job.target_id, state=Enrollment.State.ACTIVE)
    inside = inside.select_for_update(of=("self",)).select_related("sequence", "lead__person", "step")
    portion = list(inside.order_by("id")[:_AT_ONCE])
    end_all(enrollments=portion, reason=PUT_AWAY, now=now)
    if len(portion) == _AT_ONCE:
        enqueue(kind=job.kind, target_id=job.target_id, dedupe_key=job.dedupe_key, due_at=now, now=now)


def _take(enrollment_id: UUID) -> Enrollment | None:
    """Return the enrollment while it is under way, held with its person and lead."""
    enrollments = Enrollment.objects.filter(pk=enrollment_id, state=Enrollment.State.ACTIVE)
    found = enrollments.select_related("lead__person").first()
    if found is None:
        return None
    lock_person(found.lead.person)
    lock_lead(found.lead)
    held = enrollments.select_for_update(of=("self",))
    return held.select_related("sequence", "step", "lead__person", "lead__owner__user").first()


def _hold(enrollment: Enrollment, *, now: datetime) -> None:
    """Leave the enrollment where it is, without a job: turning the sequence on asks for one."""
    enrollment.next_due_at, enrollment.turn_on, enrollment.why_here = now, None, "The sequence is paused"
    enrollment.save(update_fields=["next_due_at", "turn_on", "why_here"])


def _is_met(step: Step, *, lead: Lead, now: datetime) -> bool:
    if not step.condition:
        return True
    return matching(Lead.objects.filter(pk=lead.pk), step.condition, now=now, people=[lead.person_id]).exists()


def _do(enrollment: Enrollment, *, step: Step, now: datetime) -> None:
    try:
        if step.kind == Step.Kind.MAIL:
            _mail(enrollment, step=step, now=now)
        elif step.kind == Step.Kind.TASK:
            _give_task(enrollment, step=step, now=now)
        else:
            complete_step(enrollment, step=step, reason="The wait is over", now=now)
    except TemplateFault as fault:
        note_fault(kind=Template.STEP, template_id=step.pk, fault=fault.message, lead=enrollment.lead, now=now)
        skip_step(enrollment, step=step, reason=f"Could not be written: {fault.message}", now=now)


def _mail(enrollment: Enrollment, *, step: Step, now: datetime) -> None:
    """Send the mail, or put it off where the lead may not be written to now."""
    if not enrollment.lead.person.email_norm:
        skip_step(enrollment, step=step, reason="No e-mail address", now=now)
        return
    if was_mailed_before(enrollment=enrollment, step=step):
        skip_step(enrollment, step=step, reason=HAD_BY_ANOTHER, now=now)
        return
    rules = read_settings()
    delay = find_delay(enrollment=enrollment, now=now, rules=rules)
    if delay is None:
        words = Words(subject=step.subject, body=step.body)
        written = write_mail_anyway(words=words, lead=enrollment.lead)
        send_mail(enrollment=enrollment, step=step, mail=written.mail, now=now, rules=rules)
        _complete(enrollment, step=step, what=f"“{written.mail.subject}”", written=written, now=now)
        return
    kind = EnrollmentMove.Kind.POSTPONED
    note_move(enrollment, kind=kind, step=step, reason=delay.reason, until=delay.until, now=now)
    stay(enrollment, until=delay.until, why=delay.reason, turn_on=delay.turn_on, now=now)


def _give_task(enrollment: Enrollment, *, step: Step, now: datetime) -> None:
    """Put the task into the queue of the lead's owner, or of marketing's where that one has left."""
    given = EnrollmentMove.objects.filter(step=step, kind=EnrollmentMove.Kind.TASKED)
    if given.filter(enrollment__in=list_overlapping(enrollment)).exists():
        skip_step(enrollment, step=step, reason="Was asked for by another lead, before two records became one", now=now)
        return
    member = find_answerer(enrollment.lead.owner)
    written = write_line_anyway(template=step.task_title, lead=enrollment.lead)
    title = written.mail.subject
    create_task(
        lead=enrollment.lead,
        member=member,
        kind=TaskKind(step.task_kind),
        title=title,
        due_at=now + timedelta(hours=step.task_due_hours),
        now=now,
        dedupe_key=f"nurture:{enrollment.pk}:{step.pk}",
    )
    _complete(enrollment, step=step, what=f"“{title}” for {member.name}", written=written, now=now)


def _complete(enrollment: Enrollment, *, step: Step, what: str, written: Written, now: datetime) -> None:
    """Note the step as done; what its words could not say is told on the path and to their author."""
    if written.fault:
        note_fault(kind=Template.STEP, template_id=step.pk, fault=written.fault, lead=enrollment.lead, now=now)
    complete_step(enrollment, step=step, reason=f"{what} {written.apology}".rstrip(), now=now)
