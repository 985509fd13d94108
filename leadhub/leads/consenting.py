"""What a person told a colleague that we may do, or no longer: kept with who heard it, and how. Called by page and API.

Forms keep their own answers by `consent.py`. Whoever withdraws what a mail may rest on wants what unsubscribing does,
and gets that and nothing else: their addresses come onto the list that is asked before every mail, and the event walks
the line, which ends their sequences.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.consent import (
    REFUSAL,
    list_addresses,
    list_asked,
    record_consent,
    take_back_refusals,
    write_refusal,
    write_suppressions,
)
from leadhub.leads.locking import lock_person
from leadhub.leads.models import EventKind, Lead, Person
from leadhub.leads.timeline import record_event
from leadhub.lib.errors import DomainError

LONGEST_WORDS = 300
# What a colleague is told most, beside what forms ask for by names of their own.
PURPOSES = {"email": "e-mail", "sms": "text messages", "phone": "calls"}
_NO_MAIL = frozenset({"sms", "phone"})
_PURPOSE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


class Way(models.TextChoices):
    """How they said it."""

    PHONE = "phone", "By phone"
    IN_PERSON = "in_person", "In person"
    MAIL = "mail", "By e-mail"
    MESSAGE = "message", "By text message or chat"
    LETTER = "letter", "By letter"


class ConsentUnclear(DomainError):
    """It is not said what for, or how they said it."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What they said: for what, yes or no, how, and in which words."""

    purpose: str
    is_given: bool
    way: str
    words: str = ""

    @property
    def stops_mail(self) -> bool:
        """Say whether it means that no sequence may write to them; in doubt a withdrawal does."""
        return not self.is_given and self.is_about_mail

    @property
    def is_about_mail(self) -> bool:
        """Say whether mail may be meant."""
        return self.purpose not in _NO_MAIL

    @property
    def title(self) -> str:
        """Say it in a few words."""
        return f"Consent to “{name_purpose(self.purpose)}” {'given' if self.is_given else 'withdrawn'}"


def name_purpose(purpose: str) -> str:
    """Return what a purpose is called on pages."""
    return PURPOSES.get(purpose) or purpose.replace("_", " ")


def note_consent(*, lead: Lead, said: Said, actor: Membership, now: datetime) -> Person:
    """Keep the latest word of the lead's person, tell the timeline and the audit log, and heed it.

    A consent given lifts no suppression; a yes to e-mail takes back the no of whoever had no address then. The same
    word again changes nothing, but a no to mail is heeded again where an address came since, or was taken off the list.
    Raises `ConsentUnclear`.
    """
    _require_clear(said)
    person: Person = lead.person
    lock_person(person)
    person.refresh_from_db(fields=["consent"])
    source = f"{Way(said.way).label}, to {actor.name}" + (f": “{said.words}”" if said.words else "")
    before, heard = person.consent.get(said.purpose), _list_mailed(person) if said.stops_mail else []
    refuses = said.stops_mail and not list_addresses(person).exists()
    known = before and (before["given"], before["source"], before.get(REFUSAL, False))
    if known == (said.is_given, source, refuses) and not heard:
        return person
    if said.is_given and said.purpose == "email":
        take_back_refusals(person)
    record_consent(
        person=person, purpose=said.purpose, is_given=said.is_given, source=source, now=now, refuses_mail=refuses
    )
    write_suppressions(addresses=heard, reason=write_refusal(source), now=now, covers_person=True)
    _tell(lead, said=said, before=before, actor=actor, now=now)
    return person


def _list_mailed(person: Person) -> list[str]:
    """Return the person's addresses that do not keep sequences from writing."""
    addresses = set(list_addresses(person))
    return sorted(addresses - set(list_asked(addresses)))


def _require_clear(said: Said) -> None:
    if not _PURPOSE.fullmatch(said.purpose):
        raise ConsentUnclear("Say what for, as in email, sms, phone or newsletter.", field="purpose")
    if said.way not in Way.values:
        raise ConsentUnclear("Choose how they said it.", field="way")
    if len(said.words) > LONGEST_WORDS:
        raise ConsentUnclear(f"At most {LONGEST_WORDS} characters.", field="words")


def _tell(lead: Lead, *, said: Said, before: dict[str, Any] | None, actor: Membership, now: datetime) -> None:
    """Put it on the timeline, where a withdrawal of mail is an unsubscribing, and into the audit log."""
    after = lead.person.consent[said.purpose]
    record_event(
        person=lead.person,
        lead=lead,
        kind=EventKind.UNSUBSCRIBED if said.stops_mail else EventKind.DETAILS_CHANGED,
        occurred_at=now,
        now=now,
        actor=actor,
        summary=f"{said.title}, {Way(said.way).label.lower()}",
        properties={"consent": {"before": before, "after": after}, "note": said.words and f"“{said.words}”"},
    )
    record_change(
        actor=actor,
        action="consent.given" if said.is_given else "consent.withdrawn",
        target_kind="person",
        target_id=lead.person_id,
        summary=f"{said.title}: {lead.person.name}"[:300],
        now=now,
        before={said.purpose: before},
        after={said.purpose: after},
    )
