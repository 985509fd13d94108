"""Judge whether a mail is a wish to be left alone and nothing else. Pure; `reading.py` calls it.

A yes that is wrong costs a lead, a no that is wrong a mail nobody asked for, which the rep can still end. So it is
strict: quotes and signature are taken off, and every word that is left must belong to the wish. A signature is what
stands below its separator (RFC 3676 section 4.3), or a closing and the sender's own name with their contact data.
"""

import re
import unicodedata

from capture.mail.wish_words import CLOSING, DEVICE, EVERYBODY, GREETING, LINKING, PLEASE, TALK, THANKS, WISH

_MOST_LINES, _LONGEST_WISH = 12, 200
_MOST_CONTACT_LINES, _LONGEST_CONTACT_LINE = 6, 80
_WISH = re.compile(rf"(?:{GREETING} (?:there )?)?(?:{PLEASE} )?{WISH}(?: {PLEASE})?(?: {THANKS})?")
_QUOTE = re.compile(r"\s*>")
_DEVICE = re.compile(DEVICE)
_GREETING = re.compile(rf"{GREETING}((?:,? \w[\w'’-]*\.?){{0,3}})[,!.:;–—-]?", re.IGNORECASE)
_CLOSING = re.compile(CLOSING)
# Whoever uses one of these says something more, which a colleague should read.
_TALK = re.compile(rf"\b{TALK}\b")


def is_wish(words: str) -> bool:
    """Say whether the words are the wish and nothing more; a question is none."""
    return len(words) <= _LONGEST_WISH and "?" not in words and _WISH.fullmatch(_normalise(words)) is not None


def is_wish_alone(text: str, *, sender: str) -> bool:
    """Say whether a mail's own words are the wish: below a greeting, above a signature, beside what is quoted."""
    lines = _list_own_lines(text)
    if not lines or len(lines) > _MOST_LINES:
        return False
    if _is_greeting(lines[0]):
        lines = lines[1:]
    ends = range(1, len(lines) + 1)
    return any(is_wish(" ".join(lines[:end])) and _is_signature(lines[end:], sender=sender) for end in ends)


def _list_own_lines(text: str) -> list[str]:
    """Return the lines above the signature's separator that say something and are no quote, nor a device's advert."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.rstrip() == "--":
            break
        if line.strip() and not _QUOTE.match(line) and not _DEVICE.match(_normalise(line) + " "):
            lines.append(line.strip())
    return lines


def _is_greeting(line: str) -> bool:
    """Say whether the line greets and does no more: it names nobody, everybody, or somebody with a capital."""
    found = _GREETING.fullmatch(" ".join(_plain(line).split()))
    if found is None or _TALK.search(_normalise(line)):
        return False
    return all(word[0].isupper() or word.casefold() in EVERYBODY for word in re.findall(r"[\w'’-]+", found[1]))


def _is_signature(lines: list[str], *, sender: str) -> bool:
    """Say whether the lines are a closing, the sender's name and how to reach them, or nothing."""
    if not lines:
        return True
    closing, _, beside = lines[0].partition(",")
    if _CLOSING.fullmatch(_normalise(closing)):
        lines = [beside.strip(), *lines[1:]] if beside.strip() else lines[1:]
    if not lines:
        return True
    name, *contact = lines
    return (
        _is_name(name, sender=sender)
        and len(contact) <= _MOST_CONTACT_LINES
        and all(_is_contact(line) for line in contact)
    )


def _is_name(line: str, *, sender: str) -> bool:
    """Say whether the line is the sender's name: one word of it that the mail's head knows, the others capitalised.

    “Call Zoe” is none.
    """
    words, known = re.findall(r"\w+", line), set(_normalise(sender.replace("_", " ")).split())
    knows = [_normalise(word) in known for word in words]
    rest = [word for word, is_known in zip(words, knows, strict=True) if not is_known]
    return (
        0 < len(words) <= 4
        and any(knows)
        and all(word[0].isupper() and not _TALK.fullmatch(_normalise(word)) for word in rest)
    )


def _is_contact(line: str) -> bool:
    """Say whether the line may be a post, a place, a number or an address: what is in small letters only links it."""
    if len(line) > _LONGEST_CONTACT_LINE or line.endswith(("?", "!")) or _TALK.search(_normalise(line)):
        return False
    words = [word.strip(".,;:|()–—-") for word in line.split()]
    return all(not word[:1].islower() or _plain(word) in LINKING or re.search(r"[@./\d]", word) for word in words)


def _normalise(words: str) -> str:
    """Return the words alone, in lower case without accents, one blank between two."""
    return " ".join(re.findall(r"\w+", _plain(words.replace("'", "").replace("’", "").casefold())))


def _plain(text: str) -> str:
    """Return the text without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
