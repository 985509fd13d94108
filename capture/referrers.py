"""Name the platform behind a referrer's host or a utm_source. `channels.py` asks; referrers.json knows."""

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from tldextract import TLDExtract

Category = Literal["ai", "search", "social", "video", "shopping"]
_CATEGORIES: tuple[Category, ...] = ("ai", "search", "social", "video", "shopping")
_LONGEST_HOST = 255  # RFC 1035 section 2.3.4; each of its labels is looked up with those behind it
# The list of public suffixes that the package brings; nothing is fetched.
_split_host = TLDExtract(suffix_list_urls=(), cache_dir=None)


@dataclass(frozen=True, kw_only=True)
class Platform:
    """A known source of visits."""

    name: str
    category: Category


@lru_cache(maxsize=4096)
def find_platform(source: str) -> Platform | None:
    """Return the platform of a lower-case host or source name: the most specific host wins, `m.` and `www.` count."""
    known = _load_platforms()
    labels = source.split(".")
    if len(source) > _LONGEST_HOST:
        return None
    if len(labels) == 1:
        return known.get(source)
    for start in range(len(labels) - 1):
        if found := known.get(".".join(labels[start:])):
            return found
    return known.get(f"{_split_host(source).domain}.*")


def get_host(url: str) -> str:
    """Return the lower-case host of a URL without `www.`; empty where there is none."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    return host.removeprefix("www.")


def get_site(host: str) -> str:
    """Return the registered domain of a host, or the host itself (localhost, an address)."""
    return _split_host(host).top_domain_under_public_suffix or host


@cache
def _load_platforms() -> dict[str, Platform]:
    hosts = json.loads(Path(__file__).with_name("referrers.json").read_text(encoding="utf-8"))
    return {
        host: Platform(name=name, category=category)
        for category in reversed(_CATEGORIES)
        for name, names in hosts[category].items()
        for host in names
    }
