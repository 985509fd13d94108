"""Words as people and files write them, made comparable. Called by imports and countries."""

import re
import unicodedata

_OTHER = re.compile(r"[^a-z0-9]+")


def bare_words(text: str) -> str:
    """Return the text in lower case without accents, its letters and digits only, apart by single spaces."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return _OTHER.sub(" ", "".join(sign for sign in parted if not unicodedata.combining(sign))).strip()
