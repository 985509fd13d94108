"""Normal forms: what makes two spellings of an address, a number or a name the same. Pure; called by identity.

E-mail: trimmed, lower case, the domain in its IDNA form (RFC 5891); a `+tag` stays, since whoever chose two
addresses may mean two mailboxes. Phone: E.164 (ITU-T E.164), read by Google's phone number library. Postal code: upper
case, one blank between its parts.
"""

import re
from functools import cache, lru_cache

import idna
import phonenumbers
import tldextract

from leadhub.leads.free_mail import FREE_MAIL_DOMAINS

_LOCAL = re.compile(r"[^\s@\x00-\x1f\x7f<>,;:\"()\[\]\\]{1,64}")
_ASCII_DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_SALUTATION = re.compile(r"^(?:mrs?|ms|miss|mx|dr|prof|sir|herr|frau|mme)\.?\s+(?=\S)", re.IGNORECASE)
_LONGEST_DOMAIN = 255  # RFC 1035 section 2.3.4; what is longer is not worth remembering
# A number is read for the page and for the key, a domain by a whole company's people: each only once in a while.
_once = lru_cache(maxsize=2048)
# How long postal codes are in countries where one may begin with a zero (Universal Postal Union, addressing systems).
_DIGITS = {**dict.fromkeys(("DE", "ES", "FI", "FR", "IT", "MX", "PR", "US"), 5), **dict.fromkeys(("AU", "NO", "NZ"), 4)}
_PARTICLES = frozenset({"van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "bin"})


def normalise_email(email: str) -> str | None:
    """Return the normal form of an e-mail address, or None for what is none."""
    local, at, domain = email.strip().strip("\x00").rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        return None
    normal_domain = _normalise_domain(domain) if len(domain) <= _LONGEST_DOMAIN else None
    return f"{local.lower()}@{normal_domain}" if normal_domain else None


@_once
def _normalise_domain(domain: str) -> str | None:
    lowered = domain.lower().rstrip(".")
    if not lowered.isascii():
        try:
            lowered = idna.encode(lowered, uts46=True).decode("ascii")
        except idna.IDNAError:
            return None
    return lowered if _ASCII_DOMAIN.fullmatch(lowered) else None


def normalise_phone(phone: str, country: str) -> str | None:
    """Return the number in E.164, or None; a bare one is read as dialled in `country` (ISO 3166)."""
    number = _parse_phone(phone, country)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else None


def identify_phone(phone: str, country: str) -> str | None:
    """Return what recognises a person by phone: E.164, with the extension of a switchboard where there is one."""
    number = _parse_phone(phone, country)
    if number is None:
        return None
    base = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{base};ext={number.extension}" if number.extension else base


def _parse_phone(phone: str, country: str) -> phonenumbers.PhoneNumber | None:
    return _parse_number(phone, country) if 4 <= len(phone) <= 64 else None


@_once
def _parse_number(phone: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(phone, country or None)
    except phonenumbers.NumberParseException:
        return None
    verdict = phonenumbers.is_possible_number_with_reason(number)
    is_local = verdict == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY and phone.strip().startswith("+")
    return number if verdict == phonenumbers.ValidationResult.IS_POSSIBLE or is_local else None


def write_in_a_line(street: str) -> str:
    """Return a street's lines as one: `12 Elm Street` over `Apt 4` is `12 Elm Street, Apt 4`."""
    return ", ".join(" ".join(line.split()).rstrip(",") for line in street.splitlines() if line.strip())


def normalise_postal_code(code: str) -> str:
    """Return the code in upper case, one blank between its parts."""
    return " ".join(code.upper().split())


def restore_zeros(code: str, country: str) -> str:
    """Return the code with the zeros in front that a spreadsheet took from it for a number: 2134 is Boston's 02134."""
    digits = _DIGITS.get(country, 0)
    return code.zfill(digits) if code.isascii() and code.isdigit() and digits - 2 <= len(code) < digits else code


def mail_domain(email_norm: str) -> str:
    """Return the part behind the @ of a normal form."""
    return email_norm.rpartition("@")[2]


def is_free_mail(email_norm: str) -> bool:
    """Say whether anybody can have a mailbox at this domain."""
    return mail_domain(email_norm) in FREE_MAIL_DOMAINS


def company_domain(email: str) -> str | None:
    """Return the employer's registered domain (`eu.acme.co.uk` → `acme.co.uk`), or None for free mail."""
    normal = normalise_email(email)
    if normal is None or is_free_mail(normal):
        return None
    registered = _find_registered(mail_domain(normal))
    return None if registered in FREE_MAIL_DOMAINS else registered


def is_site(text: str) -> bool:
    """Say whether the text could be a site's name: a public suffix with something before it."""
    found = _suffixes()(text)
    return bool(found.domain and found.suffix)


@_once
def _find_registered(domain: str) -> str:
    return _suffixes()(domain).top_domain_under_public_suffix or ".".join(domain.split(".")[-2:])


@cache
def _suffixes() -> tldextract.TLDExtract:
    """Return the public suffix list as packaged; nothing is fetched."""
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def split_name(name: str) -> tuple[str, str]:
    """Return (first, last) of a full name: `Ludwig van Beethoven`, `Lovelace, Ada`, `Dr. Grace Hopper`."""
    cleaned = _SALUTATION.sub("", " ".join(name.split()))
    if "," in cleaned:
        last, _, first = cleaned.partition(",")
        return first.strip(), last.strip()
    words = cleaned.split(" ")
    cut = len(words) - 1
    while cut > 1 and words[cut - 1].lower() in _PARTICLES:
        cut -= 1
    return (words[0], "") if len(words) == 1 else (" ".join(words[:cut]), " ".join(words[cut:]))
