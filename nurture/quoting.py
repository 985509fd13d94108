"""Quote what a visitor wrote, without what a mail program would make a link of. Called by what writes mail by itself.

A form takes anybody's address: a stranger could have us mail their link to others, in an organization's name.
"""

import re
import unicodedata
from typing import Any

from leadhub.leads.normal import is_site

LINK = "(link)"
_WORD = re.compile(r"\S+")
_MARKED = re.compile(r":/|\bwww\.", re.IGNORECASE)
_BETWEEN = re.compile(r"[^\w.@-]+")
_LONGEST_SITE = 255  # RFC 1035 section 2.3.4


def quote(value: Any) -> Any:
    """Return a JSON value with `LINK` for each link in its texts; addresses stay."""
    if isinstance(value, str):
        return _WORD.sub(lambda match: LINK if _is_link(match[0]) else match[0], value)
    if isinstance(value, list):
        return [quote(part) for part in value]
    if isinstance(value, dict):
        return {name: quote(part) for name, part in value.items()}
    return value


def _is_link(word: str) -> bool:
    if "." not in word and ":/" not in word and word.isascii():
        return False
    plain = unicodedata.normalize("NFKC", word).replace("。", ".")
    return _MARKED.search(plain) is not None or any(
        "@" not in part and "." in part and len(part) <= _LONGEST_SITE and is_site(part.strip(".-"))
        for part in _BETWEEN.split(plain)
    )
