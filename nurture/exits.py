"""What takes a lead out of a sequence: its exit rules, silence asked for, a member. Called by the line, the step
job right before it acts, and the pages.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.locking import lock_person
from leadhub.leads.models import Event, EventKind, Person
from leadhub.leads.walk import Walk
from leadhub.lib.ids import read_id
from nurture.models import Enrollment, Message, Sequence
from nurture.path import drop_job, end_enrollment
from nurture.standing import Standing

PUT_AWAY = "The sequence was put away"
_ANSWERS = {EventKind.MAIL_REPLIED: "replied_at", EventKind.UNSUBSCRIBED: "unsubscribed_at"}
EXITED, STOPPED = Enrollment.State.EXITED, Enrollment.State.STOPPED
NEVER_LEFT = (Delivery.State.SUPPRESSED, Delivery.State.FAILED)
NOT_LEFT = (Delivery.State.PENDING, *NEVER_LEFT)
ENDED_EARLY = frozenset({EXITED, STOPPED})


def leave_sequences(walk: Walk) -> None:
    """End the person's enrollments that the event, or what it made of the lead, takes out; note who answered how."""
    if walk.event.kind in _ANSWERS:
        _note_answer(person=walk.person, event=walk.event)
    for enrollment in list_active(person=walk.person):
        reason = _find_event_exit(enrollment, walk.event) or find_exit(enrollment, now=walk.now)
        if reason:
            drop_job(enrollment)
            end_enrollment(enrollment, state=EXITED, reason=reason, now=walk.now)


def find_exit(enrollment: Enrollment, *, now: datetime) -> str:
    """Return why the lead is to leave the sequence as things stand, or an empty text."""
    if enrollment.sequence.state == Sequence.State.ARCHIVED:
        return PUT_AWAY
    standing = Standing(sequence=enrollment.sequence, leads=[enrollment.lead], now=now)
    return standing.find_exit(enrollment.lead)


def find_late_exit(enrollment: Enrollment, *, since: datetime) -> str:
    """Return the event that would have ended the enrollment, had it not finished before with a mail yet to leave."""
    events = Event.objects.filter(person=enrollment.lead.person_id, kind__in=enrollment.sequence.exit_events)
    since_then = events.filter(logged_at__gt=since, voided_at=None).order_by("logged_at")
    kind = None if enrollment.is_active else since_then.values_list("kind", flat=True).first()
    return str(EventKind(kind).label) if kind else ""


def find_twin(enrollment: Enrollment, *, now: datetime) -> str:
    """Return why the lead is to leave where its person is in the sequence by another lead, or was taken out of it.

    Nobody enters twice at a time; but two who were in it may turn out to be one. The first in stays; where it is to
    leave for its own lead's reasons, or has done so or has finished, the other goes on, and gets what it had not.
    """
    others = list(list_overlapping(enrollment).select_related("sequence", "lead__person"))
    labels = {str(EventKind(kind).label) for kind in enrollment.sequence.exit_events}
    for other in others:
        if other.state == STOPPED or (other.state == EXITED and other.why_here in labels):
            return other.why_here
    earlier = [other for other in others if other.is_active and other.pk < enrollment.pk]
    is_second = any(not find_exit(other, now=now) for other in earlier)
    return "Is in it by another lead already: two records were found to be one person" if is_second else ""


def list_overlapping(enrollment: Enrollment) -> QuerySet[Enrollment]:
    """Return how the person was in the sequence by other leads meanwhile; the longest ago first."""
    others = Enrollment.objects.filter(sequence=enrollment.sequence_id, lead__person=enrollment.lead.person_id)
    meanwhile = Q(ended_at=None) | Q(ended_at__gte=enrollment.entered_at)
    return others.exclude(lead=enrollment.lead_id).filter(meanwhile).order_by("id")


def stop_enrollment(*, enrollment: Enrollment, actor: Membership, now: datetime, reason: str = "") -> Enrollment:
    """Take a lead out by hand. One that has ended stays as it is."""
    lock_person(enrollment.lead.person)
    drop_job(enrollment)
    words = f"Stopped by {actor.name}" + (f": {reason.strip()}" if reason.strip() else "")
    end_enrollment(enrollment, state=STOPPED, reason=words, now=now, actor=actor)
    return enrollment


def end_all(*, enrollments: Iterable[Enrollment], reason: str, now: datetime) -> int:
    """End these enrollments and what was to happen next; return how many."""
    ended = 0
    for enrollment in enrollments:
        drop_job(enrollment)
        end_enrollment(enrollment, state=EXITED, reason=reason, now=now)
        ended += 1
    return ended


def list_active(*, person: Person) -> QuerySet[Enrollment]:
    """Return what the person is in, of whichever lead of theirs, locked, the oldest first."""
    active = Enrollment.objects.filter(lead__person=person, state=Enrollment.State.ACTIVE)
    return active.select_for_update(of=("self",)).select_related("sequence", "lead__person", "step").order_by("id")


def _find_event_exit(enrollment: Enrollment, event: Event) -> str:
    """Return the event's name where it ends the enrollment, else an empty text; events from before it began do not."""
    if event.logged_at <= enrollment.entered_at or event.kind not in enrollment.sequence.exit_events:
        return ""
    return str(EventKind(event.kind).label)


def _note_answer(*, person: Person, event: Event) -> None:
    """Credit the reply, or the wish to be left alone, to the mail that it names; a reply else to the last one."""
    sent = Message.objects.filter(lead__person=person, written_at__lte=event.occurred_at)
    if named := read_id(event.properties.get("delivery")):
        sent = sent.filter(delivery=named)
    elif event.kind == EventKind.UNSUBSCRIBED:
        return
    else:
        sent = sent.exclude(delivery__state__in=NOT_LEFT)
    column = _ANSWERS[EventKind(event.kind)]
    latest = sent.order_by("-written_at").first()
    if latest and getattr(latest, column) is None:
        setattr(latest, column, event.occurred_at)
        latest.save(update_fields=[column])
