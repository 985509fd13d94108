"""A colleague's own mail to a lead: written on the lead's page or by a program, it leaves by the outbox, once.

It is an act like a call: it counts when it is sent off, and is taken back where it certainly never left. It is no
campaign: no quiet hours, no cap, no footer, and nobody counts what is opened (ADR 47).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from leadhub.accounts.duty import find_answerer
from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import deliver
from leadhub.leads.consent import explain_suppressed
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import Event, EventKind, Lead, Outcome, TaskKind
from leadhub.leads.outcomes import log_outcome, take_back_act
from leadhub.leads.tasks import create_task
from leadhub.lib.errors import DomainError
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import get_organization_id
from nurture.settings import read_settings
from nurture.wording import write_twin

PURPOSE = "personal"
LONGEST_SUBJECT, LONGEST_TEXT = 300, 20_000
MOST_A_DAY = 10  # to one lead: a program that goes astray must not fill somebody's mailbox
_A_DAY = timedelta(days=1)


class CannotWrite(DomainError):
    """The person is not to be mailed, or has no address."""


class LetterUnwritten(DomainError):
    """The mail lacks its subject or its words."""


class SentOtherwise(DomainError):
    """The same form has sent other words already."""

    def __init__(self) -> None:
        super().__init__(
            "A mail with other words was sent from here already. If you mean a second one, send it once more."
        )


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is written, as plain text; `template` names what it began with."""

    subject: str
    text: str
    template: str = ""


def find_obstacle(lead: Lead, *, now: datetime) -> str:
    """Return why the lead cannot be written to, as a sentence, or an empty text."""
    person = lead.person
    if person.do_not_contact:
        return "They asked to be left alone: nobody writes to them."
    if not person.email_norm:
        return "There is no e-mail address: add one under Details."
    if reason := explain_suppressed([person.email_norm]).get(person.email_norm):
        return f"{person.email_norm} gets no mail: {reason}. Call, or ask for another address."
    if list_letters(lead=lead).filter(created_at__gt=now - _A_DAY).count() >= MOST_A_DAY:
        return f"They were written to {MOST_A_DAY} times within a day: call them, or wait."
    return ""


def send_letter(
    *,
    lead: Lead,
    letter: Letter,
    actor: Membership,
    now: datetime,
    key: str,
    next_task_due_at: datetime | None = None,
) -> Delivery:
    """Send the mail and log it as the member's act; the same `key` again sends nothing and returns the first.

    Raises `CannotWrite`, `LetterUnwritten`, and `SentOtherwise` where the key has sent other words.
    """
    lock_lead(lead)  # of two clicks at once the second finds what the first has sent
    if sent := find_sent(lead=lead, key=key):
        _require_same(sent, letter)
        return sent
    _require_written(letter)
    if obstacle := find_obstacle(lead, now=now):
        raise CannotWrite(obstacle)
    delivery = deliver(
        channel="mail",
        purpose=PURPOSE,
        dedupe_key=_name_key(lead, key),
        recipient=lead.person.email,
        content=_compose(letter, actor=actor),
        now=now,
        lead=lead,
    )
    if delivery.state == Delivery.State.SUPPRESSED:  # since the person was read
        raise CannotWrite(f"{delivery.recipient} asked for no more mail just now.")
    proof = {"delivery": str(delivery.pk), "template": letter.template}
    _log(lead, actor=actor, summary=_write_subject(letter), proof=proof, now=now, next_task_due_at=next_task_due_at)
    return delivery


def _log(lead: Lead, **act: Any) -> None:
    log_outcome(lead=lead, outcome=Outcome.MAIL, **act)


def find_sent(*, lead: Lead, key: str) -> Delivery | None:
    """Return the mail that the key has sent to the lead already."""
    return Delivery.objects.filter(dedupe_key=_name_key(lead, key)).first()


def list_letters(*, lead: Lead) -> QuerySet[Delivery]:
    """Return the personal mails to the lead."""
    return Delivery.objects.filter(lead=lead, purpose=PURPOSE)


def note_sent(delivery: Delivery, now: datetime) -> None:
    """Log the act anew where an admin sent again what had failed: it counts from when it left."""
    acts = list(_list_acts(delivery))
    if delivery.lead is None or not acts or any(act.voided_at is None for act in acts) or acts[0].actor is None:
        return
    proof = {name: acts[0].properties[name] for name in ("delivery", "template")}
    sent_at, summary = delivery.sent_at, acts[0].summary
    _log(delivery.lead, actor=acts[0].actor, summary=summary, proof=proof, now=now, occurred_at=sent_at)


def note_unsent(delivery: Delivery, now: datetime) -> None:
    """Take the act back, so that the clock runs on, and have its writer see to it."""
    act = _list_acts(delivery).filter(voided_at=None).first()
    if act is None:
        return
    subject = str(delivery.content["subject"])
    take_back_act(event=act, actor=None, now=now, summary=f"The mail “{subject}” was not sent: {delivery.error}")
    _ask_writer(act, title=f"Your mail did not leave: {subject}", cause="unsent", now=now)


def note_returned(delivery: Delivery, now: datetime) -> None:
    """Have its writer see to a mail that came back; it still counts as their attempt."""
    act = _list_acts(delivery).filter(voided_at=None).first()
    if act is not None:
        _ask_writer(act, title=f"Your mail came back: {delivery.content['subject']}", cause="returned", now=now)


def _ask_writer(act: Event, *, title: str, cause: str, now: datetime) -> None:
    if act.lead is None or act.actor is None:
        return
    member = find_answerer(act.actor)
    key = f"{cause}:{act.pk}"
    create_task(lead=act.lead, member=member, kind=TaskKind.MAIL, title=title, due_at=now, now=now, dedupe_key=key)


def _list_acts(delivery: Delivery) -> QuerySet[Event]:
    """Return the acts that the delivery proves, the latest first."""
    acts = Event.objects.filter(lead=delivery.lead_id, kind=EventKind.MAIL_SENT, properties__delivery=str(delivery.pk))
    return acts.select_related("lead__person", "person", "actor__user").order_by("-occurred_at", "-id")


def _name_key(lead: Lead, key: str) -> str:
    return f"{PURPOSE}:{lead.pk}:{key}"


def _require_same(sent: Delivery, letter: Letter) -> None:
    if (sent.content["subject"], sent.content["text"]) != (_write_subject(letter), _write_text(letter)):
        raise SentOtherwise


def _require_written(letter: Letter) -> None:
    asked = (("subject", letter.subject, LONGEST_SUBJECT), ("text", letter.text, LONGEST_TEXT))
    for field, text, longest in asked:
        if not text.strip():
            raise LetterUnwritten("Write a subject." if field == "subject" else "Write the mail.", field=field)
        if len(text) > longest:
            raise LetterUnwritten(f"At most {longest:,} characters.", field=field)


def _write_subject(letter: Letter) -> str:
    return " ".join(letter.subject.split())


def _write_text(letter: Letter) -> str:
    return "\n".join(line.rstrip() for line in letter.text.splitlines()).strip() + "\n"


def _compose(letter: Letter, *, actor: Membership) -> dict[str, Any]:
    """Return the mail's content: from the colleague, in the organization's name; answers go where all answers go."""
    text = _write_text(letter)
    organization = Organization.objects.get(pk=get_organization_id())
    return {
        "subject": _write_subject(letter),
        "text": text,
        "html": write_twin(text),
        "from_name": f"{actor.name}, {organization.name}",
        "reply_to": read_settings().reply_to or actor.user.email,
    }
