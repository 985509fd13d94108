"""Write a mail that must reach somebody, whatever its template makes of their values, and remember what it could not.

Publishing checks a template, but a visitor's words are not known then: `{{ inquiry.fields.rooms | divided_by: 2 }}`
faults on whatever is no number. Acknowledgements and sequences write by this; the pages of forms and steps show what
faulted.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from leadhub.delivery.liquid import RenderedMail, TemplateFault, render_mail
from leadhub.delivery.models import WordingFault
from leadhub.leads.models import Lead
from leadhub.tenancy.inserts import insert_new

Kind = WordingFault.Kind


@dataclass(frozen=True, kw_only=True)
class Words:
    """A template: two texts of Liquid."""

    subject: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """The mail, and what its template could not say; empty where all is as meant."""

    mail: RenderedMail
    fault: str = ""

    @property
    def apology(self) -> str:
        """Say it for the path and the timeline."""
        return f"Not written as meant. {self.fault}" if self.fault else ""


def write_anyway(*, words: Words, values: dict[str, Any], plain: Words | None = None) -> Written:
    """Render the words; where an output faults leave it out, and where more does take the plain words.

    Raises `TemplateFault` where there are none.
    """
    try:
        return Written(mail=render_mail(subject=words.subject, body=words.body, values=values))
    except TemplateFault as fault:
        return Written(mail=_write_otherwise(words=words, values=values, plain=plain), fault=fault.message)


def note_fault(*, kind: WordingFault.Kind, template_id: UUID, fault: str, lead: Lead, now: datetime) -> None:
    """Remember for the template's author what it could not say, how often, and to whom last."""
    told = {"message": fault[:300], "lead": lead, "last_at": now}
    row = WordingFault(kind=kind, template_id=template_id, first_at=now, **told)
    if not insert_new([row]):
        WordingFault.objects.filter(kind=kind, template_id=template_id).update(times=F("times") + 1, **told)


def forget_faults(*, kind: WordingFault.Kind, template_id: UUID) -> None:
    """Forget what a template could not say: its author has written it anew."""
    WordingFault.objects.filter(kind=kind, template_id=template_id).delete()


def find_faults(*, kind: WordingFault.Kind, template_ids: Collection[UUID]) -> dict[UUID, WordingFault]:
    """Return template → what it could not say since it was last written, for those that faulted."""
    faults = WordingFault.objects.filter(kind=kind, template_id__in=template_ids).select_related("lead__person")
    return {fault.template_id: fault for fault in faults}


def _write_otherwise(*, words: Words, values: dict[str, Any], plain: Words | None) -> RenderedMail:
    """Return the words with gaps, or the plain ones; a subject that is all gap is the plain one."""
    otherwise = render_mail(subject=plain.subject, body=plain.body, values=values) if plain else None
    try:
        mail = render_mail(subject=words.subject, body=words.body, values=values, leaves_gaps=True)
    except TemplateFault:
        if otherwise is None:
            raise
        return otherwise
    if mail.subject or otherwise is None:
        return mail
    return RenderedMail(subject=otherwise.subject, text=mail.text, html=mail.html)
