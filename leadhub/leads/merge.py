"""Two people who are one human: joined by a colleague, never by itself, and parted again as they were.

Keys, touches, events, inquiries and leads go to the kept person, each noted on the `PersonMerge`, so that parting
takes exactly those back; the absorbed person's row stays, with nothing hanging on it. What is shown of the kept person
stays as it is; what is not known of them is filled in. Called by pages and API.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Max

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.address import TELLING, is_another_place
from leadhub.leads.consent import join_consents, part_consents
from leadhub.leads.keys import Key, lock_keys
from leadhub.leads.locking import lock_leads, lock_person
from leadhub.leads.models import Event, EventKind, Identity, Inquiry, Lead, Person, PersonMerge, Touch
from leadhub.leads.timeline import record_event
from leadhub.lib.errors import DomainError

_MOVED: Mapping[str, type[Identity | Touch | Event | Inquiry]] = {
    "identities": Identity,
    "touches": Touch,
    "events": Event,
    "inquiries": Inquiry,
}
# Columns that say one thing together: filled as a whole, where nothing of it is known.
_SHOWN = (
    ("first_name", "last_name"),
    ("title",),
    ("email", "email_norm", "is_free_mail"),
    ("phone", "phone_e164"),
    ("company_id", "company_name"),
    TELLING,
    ("region", "country"),
    ("time_zone",),
    ("language",),
)


class NotTwoPeople(DomainError):
    """One of the two is the other, or was merged already."""

    def __init__(self) -> None:
        super().__init__("Choose two people who are not merged yet.", field="person")


class TwoOpenLeads(DomainError):
    """Both have an open lead, and a person has one at most."""

    def __init__(self) -> None:
        super().__init__("Both have an open lead: end one of them first.", field="person")


class JoinedOn(DomainError):
    """The kept person was joined with somebody else since, who has now what would go back."""

    def __init__(self) -> None:
        super().__init__("They were joined with somebody else since: undo that one first.")


class AlreadyParted(DomainError):
    """The merge was undone before."""

    def __init__(self) -> None:
        super().__init__("This merge is undone already.")


def merge_people(*, kept: Person, absorbed: Person, actor: Membership, now: datetime) -> PersonMerge:
    """Give everything of `absorbed` to `kept`, by a colleague's word. Raises `NotTwoPeople`, `TwoOpenLeads`."""
    _lock_both(kept, absorbed)
    in_force = PersonMerge.objects.filter(absorbed__in=[kept, absorbed], parted_at=None)
    if kept.pk == absorbed.pk or in_force.exists():
        raise NotTwoPeople
    if Lead.objects.open().filter(person__in=[kept, absorbed]).count() > 1:
        raise TwoOpenLeads
    moved: dict[str, Any] = {name: _move(model, absorbed, kept) for name, model in _MOVED.items()}
    moved["leads"] = _move_leads(absorbed=absorbed, kept=kept)
    moved["filled"] = _fill_blanks(absorbed=absorbed, kept=kept)
    moved["consent"] = _join_consents(absorbed=absorbed, kept=kept)
    moved["silenced"] = _take_over_silence(absorbed=absorbed, kept=kept)
    merge = PersonMerge.objects.create(kept=kept, absorbed=absorbed, moved=moved, merged_at=now, merged_by=actor)
    _record(merge=merge, kind=EventKind.PEOPLE_MERGED, actor=actor, now=now)
    return merge


def part_people(*, merge: PersonMerge, actor: Membership, now: datetime) -> PersonMerge:
    """Take back what a merge moved; what came since stays with the kept person, or with its lead.

    Raises `AlreadyParted`, and `JoinedOn` where a later merge must be undone first.
    """
    _lock_both(merge.kept, merge.absorbed)
    if PersonMerge.objects.filter(absorbed=merge.kept, parted_at=None).exists():
        raise JoinedOn
    if not PersonMerge.objects.filter(pk=merge.pk, parted_at=None).update(parted_at=now, parted_by=actor):
        raise AlreadyParted
    kept, absorbed = merge.kept, merge.absorbed
    for name, model in _MOVED.items():
        model.objects.filter(person=kept, pk__in=merge.moved[name]).update(person=absorbed)
    _return_leads(moved=merge.moved["leads"], kept=kept, absorbed=absorbed)
    _empty_again(merge.moved.get("filled", []), absorbed=absorbed, kept=kept)
    _part_consents(merge.moved.get("consent"), kept=kept)
    if merge.moved["silenced"]:
        kept.do_not_contact = False
        kept.save(update_fields=["do_not_contact"])
    merge.parted_at, merge.parted_by = now, actor
    _record(merge=merge, kind=EventKind.PEOPLE_PARTED, actor=actor, now=now)
    return merge


def _lock_both(*people: Person) -> None:
    """Hold the keys and rows of both, as an arrival would, so that none finds the wrong person meanwhile."""
    identities = Identity.objects.filter(person__in=people)
    lock_keys([Key(Identity.Kind(identity.kind), identity.value) for identity in identities])
    for person in sorted(people, key=lambda one: one.pk):
        lock_person(person)


