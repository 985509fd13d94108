"""The intake ledger: received = created + merged + rejected + quarantined + pending, and the release of what was
held. Called by its pages and the API.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from capture.doors import WALK_SUBMISSION
from capture.models import Submission
from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.models import Door
from leadhub.lib.errors import DomainError
from leadhub.work.jobs import enqueue

Status = Submission.Status
TERMS = (Status.CREATED, Status.MERGED, Status.REJECTED, Status.QUARANTINED, Status.PENDING)


class NotQuarantined(DomainError):
    """Only a submission that is held can be released."""


@dataclass(frozen=True, kw_only=True)
class Balance:
    """What arrived in a period, and what became of it; `received` is counted apart from its terms."""

    label: str
    door: str
    received: int
    terms: dict[str, int]

    @property
    def is_balanced(self) -> bool:
        """Say whether the terms add up to what was received."""
        return self.received == sum(self.terms.values())


def list_submissions(*, since: datetime, until: datetime, door: str = "") -> QuerySet[Submission]:
    """Return what arrived in the period, the newest first."""
    found = Submission.objects.filter(received_at__gte=since, received_at__lt=until)
    found = found.filter(door=door) if door else found
    return found.order_by("-received_at")


def balance_period(*, since: datetime, until: datetime, door: str = "") -> Balance:
    """Return the equation of the period, at one door or at all of them."""
    found = list_submissions(since=since, until=until, door=door)
    label = Door(door).label if door else "All doors"
    return _balance(label, door, found.count(), list(found.order_by().values_list("status").annotate(n=Count("id"))))


def balance_doors(*, since: datetime, until: datetime) -> list[Balance]:
    """Return the equation of each door that anything came through in the period."""
    counted = (
        list_submissions(since=since, until=until).order_by().values_list("door", "status").annotate(n=Count("id"))
    )
    by_door: dict[str, list[tuple[str, int]]] = {}
    for door, status, count in counted:
        by_door.setdefault(door, []).append((status, count))
    return [
        _balance(Door(door).label, door, sum(count for _, count in counts), counts)
        for door, counts in sorted(by_door.items())
    ]


def release_submission(*, submission_id: UUID, actor: Membership, now: datetime) -> Submission:
    """Let a held submission go along the line after all; its reasons stay. Raises `NotQuarantined`."""
    submission = Submission.objects.select_for_update().get(pk=submission_id)
    if submission.status != Status.QUARANTINED:
        raise NotQuarantined(f"This submission is not held: it is {submission.get_status_display().lower()}.")
    submission.status = Status.PENDING
    submission.save(update_fields=["status"])
    enqueue(kind=WALK_SUBMISSION, target_id=submission.pk, dedupe_key=str(submission.pk), due_at=now, now=now)
    record_change(
        actor=actor,
        action="submission.released",
        target_kind="submission",
        target_id=submission.pk,
        summary="Released a quarantined submission",
        now=now,
        before={"status": Status.QUARANTINED},
        after={"status": Status.PENDING},
    )
    return submission


def _balance(label: str, door: str, received: int, counts: list[tuple[str, int]]) -> Balance:
    known = dict(counts)
    return Balance(
        label=label, door=door, received=received, terms={term.value: known.get(term.value, 0) for term in TERMS}
    )
