"""Name the channel of a touch: Google Analytics 4's default channel group, and AI assistants. Called by `intake`.

The rules and their order: support.google.com/analytics/answer/9756891. Ours besides: AI assistants stand
before the organic channels; a click id names the platform where UTMs are missing; a touch of which nothing
at all is known is `unknown`, not `direct`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from capture.referrers import Category, find_platform, get_host, get_site
from leadhub.leads.models import Channel
from leadhub.leads.touches import TouchDetails

# click id → (platform, medium). Meta puts fbclid on unpaid links as well, so it proves no payment.
CLICK_IDS: dict[str, tuple[str, str]] = {
    "gclid": ("google", "cpc"),
    "gbraid": ("google", "cpc"),
    "wbraid": ("google", "cpc"),
    "msclkid": ("bing", "cpc"),
    "ttclid": ("tiktok", "paid_social"),
    "li_fat_id": ("linkedin", "paid_social"),
    "twclid": ("x", "paid_social"),
    "fbclid": ("facebook", "social"),
}
UTM_FIELDS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
ATTRIBUTION_FIELDS = (*UTM_FIELDS, *CLICK_IDS, "landing_page", "referrer", "visitor_id")
LONGEST_ATTRIBUTION = 2000
_REFERRED_MEDIUM: dict[Category | None, str] = {"search": "organic", "social": "social", None: "referral"}
_NO_SOURCE = {"", "(direct)", "direct"}
_NO_MEDIUM = {"", "(none)", "none", "(not set)"}

_PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
_SHOP_CAMPAIGN = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
_EMAIL = re.compile(r"^e[-_ ]?mail$")
_SOCIAL_MEDIUMS = {"social", "social-network", "social-media", "sm", "social network", "social media"}
_DISPLAY_MEDIUMS = {"display", "banner", "expandable", "interstitial", "cpm"}


@dataclass(frozen=True, kw_only=True)
class Session:
    """What the rules look at: lower-case source, medium and campaign, and the source's category."""

    source: str
    medium: str
    campaign: str
    category: Category | None

    @property
    def is_paid(self) -> bool:
        """Say whether the medium names a paid click."""
        return bool(_PAID.match(self.medium))

    @property
    def is_shopping(self) -> bool:
        """Say whether a shop or a shopping campaign sent the visit."""
        return self.category == "shopping" or bool(_SHOP_CAMPAIGN.match(self.campaign))


