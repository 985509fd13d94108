"""Read who is in which sequence, on which path and why. Called by the pages and the API."""

from collections.abc import Sequence as Several

from django.db.models import QuerySet

from leadhub.leads.models import Lead
from leadhub.leads.search import search_people
from nurture.models import Enrollment, EnrollmentMove, Message, Sequence


def list_enrollments(*, sequence: Sequence | None = None, state: str = "", search: str = "") -> QuerySet[Enrollment]:
    """Return enrollments, the latest first; `search` is what `search_people` finds by."""
    found = _read()
    if sequence is not None:
        found = found.filter(sequence=sequence)
    if state:
        found = found.filter(state=state)
    return search_enrollments(found, text=search)


def search_enrollments(found: QuerySet[Enrollment], *, text: str) -> QuerySet[Enrollment]:
    """Keep the enrollments of the people whom `search_people` finds; all of them without words to search for."""
    return found.filter(lead__person__in=search_people(text).values("pk")) if text.strip() else found


def list_of_lead(*, lead: Lead) -> QuerySet[Enrollment]:
    """Return what the lead's person is in and was in, of every lead of theirs, the latest first."""
    return _read().filter(lead__person=lead.person_id)


def read_path(*, enrollment: Enrollment) -> list[EnrollmentMove]:
    """Return everything that happened to an enrollment and why, the oldest first."""
    moves = EnrollmentMove.objects.filter(enrollment=enrollment).select_related("step", "actor")
    return list(moves.order_by("at", "id"))


def list_messages(*, enrollments: Several[Enrollment]) -> QuerySet[Message]:
    """Return the mails of these enrollments with their deliveries, the oldest first."""
    mails = Message.objects.filter(enrollment__in=[each.pk for each in enrollments])
    return mails.select_related("delivery", "step").order_by("written_at", "id")


def _read() -> QuerySet[Enrollment]:
    rows = Enrollment.objects.select_related("sequence", "step", "lead__person", "lead__owner", "enrolled_by")
    return rows.order_by("-entered_at", "-id")
