"""The mail's door: a message as it came, stored once however often it is handed in. Called by the API and the inbox.

What it says is read by the job (`settling.py`): the door reads by what it is known again, and no more.
"""

import hashlib
from datetime import datetime
from email import policy
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from uuid import UUID, uuid5

from capture.doors import Arrival, store_submission
from capture.mail.reading import list_ids, read_header
from capture.models import Submission
from leadhub.leads.models import Door
from leadhub.tenancy.scope import get_organization_id

MOST_BYTES = 10 * 1024 * 1024
CONTENT_TYPE = "message/rfc822"
_MOST_HEAD = 256 * 1024


def receive_mail(*, raw: bytes, request: dict[str, str], now: datetime) -> UUID:
    """Store a mail, cut at the cap, and the job that reads it; return its submission, the first one's for a repeat."""
    submission_id = name_submission(raw)
    if Submission.objects.filter(pk=submission_id).exists():
        return submission_id
    arrival = Arrival(
        door=Door.MAIL, form_id=None, body=raw[:MOST_BYTES], content_type=CONTENT_TYPE, request=request, values={}
    )
    store_submission(
        submission_id=submission_id, arrival=arrival, status=Submission.Status.PENDING, reasons=[], now=now
    )
    return submission_id


def name_submission(raw: bytes) -> UUID:
    """Return the id that one mail always gets in this organization: by its Message-ID, sender and body.

    What carries it adds headers on the way, and ends lines as it pleases; a Message-ID that several mails share, by
    mistake or on purpose, hides none of them. Without one the mail is its bytes.
    """
    head = BytesHeaderParser(policy=policy.compat32).parsebytes(raw[:_MOST_HEAD])
    named = list_ids(head, "Message-ID")
    if not named:
        return _name(hashlib.sha256(raw).hexdigest())
    sender = parseaddr(read_header(head, "From"))[1].lower()
    return _name(f"{named[0]}:{sender}:{_digest_body(raw)}")


def _name(cause: str) -> UUID:
    return uuid5(get_organization_id(), f"mail:{cause}")


def _digest_body(raw: bytes) -> str:
    """Return the digest of what follows the first empty line (RFC 5322 section 2.1), ends of lines set aside."""
    _, _, body = raw[:MOST_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")
    return hashlib.sha256(body.rstrip(b"\n")).hexdigest()
