"""What joining two people would do, side by side: who keeps what, and what stands in the way. Writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leadhub.leads.consent import join_consents
from leadhub.leads.consenting import name_purpose
from leadhub.leads.models import Event, Identity, Inquiry, Lead, Person


@dataclass(frozen=True, kw_only=True)
class Row:
    """One fact: as the kept person has it, as the absorbed one has it, and as it would be."""

    label: str
    kept: str
    absorbed: str
    after: str


@dataclass(frozen=True, kw_only=True)
class MergePreview:
    """The comparison; two open leads forbid the merge."""

    rows: list[Row]
    open_leads: list[Lead]

    @property
    def is_forbidden(self) -> bool:
        """Say whether both have an open lead."""
        return len(self.open_leads) > 1


def preview_merge(*, kept: Person, absorbed: Person) -> MergePreview:
    """Compare two people: shown fields stay the kept person's where known, everything else is added up."""
    shown = [
        ("Name", _name(kept), _name(absorbed)),
        ("E-mail", kept.email, absorbed.email),
        ("Phone", kept.phone, absorbed.phone),
        ("Company", str(kept.company or kept.company_name), str(absorbed.company or absorbed.company_name)),
        ("Address", _write_home(kept), _write_home(absorbed)),
    ]
    rows = [Row(label=label, kept=one, absorbed=other, after=one or other) for label, one, other in shown]
    people = (kept, absorbed)
    open_leads = list(Lead.objects.open().filter(person__in=people).select_related("person", "owner"))
    return MergePreview(
        rows=[
            *rows,
            _compare_keys(kept, absorbed),
            *_count(kept, absorbed),
            _compare_silence(kept, absorbed),
            *_compare_consents(kept, absorbed),
        ],
        open_leads=open_leads,
    )


def _name(person: Person) -> str:
    return f"{person.first_name} {person.last_name}".strip()


def _write_home(person: Person) -> str:
    """Return what goes together where the kept person's is not known."""
    return ", ".join(filter(None, (person.street, person.postal_code, person.city)))


def _compare_keys(kept: Person, absorbed: Person) -> Row:
    """Return the row of addresses and numbers; those of both will recognise the one human."""
    known: dict[object, list[str]] = {kept.pk: [], absorbed.pk: []}
    for identity in Identity.objects.filter(person__in=(kept, absorbed)).order_by("kind", "value"):
        known[identity.person_id].append(identity.value)
    ours, theirs = known[kept.pk], known[absorbed.pk]
    return Row(
        label="Recognised by", kept=", ".join(ours), absorbed=", ".join(theirs), after=", ".join([*ours, *theirs])
    )


def _count(kept: Person, absorbed: Person) -> list[Row]:
    rows = []
    for label, model in (("Leads", Lead), ("Inquiries", Inquiry), ("Events", Event)):
        ours, theirs = (model.objects.filter(person=person).count() for person in (kept, absorbed))
        rows.append(Row(label=label, kept=str(ours), absorbed=str(theirs), after=str(ours + theirs)))
    return rows


def _compare_silence(kept: Person, absorbed: Person) -> Row:
    words = ["No mail, please" if person.do_not_contact else "May be written to" for person in (kept, absorbed)]
    after = "No mail, please" if kept.do_not_contact or absorbed.do_not_contact else "May be written to"
    return Row(label="Consent", kept=words[0], absorbed=words[1], after=after)


def _compare_consents(kept: Person, absorbed: Person) -> list[Row]:
    """For each purpose the later word counts."""
    joined = join_consents(absorbed.consent, kept.consent)
    return [
        Row(
            label=f"Consent: {name_purpose(purpose)}",
            kept=_word(kept.consent.get(purpose)),
            absorbed=_word(absorbed.consent.get(purpose)),
            after=_word(said),
        )
        for purpose, said in sorted(joined.items())
    ]


def _word(said: Mapping[str, Any] | None) -> str:
    if said is None:
        return ""
    return "agreed" if said["given"] else "refused"
