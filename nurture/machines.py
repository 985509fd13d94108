"""Who asked for a tracked picture or link: a human, or one of the machines that read mail first. Pure.

Called by tracking. Crawlers are known by crawlerdetect's patterns. Gmail's and Yahoo's picture proxies ask when a
human opens the mail, and so does Outlook, which those patterns take for a machine. Apple's Mail Privacy Protection
asks for every picture on arrival, under the bare name "Mozilla/5.0".
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from crawlerdetect import CrawlerDetect

TOO_SOON = timedelta(seconds=10)
_LONGEST_AGENT = 500  # crawlerdetect's patterns take minutes for one that fills a request's head
_APPLE_PRIVACY = "Mozilla/5.0"
_READERS = re.compile(r"GoogleImageProxy|YahooMailProxy|Microsoft Outlook", re.IGNORECASE)
_SCANNERS = re.compile(
    r"barracuda|proofpoint|mimecast|safelinks|bitdefender|symantec|messagelabs|trendmicro|fireeye|ironport|sophos"
    r"|forcepoint|cloudmark|mailguard|zscaler|skypeuripreview",
    re.IGNORECASE,
)
_INTENTS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
_AHEAD = re.compile(r"prefetch|preview|prerender", re.IGNORECASE)


def find_machine(*, method: str, headers: Mapping[str, str], sent_at: datetime | None, now: datetime) -> str:
    """Return why the request was no human's, or an empty text."""
    agent = headers.get("User-Agent", "")[:_LONGEST_AGENT].strip()
    signs = {
        "Asked for the head only": method == "HEAD",
        "Fetched ahead": any(_AHEAD.search(headers.get(name, "")) for name in _INTENTS),
        "No user agent": not agent,
        "Apple's privacy proxy": agent == _APPLE_PRIVACY,
        "A mail scanner": bool(_SCANNERS.search(agent)),
        "A crawler": not _READERS.search(agent) and CrawlerDetect(user_agent=agent).isCrawler(),
        "Too soon after sending": sent_at is None or now - sent_at < TOO_SOON,
    }
    return next((reason for reason, is_given in signs.items() if is_given), "")
