"""The channel of a touch: GA4's rules in their order, AI assistants, click ids and referrers."""

import pytest

from capture.channels import choose_channel, classify, read_touch
from leadhub.leads.models import Channel

HOME = "https://acme.example/"


@pytest.mark.parametrize(
    ("source", "medium", "campaign", "channel"),
    [
        ("", "", "", Channel.DIRECT),
        ("(direct)", "(none)", "", Channel.DIRECT),
        ("(direct)", "(not set)", "", Channel.DIRECT),
        ("google", "cpc", "cross-network", Channel.CROSS_NETWORK),
        ("google", "cpc", "pmax cross-network 7", Channel.CROSS_NETWORK),
        ("amazon.com", "cpc", "", Channel.PAID_SHOPPING),
        ("google", "cpc", "summer shop", Channel.PAID_SHOPPING),
        ("google", "cpc", "eshop", Channel.PAID_SHOPPING),
        ("google", "cpc", "shopping-brand", Channel.PAID_SHOPPING),
        ("google", "cpc", "workshop", Channel.PAID_SEARCH),
        ("google", "cpc", "brand", Channel.PAID_SEARCH),
        ("google", "ppc", "", Channel.PAID_SEARCH),
        ("google", "cpm", "", Channel.PAID_SEARCH),
        ("google", "retargeting", "", Channel.PAID_SEARCH),
        ("bing", "paidsearch", "", Channel.PAID_SEARCH),
        ("bing.com", "cpc", "", Channel.PAID_SEARCH),
        ("www.google.co.uk", "cpc", "", Channel.PAID_SEARCH),
        ("duckduckgo", "cpc", "", Channel.PAID_SEARCH),
        ("facebook", "paid", "", Channel.PAID_SOCIAL),
        ("facebook", "paid_social", "", Channel.PAID_SOCIAL),
        ("fb", "cpc", "", Channel.PAID_SOCIAL),
        ("instagram.com", "cpm", "", Channel.PAID_SOCIAL),
        ("linkedin", "paid-social", "", Channel.PAID_SOCIAL),
        ("tiktok", "ppc", "", Channel.PAID_SOCIAL),
        ("youtube", "cpc", "", Channel.PAID_VIDEO),
        ("vimeo.com", "paid", "", Channel.PAID_VIDEO),
        ("adnetwork", "display", "", Channel.DISPLAY),
        ("adnetwork", "banner", "", Channel.DISPLAY),
        ("adnetwork", "expandable", "", Channel.DISPLAY),
        ("adnetwork", "interstitial", "", Channel.DISPLAY),
        ("adnetwork", "cpm", "", Channel.DISPLAY),
        ("adnetwork", "cpc", "", Channel.PAID_OTHER),
        ("adnetwork", "paid", "", Channel.PAID_OTHER),
        ("chatgpt.com", "cpc", "", Channel.PAID_OTHER),
        ("chatgpt.com", "", "", Channel.AI_ASSISTANT),
        ("chatgpt.com", "referral", "", Channel.AI_ASSISTANT),
        ("perplexity", "", "", Channel.AI_ASSISTANT),
        ("gemini.google.com", "referral", "", Channel.AI_ASSISTANT),
        ("copilot.microsoft.com", "", "", Channel.AI_ASSISTANT),
        ("claude.ai", "referral", "", Channel.AI_ASSISTANT),
        ("etsy.com", "referral", "", Channel.ORGANIC_SHOPPING),
        ("newsletter", "web", "winter shopping", Channel.ORGANIC_SHOPPING),
        ("facebook.com", "referral", "", Channel.ORGANIC_SOCIAL),
        ("t.co", "referral", "", Channel.ORGANIC_SOCIAL),
        ("acme", "social", "", Channel.ORGANIC_SOCIAL),
        ("acme", "sm", "", Channel.ORGANIC_SOCIAL),
        ("acme", "social media", "", Channel.ORGANIC_SOCIAL),
        ("youtube.com", "referral", "", Channel.ORGANIC_VIDEO),
        ("acme", "promo-video", "", Channel.ORGANIC_VIDEO),
        ("google", "organic", "", Channel.ORGANIC_SEARCH),
        ("ecosia.org", "referral", "", Channel.ORGANIC_SEARCH),
        ("unheard-of", "organic", "", Channel.ORGANIC_SEARCH),
        ("partner.example", "referral", "", Channel.REFERRAL),
        ("partner.example", "link", "", Channel.REFERRAL),
        ("partner.example", "app", "", Channel.REFERRAL),
        ("newsletter", "email", "", Channel.EMAIL),
        ("newsletter", "e-mail", "", Channel.EMAIL),
        ("newsletter", "e mail", "", Channel.EMAIL),
        ("e_mail", "weekly", "", Channel.EMAIL),
        ("partner", "affiliate", "", Channel.AFFILIATES),
        ("spotify", "audio", "", Channel.AUDIO),
        ("acme", "sms", "", Channel.SMS),
        ("sms", "reminder", "", Channel.SMS),
        ("acme", "webpush", "", Channel.MOBILE_PUSH),
        ("acme", "mobile-app", "", Channel.MOBILE_PUSH),
        ("acme", "notification", "", Channel.MOBILE_PUSH),
        ("firebase", "fcm", "", Channel.MOBILE_PUSH),
        ("acme", "brochure", "", Channel.UNASSIGNED),
        ("", "", "spring", Channel.UNASSIGNED),
        ("notgoogle", "", "", Channel.UNASSIGNED),
    ],
)
def test_rules_in_their_order(source: str, medium: str, campaign: str, channel: Channel) -> None:
    assert choose_channel(source=source, medium=medium, campaign=campaign) == channel


