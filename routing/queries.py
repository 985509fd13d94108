"""Reads over assignments: who has what, who is late, why this member. For queue, lead page, team page and API."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from leadhub.accounts.duty import list_active_members
from leadhub.accounts.models import Membership
from leadhub.leads.models import Inquiry, Intent, Lead
from leadhub.leads.models.lead import LeadQuerySet
from leadhub.tenancy.scope import get_organization_id
from routing.availability import is_away
from routing.models import Assignment, PoolMember
from routing.receipts import Receipt, read_receipt

State = Assignment.State
_CURRENT = ("member__user", "pool", "assigned_by", "inquiry")


@dataclass(frozen=True, kw_only=True)
class MemberLoad:
    """One member's open leads and what is wrong with them; `capacity` is None where no pool limits it."""

    member: Membership
    is_away: bool
    open: int
    late: int
    untouched: int
    cooling: int
    waiting: int
    capacity: int | None


@dataclass(frozen=True, kw_only=True)
class AssignmentStory:
    """An assignment with its receipt read: the "Why me" of the lead page."""

    assignment: Assignment
    receipt: Receipt

    @property
    def sentence(self) -> str:
        """Return why, in one sentence."""
        return f"{self.assignment.member.name}: {self.receipt.why or self.assignment.get_reason_display()}"


def late_leads(*, now: datetime) -> LeadQuerySet:
    """Return open leads with an inquiry whose deadline passed without an attempt.

    A download that marketing nurtures is nobody's broken promise, as in `reminders`.
    """
    with_sales = Assignment.objects.filter(lead=OuterRef("lead"), ended_at=None, is_sales=True)
    waiting = Inquiry.objects.filter(lead=OuterRef("pk"), first_attempt_at=None, due_at__lt=now, duplicate_of=None)
    chased = waiting.filter(~Q(intent=Intent.CONTENT) | Exists(with_sales))
    return _open_leads().filter(Exists(chased))


def untouched_leads() -> LeadQuerySet:
    """Return open leads that sales has and nobody has tried to reach."""
    return _with_sales().filter(~Exists(_answered()))


def cooling_leads() -> LeadQuerySet:
    """Return open leads that fell below the bar after the hand-off."""
    return _open_leads().filter(cooling_at__isnull=False)


def waiting_leads() -> LeadQuerySet:
    """Return open leads whose owner has been asked and has not answered."""
    return _open_leads().filter(Exists(_offered()))


def held_leads() -> LeadQuerySet:
    """Return open leads that the duty manager holds because nobody is available."""
    return _open_leads().filter(Exists(_current(state=State.HELD, is_sales=True)))


def list_member_loads(*, now: datetime) -> list[MemberLoad]:
    """Return every active member with their load, by name, and who left while owning leads; six statements.

    So the loads sum to all open leads, until what a leaver owned is handed on.
    """
    opened, late, cooling = _by_owner(_open_leads()), _by_owner(late_leads(now=now)), _by_owner(cooling_leads())
    untouched, waiting = _count_with_sales()
    capacities = dict(PoolMember.objects.values_list("member").annotate(most=Max("capacity")))
    return [
        MemberLoad(
            member=member,
            is_away=is_away(member, now),
            open=opened.get(member.pk, 0),
            late=late.get(member.pk, 0),
            untouched=untouched.get(member.pk, 0),
            cooling=cooling.get(member.pk, 0),
            waiting=waiting.get(member.pk, 0),
            capacity=capacities.get(member.pk),
        )
        for member in _list_loaded(opened)
    ]


def _list_loaded(opened: Collection[UUID]) -> QuerySet[Membership]:
    owners = Membership.objects.all().of(get_organization_id()).filter(pk__in=opened)
    return (list_active_members() | owners).select_related("user").order_by("name")


def list_assignment_stories(*, lead: Lead) -> list[AssignmentStory]:
    """Return the lead's owners with their receipts, the current one first."""
    rows = Assignment.objects.filter(lead=lead).select_related(*_CURRENT).order_by("-assigned_at", "-id")
    return [AssignmentStory(assignment=row, receipt=read_receipt(row.receipt)) for row in rows]


def _open_leads() -> LeadQuerySet:
    opened: LeadQuerySet = Lead.objects.open()
    return opened


def _with_sales() -> LeadQuerySet:
    return _open_leads().filter(Exists(_current(is_sales=True)))


def _offered() -> QuerySet[Assignment]:
    return _current(state=State.OFFERED, is_sales=True)


def _answered() -> QuerySet[Inquiry]:
    return Inquiry.objects.filter(lead=OuterRef("pk"), first_attempt_at__isnull=False)


def _current(**state: Any) -> QuerySet[Assignment]:
    return Assignment.objects.filter(lead=OuterRef("pk"), ended_at=None, **state)


def _count_with_sales() -> tuple[dict[UUID, int], dict[UUID, int]]:
    """Return by owner how many leads are untouched, and how many wait for an answer; one pass over what sales has."""
    owned: QuerySet[Any] = _with_sales().order_by()
    counted = owned.values_list("owner").annotate(
        untouched=Count("id", filter=~Exists(_answered())), waiting=Count("id", filter=Exists(_offered()))
    )
    found = list(counted)
    return {owner: count for owner, count, _ in found}, {owner: count for owner, _, count in found}


def _by_owner(leads: LeadQuerySet) -> dict[UUID, int]:
    counted: QuerySet[Any] = leads.order_by()
    return dict(counted.values_list("owner").annotate(leads=Count("*")))