# First match wins.
RULES: tuple[tuple[Channel, Callable[[Session], bool]], ...] = (
    (Channel.DIRECT, lambda s: s.source in _NO_SOURCE and s.medium in _NO_MEDIUM and not s.campaign),
    (Channel.CROSS_NETWORK, lambda s: "cross-network" in s.campaign),
    (Channel.PAID_SHOPPING, lambda s: s.is_shopping and s.is_paid),
    (Channel.PAID_SEARCH, lambda s: s.category == "search" and s.is_paid),
    (Channel.PAID_SOCIAL, lambda s: s.category == "social" and s.is_paid),
    (Channel.PAID_VIDEO, lambda s: s.category == "video" and s.is_paid),
    (Channel.DISPLAY, lambda s: s.medium in _DISPLAY_MEDIUMS),
    (Channel.PAID_OTHER, lambda s: s.is_paid),
    (Channel.AI_ASSISTANT, lambda s: s.category == "ai"),
    (Channel.ORGANIC_SHOPPING, lambda s: s.is_shopping),
    (Channel.ORGANIC_SOCIAL, lambda s: s.category == "social" or s.medium in _SOCIAL_MEDIUMS),
    (Channel.ORGANIC_VIDEO, lambda s: s.category == "video" or "video" in s.medium),
    (Channel.ORGANIC_SEARCH, lambda s: s.category == "search" or s.medium == "organic"),
    (Channel.REFERRAL, lambda s: s.medium in {"referral", "app", "link"}),
    (Channel.EMAIL, lambda s: bool(_EMAIL.match(s.source) or _EMAIL.match(s.medium))),
    (Channel.AFFILIATES, lambda s: s.medium in {"affiliate", "affiliates"}),
    (Channel.AUDIO, lambda s: s.medium == "audio"),
    (Channel.SMS, lambda s: "sms" in (s.source, s.medium)),
    (
        Channel.MOBILE_PUSH,
        lambda s: s.medium.endswith("push") or "mobile" in s.medium or "notification" in s.medium
        or s.source == "firebase",
    ),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class TouchInput:
    """The attribution fields as they came; empty where unknown. `click_ids` by field name."""

    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    click_ids: dict[str, str]
    landing_page: str = ""
    referrer: str = ""
    visitor_id: str = ""


def read_touch(values: dict[str, str]) -> TouchInput:
    """Read the attribution fields; those missing are looked for in the landing page's own query."""
    known = {**_read_query(values.get("landing_page", "")), **{name: value for name, value in values.items() if value}}
    return TouchInput(
        **{name: known.get(name, "") for name in UTM_FIELDS},
        click_ids={name: known[name] for name in CLICK_IDS if known.get(name)},
        landing_page=values.get("landing_page", ""),
        referrer=values.get("referrer", ""),
        visitor_id=values.get("visitor_id", ""),
    )


def classify(touch: TouchInput) -> TouchDetails:
    """Return the touch with its channel; source and medium are lower case, or named by click id or referrer."""
    click_id_kind, click_id = next(iter(touch.click_ids.items()), ("", ""))
    source, medium = _name_source(touch, click_id_kind)
    return TouchDetails(
        channel=_choose_channel(touch, source=source, medium=medium),
        source=source[:200],
        medium=medium[:200],
        campaign=touch.utm_campaign[:300],
        term=touch.utm_term[:300],
        content=touch.utm_content[:300],
        click_id_kind=click_id_kind,
        click_id=click_id[:500],
        landing_page=touch.landing_page[:2000],
        referrer=touch.referrer[:2000],
        visitor_id=touch.visitor_id[:100],
    )


def choose_channel(*, source: str, medium: str, campaign: str = "") -> Channel:
    """Return the first rule's channel for a lower-case source and medium."""
    platform = find_platform(source)
    session = Session(
        source=source, medium=medium, campaign=campaign.lower(), category=platform.category if platform else None
    )
    return next((channel for channel, matches in RULES if matches(session)), Channel.UNASSIGNED)


def _choose_channel(touch: TouchInput, *, source: str, medium: str) -> Channel:
    if not (source or medium or touch.utm_campaign or touch.landing_page or touch.visitor_id):
        return Channel.UNKNOWN
    return choose_channel(source=source, medium=medium, campaign=touch.utm_campaign)


def _name_source(touch: TouchInput, click_id_kind: str) -> tuple[str, str]:
    """Return source and medium: the UTMs, else the click id's platform, else the referrer's."""
    source, medium = touch.utm_source.strip().lower(), touch.utm_medium.strip().lower()
    if click_id_kind and not (source and medium):
        platform, paid_medium = CLICK_IDS[click_id_kind]
        return source or platform, medium or paid_medium
    if source or medium:
        return source, medium
    return _name_referrer(touch)


def _name_referrer(touch: TouchInput) -> tuple[str, str]:
    host, own = get_host(touch.referrer), get_host(touch.landing_page)
    if not host or (own and get_site(host) == get_site(own)):
        return "", ""
    platform = find_platform(host)
    if platform is None:
        return host, "referral"
    return platform.name, _REFERRED_MEDIUM.get(platform.category, "referral")


def _read_query(url: str) -> dict[str, str]:
    try:
        query = urlsplit(url).query
        return {name: value for name, value in parse_qsl(query, max_num_fields=100) if name in ATTRIBUTION_FIELDS}
    except ValueError:
        return {}
