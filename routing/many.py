"""Route many leads at once, in silence: what an import brought. Called by the bulk line."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from leadhub.accounts.duty import find_marketing_owner
from leadhub.accounts.models import Membership
from leadhub.leads.models import Inquiry, Lead
from leadhub.tenancy.lookups import is_one_of
from leadhub.tenancy.scope import get_organization_id
from routing.assignment import Offer, is_ready_for_sales, offer_leads, was_given_by_the_door, wrap_for_marketing
from routing.holding import hold_many
from routing.models import Assignment
from routing.ownership import Gift, give_leads
from routing.receipts import Receipt

_KEPT, _EARLY = "kept by marketing, as the import asked", "not ready for sales yet"


def route_leads(*, lead_ids: Sequence[UUID], now: datetime, assign_to: UUID | None = None) -> None:
    """Give the open leads that nobody was given yet an owner: the row's own, the member named, or the rules' choice.

    Most of an import is not ready for sales and stays with marketing: that is one statement, and loads no lead.
    """
    marketing = find_marketing_owner()
    if assign_to in {None, marketing.pk}:
        why = _EARLY if assign_to is None else _KEPT
        gift = wrap_for_marketing(owner=marketing, inquiry=None, why=why)
        held = hold_many(lead_ids=lead_ids, gift=gift, are_early=assign_to is None, now=now)
        if held == len(lead_ids):
            return
    unrouted = _lock_unrouted(lead_ids)
    asked = _find_openings(unrouted)
    _keep_named_owners([lead for lead in unrouted if was_given_by_the_door(lead)], asked=asked, now=now)
    leads = [lead for lead in unrouted if not was_given_by_the_door(lead)]
    if assign_to == marketing.pk:
        _give_to_marketing(leads, owner=marketing, asked=asked, why=_KEPT, now=now)
        return
    if assign_to is not None:
        _give_to_member(leads, asked=asked, member_id=assign_to, now=now)
        return
    offers, early = [], []
    for lead in leads:
        if is_ready_for_sales(lead=lead, inquiry=asked.get(lead.pk)):
            offers.append(Offer(lead=lead, inquiry=asked.get(lead.pk), is_quiet=True))
        else:
            early.append(lead)
    _give_to_marketing(early, owner=marketing, asked=asked, why=_EARLY, now=now)
    offer_leads(offers=offers, now=now)


def _lock_unrouted(lead_ids: Sequence[UUID]) -> list[Lead]:
    """Return the open leads without an assignment, locked, in one order."""
    current = Assignment.objects.filter(lead=OuterRef("pk"), ended_at=None)
    leads = Lead.objects.open().filter(~Exists(current), is_one_of("id", lead_ids))
    related = leads.select_related("person__company__owner__user", "owner")
    return list(related.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _find_openings(leads: Sequence[Lead]) -> dict[UUID, Inquiry]:
    """Return by lead the inquiry that opened it."""
    openings = Inquiry.objects.filter(is_one_of("lead_id", [lead.pk for lead in leads]), is_opening=True)
    return {inquiry.lead_id: inquiry for inquiry in openings}


def _give_to_member(leads: Sequence[Lead], *, asked: dict[UUID, Inquiry], member_id: UUID, now: datetime) -> None:
    member = Membership.objects.get(organization_id=get_organization_id(), pk=member_id)
    why = "named as the owner by the import"
    give_leads(gifts=[(lead, _wrap(member, inquiry=asked.get(lead.pk), why=why)) for lead in leads], now=now)


def _keep_named_owners(leads: Sequence[Lead], *, asked: dict[UUID, Inquiry], now: datetime) -> None:
    why = "named as the owner in its row"
    give_leads(gifts=[(lead, _wrap(lead.owner, inquiry=asked.get(lead.pk), why=why)) for lead in leads], now=now)


def _wrap(member: Membership, *, inquiry: Inquiry | None, why: str) -> Gift:
    """Return the gift to a member named by hand; nobody is told of it, nor chased for an answer."""
    receipt = Receipt(picked=member.name, why=why, is_quiet=True)
    return Gift(member=member, reason=Assignment.Reason.MANUAL, receipt=receipt, inquiry=inquiry, expires=False)


def _give_to_marketing(
    leads: Sequence[Lead], *, owner: Membership, asked: dict[UUID, Inquiry], why: str, now: datetime
) -> None:
    gifts = [(lead, wrap_for_marketing(owner=owner, inquiry=asked.get(lead.pk), why=why)) for lead in leads]
    give_leads(gifts=gifts, now=now)
