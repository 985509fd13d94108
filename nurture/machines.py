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
    agent = headers.get("User-Agent", "").strip()
    if method == "HEAD":
        return "Asked for the head only"
    if any(_AHEAD.search(headers.get(name, "")) for name in _INTENTS):
        return "Fetched ahead"
    if not agent:
        return "No user agent"
    if agent == _APPLE_PRIVACY:
        return "Apple's privacy proxy"
    if _SCANNERS.search(agent):
        return "A mail scanner"
    if not _READERS.search(agent) and CrawlerDetect(user_agent=agent).isCrawler():
        return "A crawler"
    if sent_at is None or now - sent_at < TOO_SOON:
        return "Too soon after sending"
    return ""
