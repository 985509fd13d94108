"""The demo's mail: accepted at the story's instant instead of leaving, and what the people who got it do with it.

The mail of the last day is left to the real sender: it lands in the local inbox once the demo is committed.
"""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formataddr
from functools import partial
from uuid import UUID

from capture.mail.door import receive_mail
from leadhub.delivery.channels.envelope import Envelope
from leadhub.delivery.channels.mail import write_message_id
from leadhub.delivery.sending import CHANNELS
from leadhub.demo.planning import Planner, Plans
from leadhub.demo.team import Team
from leadhub.tenancy.scope import get_organization_id
from nurture.links import Link
from nurture.mail_templates import TemplatePlan, create_template
from nurture.models import MailHit, Message, Sequence, Step
from nurture.sequences import activate_sequence
from nurture.settings import SendingRules, save_settings
from nurture.steps import change_step, list_steps, read_step
from nurture.tracking import Request, note_hit
from nurture.unsubscribing import unsubscribe

LEFT_TO_THE_SENDER = timedelta(days=1)
PAGE = "https://northwind.example/gallery"
_PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
_SCANNER = "Mozilla/5.0 (compatible; Barracuda Sentinel)"
_YES = "Yes, please call me about it. After five is best.\n\nThank you!"
_BY_ITSELF = {"Auto-Submitted": "auto-replied"}
_AWAY = "I am away until Monday and read my mail then."
_GREETING = "Hello {{ person.first_name | default: 'there' }},\n\n"
_CLOSING = "\n\nBest regards,\n{{ sender.name }}\n{{ organization.name }}"
_TEMPLATES = {
    "Tried to call you": (
        "I tried to reach you, {{ person.first_name | default: 'there' }}",
        (
            "you asked us about {{ inquiry.service | default: 'your house' | downcase }}, and I just tried to call. "
            "When does it suit you: this afternoon, or tomorrow morning?"
        ),
    ),
    "After our visit": (
        "Your {{ inquiry.service | default: 'project' | downcase }}: what we agreed",
        (
            "thank you for showing us around. I am putting the quote together and send it within two days. "
            "If anything has changed since, just answer this mail."
        ),
    ),
    "Any questions on the quote?": (
        "Questions about your quote?",
        (
            "a few days ago you got our quote. Is everything clear, or shall we go through it on the phone? "
            "Ten minutes are enough."
        ),
    ),
}


class Postman:
    """Stands in for the mail channel while the past is played."""

    is_idempotent = True

    def send(self, envelope: Envelope) -> str:
        """Take the mail."""
        return f"demo-{envelope.id}"


@contextmanager
def take_mail() -> Iterator[None]:
    """Let no mail of the story's past leave this process."""
    real = CHANNELS["mail"]
    CHANNELS["mail"] = Postman()
    try:
        yield
    finally:
        CHANNELS["mail"] = real


def turn_sequences_on(*, team: Team, now: datetime) -> None:
    """Let Max say who writes, and turn on the drafts of sequences, each mail with a link to follow."""
    rules = SendingRules(postal_address="12 Harbor Street, Evanston, IL 60201")
    save_settings(rules=rules, actor=team.max, now=now)
    for sequence in Sequence.objects.all():
        for step in list_steps(sequence=sequence):
            if step.kind == Step.Kind.MAIL:
                plan = read_step(step)
                plan = replace(plan, body=f"{plan.body}\n\nPS: What we built lately: {PAGE}")
                change_step(step=step, plan=plan, actor=team.max, now=now)
        activate_sequence(sequence=sequence, actor=team.max, now=now)


def write_templates(*, team: Team, now: datetime) -> None:
    """Let Mia write what the reps begin their own mails with."""
    for name, (subject, words) in _TEMPLATES.items():
        plan = TemplatePlan(name=name, subject=subject, body=f"{_GREETING}{words}{_CLOSING}")
        create_template(plan=plan, actor=team.mia, now=now)


class Readers(Planner):
    """The people who get the sequences' mail."""

    def __init__(self, *, chance: random.Random) -> None:
        super().__init__(chance=chance)
        self._seen: set[UUID] = set()

    def plan_reactions(self, *, at: datetime) -> Plans:
        """Plan what becomes of the mails that left since the last time."""
        fresh = Message.objects.filter(delivery__sent_at__gt=at - timedelta(days=1)).exclude(pk__in=self._seen)
        for message in fresh.order_by("written_at", "lead__person__email"):
            self._seen.add(message.pk)
            yield from self._plan(message)

    def _plan(self, message: Message) -> Plans:
        link = Link(organization_id=get_organization_id(), message_id=message.pk)
        if self.chance.random() < 0.15:
            yield timedelta(seconds=3), partial(_hit, link, MailHit.Kind.OPENED, _SCANNER)
        if self.chance.random() > 0.48:
            return
        yield self._hours(0.2, 20), partial(_hit, link, MailHit.Kind.OPENED, _PHONE)
        fate = self.chance.random()
        if fate < 0.3:
            clicked = replace(link, target=PAGE)
            yield self._hours(20, 24), partial(_hit, clicked, MailHit.Kind.CLICKED, _PHONE)
        if fate < 0.08:
            yield self._hours(24, 40), partial(_answer, message.pk, {}, _YES)
        elif 0.6 < fate < 0.66:
            yield self._minutes(1, 4), partial(_answer, message.pk, _BY_ITSELF, _AWAY)
        elif fate > 0.95:
            yield self._hours(20, 30), partial(_leave, link)


def _hit(link: Link, kind: MailHit.Kind, agent: str, at: datetime) -> Plans:
    """Open the mail or follow its link."""
    note_hit(link=link, kind=kind, request=Request(method="GET", headers={"User-Agent": agent}), now=at)
    return iter(())


def _answer(message_id: UUID, headers: Mapping[str, str], text: str, at: datetime) -> Plans:
    """Write back: it comes in by the mail's door, as a mail server would hand it in."""
    message = Message.objects.select_related("lead__person", "delivery").get(pk=message_id)
    if message.delivery is None:
        return iter(())
    letter = EmailMessage()
    letter["From"] = formataddr((message.lead.person.name, message.delivery.recipient))
    letter["Subject"] = f"Re: {message.delivery.content['subject']}"
    letter["Message-ID"], letter["In-Reply-To"] = f"<{message_id}@home.example>", write_message_id(message.delivery.pk)
    for name, value in headers.items():
        letter[name] = value
    letter.set_content(text)
    receive_mail(raw=letter.as_bytes(), request={"agent": "mail.example"}, now=at)
    return iter(())


def _leave(link: Link, at: datetime) -> Plans:
    unsubscribe(link=link, now=at)
    return iter(())
