"""Read a mail that came in: who wrote, what, to which mail of ours, and whether a human did. Pure; the job calls it.

Whatever a stranger sends is read somehow: headers that cannot be decoded are shown as they came, parts in an unknown
charset by their ASCII. Quoted parts are found by quotequail; automatic answers by RFC 3834 and what programs did
before it.

Anybody can write to us, so that all of it is bounded: parsers and patterns that take a millisecond for a letter take
hours for a mail that is made for them, and the lane that reads it also takes in every lead.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from uuid import UUID

import quotequail

from capture.mail.authentication import find_failure
from capture.mail.bounces import Bounce, list_returned, read_bounce
from capture.mail.wishes import is_wish, is_wish_alone
from leadhub.delivery.channels.mail import read_delivery_id
from leadhub.delivery.liquid import write_as_text

LONGEST_TEXT = 20_000
_MOST_READ, _LONGEST_PART = 1024 * 1024, 200_000  # bytes
_MOST_PARTS, _MOST_NESTED = 1_000, 20
_LONGEST_HEADER = 4_000
# The library reads a header's parameters by the square of their length, the boundary's while it parses.
_LONG_HEADER = re.compile(
    rb"^Content-[\w-]{1,40}[ \t]*:(?:[^\r\n]|\r?\n[ \t]|\r[ \t]){8000}", re.IGNORECASE | re.MULTILINE
)
_MOST_LINES, _MOST_SIGNS = 1_000, 20
_PART = re.compile(rb"(?:\A|[\r\n])--")
_NESTED = re.compile(rb"multipart/", re.IGNORECASE)
# What makes no line end, nor is left out with what it holds: a tree of thousands of them takes minutes.
_MARKUP = re.compile(r"<(?!br\b|/(?:p|div|li|h[1-6]|tr)\b|/?(?:script|style|title)\b)/?[a-z][^<>]*>", re.IGNORECASE)
_NO_CHARSETS = frozenset({"idna", "punycode"})  # Python's, which no mail is written in
_IDS = re.compile(r"<[^<>\s]+>")
_LEAVING = re.compile(r"\s*unsubscribe[\s:]+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s*", re.IGNORECASE)
_PREFIX = re.compile(r"^\s*(?:(?:re|aw|sv|antw|fwd?)\s*:\s*)+", re.IGNORECASE)
_ROBOTS = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+@-]|$)", re.IGNORECASE)
_FAULTS = (ValueError, LookupError, TypeError, AttributeError, MessageError, RecursionError)


class MailUnreadable(Exception):
    """The bytes are no mail that could be read."""


@dataclass(frozen=True, kw_only=True)
class IncomingMail:
    """What a mail says. `answers` are the deliveries it may answer, the likeliest first; `machine` is why no human.

    `failed` is the check by which the sender is not who the mail says.
    """

    sender: str
    name: str
    recipient: str
    subject: str
    text: str
    answers: tuple[UUID, ...]
    asks_to_leave: bool
    machine: str
    bounce: Bounce | None
    failed: str


def read_mail(raw: bytes) -> IncomingMail:
    """Read a mail by its first megabyte. Raises `MailUnreadable`."""
    start = raw[:_MOST_READ]
    if len(_PART.findall(start)) > _MOST_PARTS or len(_NESTED.findall(start)) > _MOST_NESTED:
        raise MailUnreadable("The mail could not be read: it has too many parts")
    if _LONG_HEADER.search(start):
        raise MailUnreadable("The mail could not be read: a header of it is too long")
    try:
        return _read(message_from_bytes(start, policy=policy.compat32))
    except _FAULTS as error:
        raise MailUnreadable(f"The mail could not be read: {type(error).__name__}") from error


def read_header(message: Message, name: str) -> str:
    """Return a header decoded and on one line, without what PostgreSQL cannot hold; as it came where it cannot be."""
    return _read_value(str(message.get(name, ""))[:_LONGEST_HEADER])


def list_ids(message: Message, name: str) -> list[str]:
    """Return the Message-IDs that a header names, the last ones of very many."""
    return _IDS.findall(_read_value(str(message.get(name, ""))[-_LONGEST_HEADER:]))


def _read_value(value: str) -> str:
    try:
        text = str(make_header(decode_header(value)))
    except _FAULTS:
        text = value
    return " ".join(_clean(text).split())


def _read(message: Message) -> IncomingMail:
    name, address = parseaddr(read_header(message, "From"))
    subject = read_header(message, "Subject")[:300]
    whole = _find_text(message)
    bounce, text = read_bounce(message, text=whole), _find_own_words(whole)
    is_marked = bool(_LEAVING.fullmatch(subject))  # written by a mail program, for whoever pressed its button
    return IncomingMail(
        sender=address[:320],
        name=name[:300],
        recipient=parseaddr(read_header(message, "To"))[1][:320],
        subject=subject,
        text=text,
        answers=_list_answered(message, subject=subject, text=whole),
        asks_to_leave=is_marked or _is_wish_above(text, subject) or is_wish_alone(text, sender=f"{name} {address}"),
        machine="" if is_marked else _find_machine(message, address=address, bounce=bounce),
        bounce=bounce,
        failed=find_failure(message),
    )


def _is_wish_above(text: str, subject: str) -> bool:
    """Say whether the subject is the wish. In an answer it is what we wrote: there it is one above no words only."""
    own = _PREFIX.sub("", subject)
    return is_wish(own) and (own == subject or not text)


def _list_answered(message: Message, *, subject: str, text: str) -> tuple[UUID, ...]:
    """Return what it names: the mail it answers, the thread backwards, the subject's mark, what came back with it."""
    named = [
        *list_ids(message, "In-Reply-To"),
        *reversed(list_ids(message, "References")),
        *list_returned(message, text=text),
    ]
    ids = [found for each in named if (found := read_delivery_id(each))]
    if marked := _LEAVING.fullmatch(subject):
        ids.insert(0, UUID(marked.group(1)))
    return tuple(dict.fromkeys(ids))


