"""Write a sequence's mail into the outbox, when the lead may be written to. Called by the step job.

`find_delay` says when that is: not while the mailbox is full, nor in quiet hours in the lead's own time, nor beyond the
cap over all sequences, nor beyond the organization's of the day. The outbox asks `rule_on_delivery` once more right
before the call, since hours may have passed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from leadhub.accounts.duty import find_answerer
from leadhub.delivery.liquid import RenderedMail
from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import deliver
from leadhub.delivery.purposes import Ruling
from leadhub.leads.full_mailboxes import find_full_until
from leadhub.leads.models import EventKind, Lead
from leadhub.leads.timeline import record_event
from leadhub.lib.ids import new_id
from nurture.exits import ENDED_EARLY, NEVER_LEFT, NOT_LEFT, find_exit, find_late_exit, list_overlapping
from nurture.links import CLICK, LEAVE, OPEN, make_link
from nurture.models import Enrollment, Message, Sequence, Step
from nurture.moments import end_of_quiet
from nurture.path import find_zone
from nurture.settings import SendingRules, read_settings
from nurture.turns import find_turn
from nurture.wording import add_footer, count_links, list_sites, make_footer, name_sender, read_site

PURPOSE = "nurture"
_ASKS_AGAIN_AFTER = timedelta(minutes=5)  # how long after its sequence is turned on again a held mail leaves
HAD_BY_ANOTHER = "Had it by another lead, before two records became one"


@dataclass(frozen=True, kw_only=True)
class Delay:
    """Why a mail has to wait, and until when."""

    until: datetime
    reason: str
    turn_on: date | None = None


def find_delay(*, enrollment: Enrollment, now: datetime, rules: SendingRules) -> Delay | None:
    """Return why the lead cannot be written to now, or None; a mail that has its turn keeps it over quiet hours."""
    lead = enrollment.lead
    zone = find_zone(lead)
    full_until = find_full_until(lead.person, now=now)
    if full_until is not None:
        return Delay(until=end_of_quiet(full_until, zone=zone, rules=rules), reason="Their mailbox was full")
    until = end_of_quiet(now, zone=zone, rules=rules)
    if until > now:
        return Delay(until=until, reason="Quiet hours where the lead is", turn_on=enrollment.turn_on)
    capped_until = _find_cap_end(lead=lead, now=now, rules=rules)
    if capped_until is not None:
        reason = f"Had {rules.cap_mails} mails in {rules.cap_days} days"
        return Delay(until=end_of_quiet(capped_until, zone=zone, rules=rules), reason=reason)
    turn = find_turn(enrollment=enrollment, zone=zone, now=now, rules=rules)
    return Delay(until=turn.at, reason=turn.reason, turn_on=turn.on) if turn else None


def was_mailed_before(*, enrollment: Enrollment, step: Step) -> bool:
    """Say whether the person had the step's mail by another lead of theirs: two records turned out to be one person.

    What of the other's waits to leave does not count; of two that wait the one of who entered first leaves.
    """
    mails = _list_twin_mails(enrollment=enrollment, step=step)
    return mails.exclude(delivery__state__in=NOT_LEFT).exists()


def send_mail(*, enrollment: Enrollment, step: Step, mail: RenderedMail, now: datetime, rules: SendingRules) -> Message:
    """Send the step's mail, once per enrollment and step."""
    lead = enrollment.lead
    message = Message(enrollment=enrollment, step=step, lead=lead, written_at=now)
    delivery_id = new_id()
    content = _compose(mail, message=message, delivery_id=delivery_id, lead=lead, rules=rules)
    message.delivery = deliver(
        channel="mail",
        purpose=PURPOSE,
        dedupe_key=f"{PURPOSE}:{enrollment.pk}:{step.pk}",
        recipient=lead.person.email,
        content=content,
        now=now,
        lead=lead,
        delivery_id=delivery_id,
    )
    message.save(force_insert=True)
    return message


def rule_on_delivery(delivery: Delivery, now: datetime) -> Ruling:
    """Say, right before the call, whether the mail may leave: not after an exit, nor while paused or in quiet hours."""
    message = _find_message(delivery)
    if message is None:
        return Ruling()
    enrollment = message.enrollment
    if enrollment.state in ENDED_EARLY:
        return Ruling(withdrawn=enrollment.why_here)
    left = find_exit(enrollment, now=now) or find_late_exit(enrollment, since=message.written_at)
    if reason := left or _find_twin_mail(message, now=now):
        return Ruling(withdrawn=reason)
    if enrollment.sequence.state == Sequence.State.PAUSED:
        return Ruling(later=now + _ASKS_AGAIN_AFTER)
    quiet_until = end_of_quiet(now, zone=find_zone(enrollment.lead), rules=read_settings())
    return Ruling(later=quiet_until) if quiet_until > now else Ruling()


