"""Where an imported lead came from: the columns of a touch, classified like a form's. Pure; called by reading."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache

from capture.channels import UTM_FIELDS, classify, read_touch
from leadhub.leads.models import Channel
from leadhub.lib.words import bare_words

SOURCE_FIELDS = ("channel", *UTM_FIELDS, "gclid", "landing_page", "referrer")
_NOT_KNOWN = {"", "unknown", "(not set)", "not set", "n/a", "none", "-", "null"}
_CHANNELS: dict[str, Channel] = {
    **{bare_words(name): one for one in Channel for name in (one.value, one.label)},
    "direct traffic": Channel.DIRECT,
    "social": Channel.ORGANIC_SOCIAL,
    "social media": Channel.ORGANIC_SOCIAL,
    "seo": Channel.ORGANIC_SEARCH,
    "organic": Channel.ORGANIC_SEARCH,
    "sea": Channel.PAID_SEARCH,
    "ppc": Channel.PAID_SEARCH,
    "e mail": Channel.EMAIL,
    "newsletter": Channel.EMAIL,
    "other publicities": Channel.PAID_OTHER,
}


def read_source(values: Mapping[str, str]) -> dict[str, str]:
    """Return a touch's columns, those with a value; none where nothing is known.

    A named channel is taken at its word; its name stands for the source where no column tells that.
    """
    return dict(_read(tuple(values.get(name, "") for name in SOURCE_FIELDS)))


@lru_cache(maxsize=20_000)
def _read(told: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    values = {name: value for name, value in zip(SOURCE_FIELDS, told, strict=True) if value.lower() not in _NOT_KNOWN}
    if not values:
        return ()
    named = values.pop("channel", "")
    if named:
        values.setdefault("utm_source", named)
    touch = asdict(classify(read_touch(values)))
    if named:
        touch["channel"] = _CHANNELS.get(bare_words(named), Channel.UNASSIGNED)
    return tuple((name, str(value)) for name, value in touch.items() if value)
