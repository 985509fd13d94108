"""The job "capture.read_mail": what a mail that came in becomes, in one transaction with its row in the ledger.

It belongs to the mail of ours that it answers, known by a Message-ID that only its recipient has seen. A human's
answer is an event that walks the line; a machine's is kept and counts nothing; what came back for good, and whoever
asks to be left alone, is put on the suppression list. What answers none of our mails is held: released, it is an
inquiry like any other.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from capture.mail.reading import IncomingMail, MailUnreadable, read_mail
from capture.mail.replies import note_reply, record_mail
from capture.mail.returned import note_bounce
from capture.models import Submission
from leadhub.accounts.duty import find_answerer, list_active_members
from leadhub.delivery.models import Delivery
from leadhub.delivery.outbox import MEMBER_PURPOSES
from leadhub.leads.consent import suppress
from leadhub.leads.locking import lock_lead, lock_person
from leadhub.leads.models import EventKind, Identity, Lead, TaskKind
from leadhub.leads.normal import normalise_email
from leadhub.leads.tasks import create_task
from leadhub.work.registry import ClaimedJob

LEFT = "Asked by mail to be left alone"
UNMATCHED = "Answers none of our mails: release it to make it an inquiry"
_Status = Submission.Status


def run_read_mail(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "capture.read_mail"."""
    held = Submission.objects.select_for_update(of=("self",)).filter(pk=job.target_id, status=_Status.PENDING)
    submission = held.first()
    if submission is not None:
        settle_mail(submission=submission, now=now)


def settle_mail(*, submission: Submission, now: datetime) -> None:
    """Find what the locked, pending mail answers, do what it asks for, and write down what became of it."""
    try:
        mail = read_mail(bytes(submission.body))
    except MailUnreadable as fault:
        _hold(submission, reason=str(fault))
        return
    submission.values = {"email": mail.sender, "name": mail.name, "subject": mail.subject, "message": mail.text}
    delivery = find_answered(mail.answers)
    if delivery is not None and delivery.purpose in MEMBER_PURPOSES:
        _reject(submission, reason="Answers a mail to a colleague", now=now)
    elif _is_colleague(mail.sender):
        _reject(submission, reason="A colleague wrote it", now=now)
    elif delivery is not None and delivery.lead is not None:
        _join(submission, mail=mail, delivery=delivery, lead=delivery.lead, now=now)
    else:
        _settle_stray(submission, mail=mail, now=now)


def find_answered(ids: Collection[UUID]) -> Delivery | None:
    """Return the first of these deliveries that is a mail of this organization."""
    found = Delivery.objects.filter(channel="mail").select_related("lead__person", "lead__owner__user").in_bulk(ids)
    return next((found[each] for each in ids if each in found), None)


def _join(submission: Submission, *, mail: IncomingMail, delivery: Delivery, lead: Lead, now: datetime) -> None:
    """Note the mail on the lead of the mail that it answers."""
    lock_person(lead.person)
    lock_lead(lead)
    told = {
        "subject": mail.subject,
        "from": mail.sender,
        "text": mail.text,
        "delivery": str(delivery.pk),
        "submission": str(submission.pk),
    }
    if mail.bounce is not None:
        note_bounce(mail.bounce, delivery=delivery, lead=lead, told=told, now=now)
    elif mail.machine:
        summary = mail.subject or mail.machine
        record_mail(lead, EventKind.MAIL_AUTO_REPLIED, summary=summary, told={**told, "machine": mail.machine}, now=now)
    elif mail.asks_to_leave:
        suppress(email=delivery.recipient, reason=LEFT, now=now, covers_person=True)
        record_mail(lead, EventKind.UNSUBSCRIBED, summary=LEFT, told=told, now=now)
    else:
        note_reply(mail, lead=lead, told=told, now=now)
    reasons = [mail.machine] if mail.machine else []
    _settle(submission, status=_Status.MERGED, lead=lead, reasons=reasons, now=now)


def _settle_stray(submission: Submission, *, mail: IncomingMail, now: datetime) -> None:
    """Settle what answers none of our mails: grant a wish, refuse a machine, have a member look at the rest.

    Only here does the sender's address alone say who asks.
    """
    if mail.machine:
        _reject(submission, reason=f"Answers none of our mails, and no human wrote it: {mail.machine}", now=now)
    elif mail.asks_to_leave and mail.failed:
        _doubt(submission, mail=mail, now=now)
    elif mail.asks_to_leave and normalise_email(mail.sender):
        suppress(email=mail.sender, reason=LEFT, now=now, covers_person=True)
        _grant(submission, sender=mail.sender, now=now)
    else:
        _hold(submission, reason=UNMATCHED)


def _grant(submission: Submission, *, sender: str, now: datetime) -> None:
    """Tell of the wish on the latest lead of whoever has the address; a stranger's is on the list all the same."""
    lead = _find_lead(sender)
    if lead is None:
        _reject(submission, reason=f"{LEFT}; we know nobody by this address", now=now)
        return
    told = {"from": sender, "submission": str(submission.pk)}
    record_mail(lead, EventKind.UNSUBSCRIBED, summary=LEFT, told=told, now=now)
    _settle(submission, status=_Status.MERGED, lead=lead, reasons=[LEFT], now=now)


def _doubt(submission: Submission, *, mail: IncomingMail, now: datetime) -> None:
    """Have a person ask, once a day: by the receiving server's checks anybody may have written the mail."""
    reason = f"Asks to be left alone, but may be forged ({mail.failed})"
    lead = _find_lead(mail.sender)
    if lead is None:
        _hold(submission, reason=f"{reason}: put the address on the suppression list if it is true")
        return
    create_task(
        lead=lead,
        member=find_answerer(lead.owner),
        kind=TaskKind.MAIL,
        title=f"{reason}: ask them",
        due_at=now,
        now=now,
        dedupe_key=f"doubted:{lead.pk}:{now:%Y%m%d}",
    )
    _settle(submission, status=_Status.MERGED, lead=lead, reasons=[reason], now=now)


def _find_lead(sender: str) -> Lead | None:
    """Return the latest lead of whoever has the address."""
    known = Identity.objects.filter(kind=Identity.Kind.EMAIL, value=normalise_email(sender)).values("person")
    leads = Lead.objects.filter(person__in=known).select_related("person", "owner__user")
    return leads.order_by("-number").first()


def _is_colleague(address: str) -> bool:
    return bool(address) and list_active_members().filter(user__email__iexact=address).exists()


def _hold(submission: Submission, *, reason: str) -> None:
    submission.status, submission.reasons = _Status.QUARANTINED, [reason[:200]]
    submission.save(update_fields=["status", "reasons", "values"])


def _reject(submission: Submission, *, reason: str, now: datetime) -> None:
    _settle(submission, status=_Status.REJECTED, lead=None, reasons=[reason], now=now)


def _settle(
    submission: Submission, *, status: Submission.Status, lead: Lead | None, reasons: list[str], now: datetime
) -> None:
    submission.status, submission.reasons, submission.settled_at = status, [each[:200] for each in reasons], now
    submission.lead, submission.person = lead, lead.person if lead else None
    submission.save(update_fields=["status", "reasons", "settled_at", "values", "lead", "person"])
