"""What a mail that came back leaves on its lead, and when its address is not written to again. `settling.py` calls it.

An address that does not exist is put on the suppression list at once. A full mailbox is often emptied within days:
sequences wait (`leads.full_mailboxes`), and only one that stays full for weeks, mail after mail, is given up.
"""

from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from capture.mail.bounces import Bounce
from capture.mail.replies import record_mail
from leadhub.delivery.models import Delivery
from leadhub.delivery.purposes import tell_returned
from leadhub.leads.consent import suppress
from leadhub.leads.full_mailboxes import describe_full
from leadhub.leads.models import EventKind, Lead

_CAME_BACK, _FULL = "Came back: ", "Came back, mailbox full: "
# The usual rule of those who keep lists: so many in a row, and so long between the first and the last.
_MOST_IN_A_ROW, _MOST_TIME = 3, timedelta(days=15)
_LOOKED_AT = 50


def note_bounce(bounce: Bounce, *, delivery: Delivery, lead: Lead, told: dict[str, Any], now: datetime) -> None:
    """Note that our mail came back; an address that takes none is not written to again. The lead's row is locked."""
    words = " ".join(part for part in (bounce.status, bounce.words) if part) or "no reason given"
    error = f"{_FULL if bounce.is_full else _CAME_BACK}{words}"
    Delivery.objects.filter(pk=delivery.pk).update(error=error)
    told = {**told, "is_hard": bounce.is_hard}
    if bounce.is_full:
        told |= describe_full(delivery.recipient)
        _give_up_where_full_for_long(delivery, words=words, now=now)
    elif bounce.is_hard:
        suppress(email=delivery.recipient, reason=f"Mail came back: {words}", now=now)
    record_mail(lead, EventKind.MAIL_BOUNCED, summary=f"{delivery.recipient}: {words}", told=told, now=now)
    tell_returned(delivery=delivery, now=now)


def _give_up_where_full_for_long(delivery: Delivery, *, words: str, now: datetime) -> None:
    """Suppress the address once the last mails to it all came back so; one that stayed there ends the row."""
    same = Delivery.objects.filter(lead=delivery.lead_id, recipient=delivery.recipient, state=Delivery.State.SENT)
    sent = same.order_by("-sent_at").values_list("sent_at", "error")[:_LOOKED_AT]
    row = [sent_at for sent_at, error in takewhile(lambda each: each[1].startswith(_FULL), sent) if sent_at]
    if len(row) >= _MOST_IN_A_ROW and row[0] - row[-1] >= _MOST_TIME:
        since = f"{row[-1]:%d %b %Y}".lstrip("0")
        reason = f"Mailbox full: {len(row)} mails in a row came back, the first of {since}: {words}"
        suppress(email=delivery.recipient, reason=reason, now=now)