def _find_machine(message: Message, *, address: str, bounce: Bounce | None) -> str:
    """Return why no human wrote it, or an empty text (RFC 3834 section 5; `Precedence` and the others are older)."""
    auto, precedence = (read_header(message, name).lower() for name in ("Auto-Submitted", "Precedence"))
    signs = {
        "Could not be delivered": bounce is not None,
        "A report of the mail system": message.get_content_type() == "multipart/report",
        "An automatic answer": bool(auto) and not auto.startswith("no"),
        "Sent in bulk": precedence in {"bulk", "junk", "list", "auto_reply"},
        "An autoresponder": any(name in message for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder")),
        "Nobody to answer to": read_header(message, "Return-Path") == "<>",
        "A robot's address": bool(_ROBOTS.match(address)),
    }
    return next((reason for reason, is_given in signs.items() if is_given), "")


def _find_text(message: Message) -> str:
    """Return the first plain text that says anything, else the first HTML as text, of what is no attachment."""
    pages = []
    for part in message.walk():
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if part.get_content_type() == "text/plain" and (text := _decode(part)).strip():
            return text
        if part.get_content_type() == "text/html":
            pages.append(part)
    return write_as_text(_MARKUP.sub("", _decode(pages[0]))) if pages else ""


def _decode(part: Message) -> str:
    content = part.get_payload(decode=True)
    raw = content[:_LONGEST_PART] if isinstance(content, bytes) else b""
    charset = part.get_content_charset("utf-8")
    try:
        text = raw.decode("ascii" if charset in _NO_CHARSETS else charset, "replace")
    except LookupError:
        text = raw.decode("ascii", "replace")
    return _clean(text)


def _find_own_words(text: str) -> str:
    """Return what was written above and below the mail that is quoted; all of it where nothing is.

    quotequail compares a line that looks like a header with all that follow, and its patterns of dates and addresses
    backtrack by the cube.
    """
    lines = text[:LONGEST_TEXT].splitlines()[:_MOST_LINES]
    whole = "\n".join(lines).strip()
    if any(max(line.count("<"), line.count("@")) > _MOST_SIGNS for line in lines):
        return whole
    unwrapped = quotequail.unwrap(whole) or {}
    parts = [str(part).strip() for name in ("text_top", "text_bottom") if (part := unwrapped.get(name))]
    return "\n\n".join(parts) or whole


def _clean(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