def _move(model: type[Identity | Touch | Event | Inquiry], absorbed: Person, kept: Person) -> list[str]:
    rows = model.objects.filter(person=absorbed)
    moved = [str(pk) for pk in rows.values_list("pk", flat=True)]
    rows.update(person=kept)
    return moved


def _move_leads(*, absorbed: Person, kept: Person) -> dict[str, int]:
    """Number the leads on behind those of the kept person; return the numbers they had."""
    last = Lead.objects.filter(person=kept).aggregate(last=Max("number"))["last"] or 0
    moved: dict[str, int] = {}
    held = Lead.objects.select_for_update(no_key=True).filter(person=absorbed).order_by("pk")
    for lead in sorted(held, key=attrgetter("number")):
        moved[str(lead.pk)] = lead.number
        Lead.objects.filter(pk=lead.pk).update(person=kept, number=last + len(moved))
    return moved


def _return_leads(*, moved: Mapping[str, int], kept: Person, absorbed: Person) -> None:
    """Give each lead its person and number back, and with it what happened to it since."""
    lock_leads([UUID(lead_id) for lead_id in moved])
    for lead_id, number in moved.items():
        pk = UUID(lead_id)
        Lead.objects.filter(pk=pk).update(person=absorbed, number=number)
        for model in (Event, Inquiry):
            model.objects.filter(lead=pk, person=kept).update(person=absorbed)


def _fill_blanks(*, absorbed: Person, kept: Person) -> dict[str, Any]:
    """Show of the absorbed person what is not known of the kept one; return column → what the kept one had.

    An address brings its region and country along: those of the kept person are then their number's, and elsewhere. One
    that stays gets no region or country of another place.
    """
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    blank = [group for group in _SHOWN if not any(getattr(kept, name) for name in group)]
    if is_another_place(known=vars(kept), told=vars(absorbed)):
        blank = [group for group in blank if "region" not in group]
    filled = [name for group in blank for name in group if getattr(absorbed, name)]
    if any(name in filled for name in TELLING):
        filled += ["region", "country"] if absorbed.country else ["region"]
    before = {name: getattr(kept, name) for name in filled}
    if before:
        Person.objects.filter(pk=kept.pk).update(**{name: getattr(absorbed, name) for name in before})
        kept.refresh_from_db()
    return before


def _empty_again(filled: Mapping[str, Any] | Sequence[str], *, absorbed: Person, kept: Person) -> None:
    """Take back what the merge filled in, unless somebody has changed it since. Earlier releases noted names only."""
    kept.refresh_from_db()
    before = filled if isinstance(filled, Mapping) else {name: getattr(Person(), name) for name in filled}
    taken = {name: was for name, was in before.items() if getattr(kept, name) == getattr(absorbed, name)}
    if taken:
        Person.objects.filter(pk=kept.pk).update(**taken)
        kept.refresh_from_db()


def _join_consents(*, absorbed: Person, kept: Person) -> dict[str, Any]:
    """Let the human's later word stand, for each purpose; return what the kept person had, and has."""
    before, joined = kept.consent, join_consents(absorbed.consent, kept.consent)
    Person.objects.filter(pk=kept.pk).update(consent=joined)
    kept.consent = joined
    return {"before": before, "joined": joined}


def _part_consents(moved: Mapping[str, Any] | None, *, kept: Person) -> None:
    """Give the kept person their own words back. A merge of an earlier release filled them in, or left them alone."""
    if moved:
        kept.consent = part_consents(kept.consent, **moved)
        kept.save(update_fields=["consent"])


def _take_over_silence(*, absorbed: Person, kept: Person) -> bool:
    """Leave the human alone as a whole where one half asked for it; say whether that is new for the other."""
    absorbed.refresh_from_db(fields=["do_not_contact"])
    kept.refresh_from_db(fields=["do_not_contact"])
    if not absorbed.do_not_contact or kept.do_not_contact:
        return False
    kept.do_not_contact = True
    kept.save(update_fields=["do_not_contact"])
    return True


def _record(*, merge: PersonMerge, kind: EventKind, actor: Membership, now: datetime) -> None:
    record_event(
        person=merge.kept,
        lead=None,
        kind=kind,
        occurred_at=now,
        now=now,
        actor=actor,
        summary=f"{merge.absorbed} and {merge.kept}",
        properties={"merge": str(merge.pk), "absorbed": str(merge.absorbed_id)},
        walks=False,
    )
    record_change(
        actor=actor,
        action=f"people.{'merged' if kind == EventKind.PEOPLE_MERGED else 'parted'}",
        target_kind="person",
        target_id=merge.kept_id,
        summary=f"{kind.label}: {merge.absorbed} and {merge.kept}"[:300],
        now=now,
        after={"absorbed": str(merge.absorbed_id)},
    )
