"""Take back what a bulk arrival made, where nobody has built on it since. Called by capture's undo of an import.

Touched means: a colleague or the person did something since the import began (an event that is neither the import's
own nor an automation's, a task planned by hand), or a later inquiry joined. Then the row stays and the caller is
told why.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from leadhub.leads.locking import lock_leads, lock_people
from leadhub.leads.models import (
    Company,
    Event,
    EventKind,
    Identity,
    Inquiry,
    Lead,
    Opportunity,
    OpportunityLead,
    Person,
    StageChange,
    Task,
    Touch,
)

# What the product does by itself about a lead that arrives; none of it is work that would be lost.
AUTOMATIC = (
    EventKind.OWNER_CHANGED,
    EventKind.STAGE_CHANGED,
    EventKind.VERDICT_CHANGED,
    EventKind.COOLING,
    EventKind.ACKNOWLEDGED,
)
_NOTHING = (None, "")


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What one row made. `person_id` and `lead_id` are set where it made them; `told_…` name whom it was about."""

    number: int
    person_id: UUID | None
    lead_id: UUID | None
    told_person_id: UUID | None
    told_lead_id: UUID | None
    inquiry_id: UUID | None
    made: Mapping[str, Any]
    changed: Mapping[str, Any]


def hold_told(removals: Sequence[Removal]) -> None:
    """Hold whom the rows are about until the transaction ends, in the lock order, and before anything of theirs."""
    lock_people({row.told_person_id for row in removals if row.told_person_id})
    lock_leads({row.told_lead_id for row in removals if row.told_lead_id})


def take_back_many(*, removals: Sequence[Removal], own_events: Collection[UUID], since: datetime) -> dict[int, str]:
    """Delete what the rows made; return a reason for each row of which something stays. They are held.

    `own_events` are those that the whole import wrote about these leads, `since` is when it began.
    """
    told = {row.told_lead_id for row in removals if row.told_lead_id}
    touched = _find_touched(told, own_events=own_events, since=since)
    notes = {row.number: "Somebody has worked on this lead since" for row in removals if row.told_lead_id in touched}
    free = [row for row in removals if row.told_lead_id not in touched]
    _delete_deals(_ids(free, "opportunities"))
    _delete(Event, _ids(free, "events"))
    _delete(StageChange, _ids(free, "stage_changes"))
    _delete_inquiries([row.inquiry_id for row in free if row.inquiry_id])
    _delete_keys(_ids(free, "identities"))
    notes |= _delete_leads([row for row in free if row.lead_id])
    notes |= _delete_people([row for row in free if row.person_id])
    _delete_companies(_ids(free, "companies"))
    return notes


def restore_many(*, removals: Sequence[Removal], now: datetime) -> dict[int, str]:
    """Put overwritten values back where they still stand; `removals` come in reverse order of the rows."""
    notes: dict[int, str] = {}
    for model, name in ((Person, "person"), (Lead, "lead")):
        told = [
            (row, row.told_person_id if model is Person else row.told_lead_id)
            for row in removals
            if row.changed.get(name)
        ]
        held = model.objects.select_for_update(no_key=True).order_by("pk")
        found = {one.pk: one for one in held.filter(pk__in=[pk for _row, pk in told if pk])}
        for row, pk in told:
            target = found.get(pk) if pk else None
            kept = _restore(target, row.changed[name], now=now) if target else []
            if kept:
                notes[row.number] = f"Changed since: {', '.join(kept)}"
    return notes


def _restore(target: Person | Lead, changes: Mapping[str, Any], *, now: datetime) -> list[str]:
    """Set each field to what it was, unless somebody has changed it again; return the fields that stay."""
    kept, restored = [], []
    for name, (before, after) in changes.items():
        field = _find_field(type(target), name)
        if not _is_same(getattr(target, name), field.to_python(after)):
            kept.append(field.verbose_name)
        elif name != "last_touch_id":
            setattr(
                target, name, field.to_python(before) if before is not None else field.to_python(field.get_default())
            )
            restored.append(field.name)
    if isinstance(target, Lead) and restored:
        target.updated_at = now
        restored.append("updated_at")
    if restored:
        target.save(update_fields=restored)
    return [str(name) for name in kept]


