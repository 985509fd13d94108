"""Who may be the same human as somebody: found, never joined. Called by the lead page and the merge page.

Each way of looking is served by an index: a shared address or number, an arrival that named both, colleagues of one
company with nearly the same name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from leadhub.leads.models import Event, Identity, Person, PersonMerge

MOST = 5
_LATEST = 20


@dataclass(frozen=True, kw_only=True)
class Duplicate:
    """Somebody who may be the same human, and what speaks for it."""

    person: Person
    reason: str


def find_duplicates(*, person: Person) -> list[Duplicate]:
    """Return who may be the same human, the strongest reason first; who is merged away is left out."""
    reasons: dict[UUID, str] = {}
    for person_id, reason in _list_signs(person):
        if person_id != person.pk:
            reasons.setdefault(person_id, reason)
    if not reasons:
        return []
    gone = PersonMerge.objects.filter(absorbed__in=reasons, parted_at=None).values("absorbed")
    found = Person.objects.filter(pk__in=reasons).exclude(pk__in=gone).select_related("company").in_bulk()
    known = [Duplicate(person=found[pk], reason=reason) for pk, reason in reasons.items() if pk in found]
    return known[:MOST]


def _list_signs(person: Person) -> Iterator[tuple[UUID, str]]:
    """Yield who shares what with the person."""
    shown = Q(kind=Identity.Kind.EMAIL, value=person.email_norm) | Q(kind=Identity.Kind.PHONE, value=person.phone_e164)
    for identity in Identity.objects.filter(shown).exclude(value=""):
        yield identity.person_id, f"Same {Identity.Kind(identity.kind).label.lower()}: {identity.value}"
    for named in _list_named_together(person):
        yield named, "One inquiry named both"
    if person.company_id and person.last_name:
        alike = Person.objects.filter(company=person.company_id, last_name__iexact=person.last_name)
        initial = person.first_name[:1]
        close = alike.filter(Q(first_name__istartswith=initial) | Q(first_name="")) if initial else alike
        for other in close.order_by("pk").values_list("pk", flat=True)[: MOST + 1]:
            yield other, "Same company, nearly the same name"


def _list_named_together(person: Person) -> list[UUID]:
    """Return whom the person's arrivals named by a key that stayed with that other person."""
    told = Event.objects.filter(person=person, properties__has_key="left_alone").order_by("-occurred_at")[:_LATEST]
    notes = told.values_list("properties", flat=True)
    return [UUID(note["person"]) for properties in notes for note in properties["left_alone"]]
