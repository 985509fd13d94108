"""What the server that took a mail in says of its sender: the header Authentication-Results (RFC 8601). Pure.

Anybody may write such a header: only those of the servers that the installation names are read (section 2.3), which
take off what comes in under their name (section 5). `reading.py` calls it.
"""

import re
from collections.abc import Iterator
from email.message import Message

from django.conf import settings

_MOST, _LONGEST = 10, 2_000
# Comments and quoted words are the sender's as much as the server's: no result stands in them.
_ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|\((?:[^()\\]|\\.)*\)')
_MOST_NESTED = 3
_RESULT = re.compile(r"\s*([a-z0-9-]+)(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)


def find_failure(message: Message) -> str:
    """Return which check the sender failed, such as “dmarc=fail”, or an empty text, also where nobody checked.

    DMARC decides where the domain has a policy (RFC 7489 section 6.6.2); else one pass of DKIM or SPF is enough.
    """
    told: dict[str, set[str]] = {}
    for header in [str(each)[:_LONGEST] for each in message.get_all("Authentication-Results", [])[:_MOST]]:
        found: dict[str, set[str]] = {}
        for method, result in _list_results(header):
            found.setdefault(method, set()).add(result)
        told = {**found, **told}  # the topmost was added last
    for methods in (("dmarc",), ("dkim", "spf")):
        results = [(method, result) for method in methods for result in told.get(method, ())]
        if any(result == "pass" for _, result in results):
            return ""
        if failed := [method for method, result in results if result == "fail"]:
            return f"{failed[0]}=fail"
    return ""


def _list_results(header: str) -> Iterator[tuple[str, str]]:
    """Yield method and result of each check, where a server of ours made them."""
    server, _, checks = header.partition(";")
    if not server.split() or server.split()[0].lower() not in settings.MAIL_AUTHENTICATED_BY:
        return
    for _ in range(_MOST_NESTED):
        checks = _ASIDE.sub(" ", checks)
    for check in checks.split(";"):
        if match := _RESULT.match(check):
            yield match[1].lower(), match[2].lower()