def _find_field(model: type[models.Model], attname: str) -> Any:
    return next(field for field in model._meta.concrete_fields if field.attname == attname)


def _is_same(one: object, other: object) -> bool:
    """Say whether two values are one: an instant in any zone, an amount with any number of cents."""
    return one == other or (one in _NOTHING and other in _NOTHING)


def _find_touched(lead_ids: set[UUID], *, own_events: Collection[UUID], since: datetime) -> set[UUID]:
    """Return the leads that a member or the person has done something about since."""
    events = Event.objects.filter(lead__in=lead_ids, logged_at__gt=since, voided_at=None).exclude(pk__in=own_events)
    by_people = events.exclude(kind__in=AUTOMATIC, actor=None)
    planned = Task.objects.filter(lead__in=lead_ids, created_at__gt=since, dedupe_key="")
    return {lead_id for rows in (by_people, planned) for lead_id in rows.values_list("lead_id", flat=True) if lead_id}


def _ids(rows: Iterable[Removal], name: str) -> list[UUID]:
    return [UUID(one) for row in rows for one in row.made.get(name, ())]


def _delete(model: type[models.Model], ids: Sequence[UUID]) -> None:
    """Delete rows after whatever hangs on them, table by table.

    Django's collector gives up its order where references go round in a circle, and ours are not deferrable.
    """
    if not ids:
        return
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        hanging = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids})
        if relation.on_delete is models.CASCADE:
            _delete(relation.related_model, list(hanging.values_list("pk", flat=True)))
        elif relation.on_delete is models.SET_NULL:
            hanging.update(**{relation.field.name: None})
    own = model._base_manager.filter(pk__in=ids)
    own._raw_delete(own.db)


def _delete_deals(ids: Sequence[UUID]) -> None:
    if ids:
        OpportunityLead.objects.filter(opportunity__in=ids).delete()
        _delete(Opportunity, ids)


def _delete_inquiries(ids: Sequence[UUID]) -> None:
    """Delete inquiries with the touches they came by; a lead that was reported under one loses only the pointer."""
    touches = list(Inquiry.objects.filter(pk__in=ids, touch__isnull=False).values_list("touch_id", flat=True))
    _delete(Inquiry, ids)
    _delete(Touch, touches)


def _delete_keys(ids: Sequence[UUID]) -> None:
    """Delete the keys that the import gave to known people, except their present address and number."""
    present = Q(value=F("person__email_norm")) | Q(value=F("person__phone_e164"))
    _delete(Identity, list(Identity.objects.filter(pk__in=ids).exclude(present).values_list("pk", flat=True)))


def _delete_companies(ids: Sequence[UUID]) -> None:
    """Delete the employers that nobody works for any more and nobody looks after."""
    alone = Company.objects.filter(pk__in=ids, owner=None).exclude(people__isnull=False)
    _delete(Company, list(alone.values_list("pk", flat=True)))


def _delete_leads(rows: Sequence[Removal]) -> dict[int, str]:
    """Delete the leads; one that a later inquiry joined stays."""
    ids = {row.lead_id for row in rows}
    joined = set(Inquiry.objects.filter(lead__in=ids).values_list("lead_id", flat=True))
    _delete(Lead, [pk for pk in ids if pk and pk not in joined])
    return {row.number: "The lead has another inquiry by now" for row in rows if row.lead_id in joined}


def _delete_people(rows: Sequence[Removal]) -> dict[int, str]:
    """Delete the people without any lead left."""
    ids = {row.person_id for row in rows}
    busy = set(Lead.objects.filter(person__in=ids).values_list("person_id", flat=True))
    _delete(Person, [pk for pk in ids if pk and pk not in busy])
    return {row.number: "The person has another lead by now" for row in rows if row.person_id in busy}