def note_sent(delivery: Delivery, now: datetime) -> None:
    """Write into the timeline that the mail has left."""
    message = _find_message(delivery)
    if message is None:
        return
    record_event(
        person=message.lead.person,
        lead=message.lead,
        kind=EventKind.MAIL_SENT,
        occurred_at=delivery.sent_at or now,
        now=now,
        summary=str(delivery.content["subject"]),
        properties={"sequence": str(message.enrollment.sequence_id), "step": str(message.step_id)},
        dedupe_key=f"mail_sent:{delivery.pk}",
        walks=False,
    )


def _find_message(delivery: Delivery) -> Message | None:
    messages = Message.objects.filter(delivery=delivery)
    return messages.select_related("step", "enrollment__sequence", "enrollment__lead__person", "lead__person").first()


def _list_twin_mails(*, enrollment: Enrollment, step: Step) -> QuerySet[Message]:
    """Return the step's mails to the person by other leads, of the same time in the sequence or since.

    Of any time, where nobody is to go through the sequence twice.
    """
    mails = Message.objects.filter(step=step, lead__person=enrollment.lead.person_id).exclude(lead=enrollment.lead_id)
    if not enrollment.sequence.allows_reentry:
        return mails
    return mails.filter(Q(written_at__gte=enrollment.entered_at) | Q(enrollment__in=list_overlapping(enrollment)))


def _find_twin_mail(message: Message, *, now: datetime) -> str:
    """Return why the mail is not to leave where the person had it, or gets it, by another lead of theirs."""
    enrollment = message.enrollment
    mails = _list_twin_mails(enrollment=enrollment, step=message.step).exclude(delivery__state__in=NEVER_LEFT)
    for other in mails.select_related("delivery", "enrollment__sequence", "enrollment__lead__person"):
        waits = other.delivery is not None and other.delivery.state == Delivery.State.PENDING
        first = other.enrollment
        may_leave = first.state not in ENDED_EARLY and not find_exit(first, now=now)
        if not waits or (first.pk < enrollment.pk and may_leave):
            return HAD_BY_ANOTHER
    return ""


def _find_cap_end(*, lead: Lead, now: datetime, rules: SendingRules) -> datetime | None:
    """Return when the person may have another mail, or None where they may now."""
    if not rules.cap_mails:
        return None
    window = timedelta(days=rules.cap_days)
    recent = Message.objects.filter(lead__person=lead.person_id, written_at__gt=now - window)
    times = recent.exclude(delivery__state__in=NEVER_LEFT).order_by("-written_at").values_list("written_at", flat=True)
    capping: list[datetime] = list(times[: rules.cap_mails])
    return capping[-1] + window if len(capping) == rules.cap_mails else None


def _compose(
    mail: RenderedMail, *, message: Message, delivery_id: UUID, lead: Lead, rules: SendingRules
) -> dict[str, Any]:
    leave_url = make_link(purpose=LEAVE, message_id=message.pk)
    mail = add_footer(mail, footer=make_footer(rules=rules, leave_url=leave_url))
    reply_to = rules.reply_to or find_answerer(lead.owner).user.email
    return {
        "subject": mail.subject,
        "text": mail.text,
        "html": _track(mail.html, message=message, leave_url=leave_url),
        "from_name": name_sender(rules),
        "reply_to": reply_to,
        "headers": write_leave_headers(leave_url=leave_url, reply_to=reply_to, delivery_id=delivery_id),
    }


def write_leave_headers(*, leave_url: str, reply_to: str, delivery_id: UUID) -> dict[str, str]:
    """Return the headers of one-click unsubscribing (RFC 8058 section 3.1, RFC 2369 section 3.2).

    A mail program that writes instead of posting names the delivery in its subject: the inbound door knows it by that.
    """
    return {
        "List-Unsubscribe": f"<{leave_url}>, <mailto:{reply_to}?subject=unsubscribe%20{delivery_id}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _track(html: str, *, message: Message, leave_url: str) -> str:
    """Count the links that the step's words name, but for unsubscribing, and add the picture that tells of opening."""
    sites = list_sites(message.step.body)

    def rewrite(url: str) -> str:
        is_named = url != leave_url and read_site(url) in sites
        return make_link(purpose=CLICK, message_id=message.pk, target=url) if is_named else url

    picture = make_link(purpose=OPEN, message_id=message.pk)
    return f'{count_links(html, rewrite=rewrite)}<img src="{picture}" width="1" height="1" alt="">'
