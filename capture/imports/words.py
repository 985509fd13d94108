"""Words as files have them: columns' names, stages, channels. Called by fields, outcomes and sources."""

import re

_OTHER = re.compile(r"[^a-z0-9]+")


def bare_words(text: str) -> str:
    """Return the text in lower case, its letters and digits only, apart by single spaces."""
    return _OTHER.sub(" ", text.lower()).strip()