@pytest.mark.parametrize(
    ("values", "channel", "source", "medium"),
    [
        ({}, Channel.UNKNOWN, "", ""),
        ({"landing_page": HOME}, Channel.DIRECT, "", ""),
        ({"gclid": "x"}, Channel.PAID_SEARCH, "google", "cpc"),
        ({"gbraid": "x"}, Channel.PAID_SEARCH, "google", "cpc"),
        ({"wbraid": "x"}, Channel.PAID_SEARCH, "google", "cpc"),
        ({"msclkid": "x"}, Channel.PAID_SEARCH, "bing", "cpc"),
        ({"ttclid": "x"}, Channel.PAID_SOCIAL, "tiktok", "paid_social"),
        ({"li_fat_id": "x"}, Channel.PAID_SOCIAL, "linkedin", "paid_social"),
        ({"twclid": "x"}, Channel.PAID_SOCIAL, "x", "paid_social"),
        ({"fbclid": "x"}, Channel.ORGANIC_SOCIAL, "facebook", "social"),
        ({"fbclid": "x", "utm_medium": "paid"}, Channel.PAID_SOCIAL, "facebook", "paid"),
        ({"gclid": "x", "utm_source": "google", "utm_medium": "cpc"}, Channel.PAID_SEARCH, "google", "cpc"),
        ({"utm_source": "Google", "utm_medium": "CPC"}, Channel.PAID_SEARCH, "google", "cpc"),
        ({"landing_page": HOME + "?gclid=abc"}, Channel.PAID_SEARCH, "google", "cpc"),
        ({"landing_page": HOME + "?utm_source=news&utm_medium=email"}, Channel.EMAIL, "news", "email"),
        ({"referrer": "https://www.google.de/"}, Channel.ORGANIC_SEARCH, "google", "organic"),
        ({"referrer": "https://google.com.br/url?q=1"}, Channel.ORGANIC_SEARCH, "google", "organic"),
        ({"referrer": "https://search.yahoo.co.jp/"}, Channel.ORGANIC_SEARCH, "yahoo", "organic"),
        ({"referrer": "android-app://com.google.android.googlequicksearchbox/"}, "organic_search", "google", "organic"),
        ({"referrer": "https://gemini.google.com/app"}, Channel.AI_ASSISTANT, "gemini", "referral"),
        ({"referrer": "https://chatgpt.com/"}, Channel.AI_ASSISTANT, "chatgpt", "referral"),
        ({"referrer": "https://www.perplexity.ai/"}, Channel.AI_ASSISTANT, "perplexity", "referral"),
        ({"referrer": "https://l.facebook.com/l.php"}, Channel.ORGANIC_SOCIAL, "facebook", "social"),
        ({"referrer": "https://lnkd.in/abc"}, Channel.ORGANIC_SOCIAL, "linkedin", "social"),
        ({"referrer": "https://m.youtube.com/watch"}, Channel.ORGANIC_VIDEO, "youtube", "referral"),
        ({"referrer": "https://www.amazon.co.uk/dp/1"}, Channel.ORGANIC_SHOPPING, "amazon", "referral"),
        ({"referrer": "https://blog.partner.example/post"}, Channel.REFERRAL, "blog.partner.example", "referral"),
        ({"referrer": "https://www.acme.example/a", "landing_page": HOME}, Channel.DIRECT, "", ""),
        ({"referrer": "http://[broken", "landing_page": HOME}, Channel.DIRECT, "", ""),
        ({"referrer": "https://google.evil.example/"}, Channel.REFERRAL, "google.evil.example", "referral"),
    ],
)  # fmt: skip
def test_touch_names_its_source(values: dict[str, str], channel: Channel, source: str, medium: str) -> None:
    touch = classify(read_touch(values))
    assert (touch.channel, touch.source, touch.medium) == (channel, source, medium)


def test_a_source_of_any_length_is_read() -> None:
    assert choose_channel(source="a." * 100_000 + "google.com", medium="referral") == Channel.REFERRAL


def test_click_id_is_kept_beside_the_utms() -> None:
    touch = classify(read_touch({"utm_source": "google", "utm_medium": "cpc", "utm_campaign": "Siding", "gclid": "G1"}))
    assert (touch.click_id_kind, touch.click_id, touch.campaign) == ("gclid", "G1", "Siding")


def test_nothing_is_longer_than_its_column() -> None:
    long = "x" * 5000
    touch = classify(read_touch({"utm_source": long, "utm_medium": long, "gclid": long, "landing_page": long}))
    assert (len(touch.source), len(touch.click_id), len(touch.landing_page)) == (200, 500, 2000)
