"""What people asked us not to do, and what they agreed to. Read by the outbox before every mail."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Func, Q, QuerySet

from leadhub.accounts.models import Membership
from leadhub.leads.models import EventKind, Identity, Person, Suppression
from leadhub.leads.normal import normalise_email
from leadhub.leads.timeline import record_event
from leadhub.lib.errors import DomainError

REFUSAL = "refuses_mail"


class NoAddress(DomainError):
    """The text is no e-mail address."""


def suppress(*, email: str, reason: str, now: datetime, covers_person: bool = False) -> Suppression:
    """Never mail the address again; the first reason stays. Raises `NoAddress`.

    `covers_person` is for what somebody asked for, not for what befell the address: see `list_covered`.
    """
    email_norm = normalise_email(email)
    if email_norm is None:
        raise NoAddress("This is not an e-mail address.", field="email")
    write_suppressions(addresses=[email_norm], reason=reason, now=now, covers_person=covers_person)
    return Suppression.objects.get(email_norm=email_norm)


def write_suppressions(*, addresses: Collection[str], reason: str, now: datetime, covers_person: bool) -> None:
    """Put normalised addresses on the list; one that is there keeps its reason, and covers its person from now on."""
    rows = [
        Suppression(email_norm=address, reason=reason[:200], covers_person=covers_person, created_at=now)
        for address in addresses
    ]
    Suppression.objects.bulk_create(rows, ignore_conflicts=True)
    if covers_person:
        Suppression.objects.filter(email_norm__in=addresses, covers_person=False).update(covers_person=True)


def list_addresses(person: Person) -> QuerySet[Identity, str]:
    """Return every address that the person has, normalised."""
    return Identity.objects.filter(kind=Identity.Kind.EMAIL, person=person).order_by().values_list("value", flat=True)


def list_asked(addresses: Collection[str]) -> QuerySet[Suppression, str]:
    """Return, of normalised addresses, those as which somebody asked for no more mail of sequences."""
    asked = Suppression.objects.filter(covers_person=True, email_norm__in=addresses)
    return asked.order_by().values_list("email_norm", flat=True)


def list_covered(person_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return, of these people, those who asked for no more mail of sequences, each with an address they said it for.

    Read from the addresses that each has now, so that a merge, a new address and a lifting all count at once. Who had
    none when they said no has said it for whichever they have now.
    """
    asked = Suppression.objects.filter(covers_person=True).order_by().values("email_norm")
    theirs = Identity.objects.filter(kind=Identity.Kind.EMAIL, person__in=person_ids, value__in=asked).order_by()
    refusing = Person.objects.filter(_refuses_mail("consent"), pk__in=person_ids).order_by()
    rows = theirs.values_list("person_id", "value").union(refusing.values_list("pk", "email_norm"))
    return dict(rows.order_by("value"))


def is_suppressed(email: str) -> bool:
    """Say whether the address, or a person who has it, asked not to be mailed."""
    email_norm = normalise_email(email) or email.strip().lower()
    return bool(list_suppressed([email_norm]))


def find_silence(person: Person) -> Suppression | None:
    """Return why a person gets less mail: an address that silences their sequences, best the one they have now."""
    stops = Q(covers_person=True, email_norm__in=list_addresses(person)) | Q(email_norm=person.email_norm)
    is_theirs_now = ExpressionWrapper(Q(email_norm=person.email_norm), output_field=BooleanField())
    silences = Suppression.objects.filter(stops).order_by("-covers_person", is_theirs_now.desc(), "created_at")
    return silences.first() or _read_refusal(person)


def _read_refusal(person: Person) -> Suppression | None:
    """Return what a person without an address has said, as if it were on the list for the one they have since."""
    refusals = [said for said in person.consent.values() if said.get(REFUSAL)]
    if not refusals or not person.email_norm:
        return None
    said = max(refusals, key=_read_moment)
    reason = write_refusal(said["source"])
    return Suppression(email_norm=person.email_norm, reason=reason, covers_person=True, created_at=_read_moment(said))


def write_refusal(source: str) -> str:
    """Say why nothing is mailed to whoever told a colleague so."""
    return f"They said so. {source}"[:200]


def _refuses_mail(column: str) -> Func:
    """Return the condition that somebody without an address has asked for no mail, and not taken it back."""
    template = f"jsonb_path_exists(%(expressions)s, '$.*.{REFUSAL} ? (@ == true)')"
    return Func(F(column), template=template, output_field=BooleanField())


def explain_suppressed(addresses: Collection[str]) -> dict[str, str]:
    """Return, of the normalised addresses, those that are not to be mailed, each with why."""
    reasons = dict(Suppression.objects.filter(email_norm__in=addresses).values_list("email_norm", "reason"))
    return {address: reasons.get(address, "do not contact") for address in list_suppressed(addresses)}


def list_suppressed(addresses: Collection[str]) -> set[str]:
    """Return which of the normalised addresses are not to be mailed: listed, or of a person who asked for it."""
    listed = Suppression.objects.filter(email_norm__in=addresses).order_by()
    wishes = Q(person__do_not_contact=True) | Q(_refuses_mail("person__consent"))
    silent = Identity.objects.filter(wishes, kind=Identity.Kind.EMAIL, value__in=addresses)
    return set(listed.values_list("email_norm", flat=True).union(silent.order_by().values_list("value", flat=True)))


def suppress_person(*, person: Person, reason: str, now: datetime, actor: Membership | None = None) -> Person:
    """Leave the person alone: every address of theirs, and whichever they add later. Twice changes nothing."""
    if person.do_not_contact:
        return person
    write_suppressions(addresses=list(list_addresses(person)), reason=reason, now=now, covers_person=True)
    person.do_not_contact = True
    person.save(update_fields=["do_not_contact"])
    record_event(
        person=person,
        lead=None,
        kind=EventKind.UNSUBSCRIBED,
        occurred_at=now,
        now=now,
        actor=actor,
        summary=reason,
        walks=False,
    )
    return person


def record_consent(
    *, person: Person, purpose: str, is_given: bool, source: str, now: datetime, refuses_mail: bool = False
) -> Person:
    """Note what the person agreed to or withdrew for a purpose, when, and where and to which words they said so.

    The person is held and read since. What was said later stands: a form's post may have waited to be released.
    `refuses_mail` is for whoever wants none and has no address that could be listed: it holds for those to come.
    """
    said: dict[str, Any] = {"given": is_given, "at": now.isoformat(), "source": source}
    if refuses_mail:
        said[REFUSAL] = True
    person.consent = join_consents(person.consent, {purpose: said})
    person.save(update_fields=["consent"])
    return person


def take_back_refusals(person: Person) -> None:
    """Let the person be mailed again who refused it without an address; what they said stays. The caller saves."""
    person.consent = {
        purpose: {name: value for name, value in said.items() if name != REFUSAL}
        for purpose, said in person.consent.items()
    }


def join_consents(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Return purpose → the later word of the two; of two at one instant what was told."""
    joined = dict(known)
    for purpose, said in told.items():
        if purpose not in joined or _read_moment(joined[purpose]) <= _read_moment(said):
            joined[purpose] = said
    return joined


def part_consents(now: Mapping[str, Any], *, before: Mapping[str, Any], joined: Mapping[str, Any]) -> dict[str, Any]:
    """Take back what joining brought, `before` → `joined`, but for what was said anew since."""
    parted = dict(now)
    for purpose, said in joined.items():
        if parted.get(purpose) != said or before.get(purpose) == said:
            continue
        del parted[purpose]
        if purpose in before:
            parted[purpose] = before[purpose]
    return parted


def _read_moment(said: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(said["at"])
