"""Suspected spam is quarantined without a word, never dropped; a server without a timestamp is no spam for that."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from capture.rate import FLOOD, name_sender
from capture.spam import HONEYPOT, STAMP, is_disposable, list_signs, make_stamp
from leadhub.desk.founding import Founded
from leadhub.lib.cache import connect_redis
from leadhub.lib.clock import utc_now
from leadhub.lib.rates import BadRate, Counter, Rate, get_counter, parse_rate
from leadhub.tenancy.models import Organization
from tests.capture.posting import count_jobs, list_submissions, post_json, post_page
from tests.personas import NOW

GRACE = {"email": "grace@navy.example", "name": "Grace Hopper"}


def get_only(organization: Organization) -> tuple[str, list[str]]:
    [submission] = list_submissions(organization.id)
    return submission.status, submission.reasons


@pytest.mark.parametrize(
    ("seconds", "status"),
    [(-60, "quarantined"), (60, "pending"), (3600, "pending"), (25 * 3600, "quarantined")],
)
def test_too_fast_and_too_old(founded: Founded, acme: Organization, seconds: int, status: str) -> None:
    assert post_page(founded.form_key, GRACE, shown_seconds_ago=seconds).status_code == 303
    assert get_only(acme)[0] == status


@pytest.mark.parametrize(
    ("seconds", "is_suspect"), [(0, True), (1.9, True), (2, False), (86_400, False), (86_401, True), (-5, True)]
)
def test_the_bounds_of_the_timestamp(seconds: float, is_suspect: bool) -> None:
    values = {**GRACE, STAMP: make_stamp(form_key="key", now=NOW)}
    signs = list_signs(values=values, form_key="key", now=NOW + timedelta(seconds=seconds), is_over_rate=False)
    assert bool(signs) == is_suspect


def test_the_honeypot_is_answered_like_any_other(founded: Founded, acme: Organization) -> None:
    response = post_json(founded.form_key, {**GRACE, HONEYPOT: "http://spam.example"})
    assert response.status_code == 202
    assert get_only(acme) == ("quarantined", ["A field that people cannot see was filled in."])
    assert count_jobs(acme.id) == 0


@pytest.mark.parametrize("stamp", ["", "x", "123.abc", "99999999999999999999.abc"])
def test_a_forged_timestamp(founded: Founded, acme: Organization, stamp: str) -> None:
    post_json(founded.form_key, {**GRACE, STAMP: stamp})
    assert get_only(acme)[0] == "quarantined"


def test_another_forms_timestamp_is_none_of_ours(founded: Founded, acme: Organization) -> None:
    stamp = make_stamp(form_key="other", now=utc_now() - timedelta(minutes=1))
    post_json(founded.form_key, {**GRACE, STAMP: stamp})
    assert get_only(acme)[0] == "quarantined"


def test_a_disposable_mailbox(founded: Founded, acme: Organization) -> None:
    post_json(founded.form_key, {"email": "x@mail.mailinator.com"})
    assert get_only(acme) == ("quarantined", ["The e-mail address is a disposable one."])


@pytest.mark.parametrize(
    ("email", "expected"),
    [
        ("a@yopmail.com", True),
        ("a@YOPMAIL.com", True),
        ("a@x.yopmail.com", True),
        ("a@navy.example", False),
        ("a@" + "b." * 100_000 + "yopmail.com", True),
        ("", False),
    ],
)
def test_disposable_domains(email: str, expected: bool) -> None:
    assert is_disposable(email) == expected


@pytest.mark.parametrize(
    ("name", "is_suspect"),
    [
        ("Win a prize: https://evil.example/now", True),
        ("Visit evil.com today", True),
        ("www.evil.example", True),
        ("Grace Hopper", False),
        ("J.R. Smith-Meyer, Dr. med.", False),
        ("Ann.Marie O'Neil Jr.", False),
    ],
)
def test_a_link_for_a_name(name: str, is_suspect: bool) -> None:
    for field in ("name", "first_name", "last_name"):
        values = {"email": "grace@navy.example", field: name}
        assert bool(list_signs(values=values, form_key="key", now=NOW, is_over_rate=False)) == is_suspect


def test_too_many_posts_from_one_address(founded: Founded, acme: Organization, settings: Settings) -> None:
    settings.FORM_RATE = "2/h"
    for number in range(4):
        assert post_json(founded.form_key, {"email": f"p{number}@navy.example"}).status_code == 202
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    elsewhere.post(f"/f/{founded.form_key}", {"email": "far@navy.example"}, content_type="application/json")
    found = [one.status for one in list_submissions(acme.id)]
    assert found == ["pending", "pending", "quarantined", "quarantined", "pending"]


def test_a_flood_from_one_address_is_refused_and_not_kept(
    founded: Founded, acme: Organization, settings: Settings
) -> None:
    settings.FORM_RATE = "1/h"
    answers = [post_json(founded.form_key, {"email": f"p{number}@navy.example"}) for number in range(FLOOD + 2)]
    assert [answer.status_code for answer in answers] == [202] * FLOOD + [429] * 2
    assert answers[-1].headers["Retry-After"] == "60"
    assert len(list_submissions(acme.id)) == FLOOD


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unknown", "unknown"),
    ],
)
def test_a_network_of_ipv6_is_one_sender(address: str, sender: str) -> None:
    assert name_sender(address) == sender


def test_behind_a_proxy_the_address_is_the_proxys_word(
    founded: Founded, acme: Organization, settings: Settings
) -> None:
    post_json(founded.form_key, GRACE, **{"X-Forwarded-For": "203.0.113.9"})
    settings.TRUSTED_PROXIES = 1
    post_json(founded.form_key, GRACE, **{"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
    assert [one.request["address"] for one in list_submissions(acme.id)] == ["127.0.0.1", "203.0.113.9"]


def test_off_counts_nothing(founded: Founded, acme: Organization, settings: Settings) -> None:
    settings.FORM_RATE = "off"
    for number in range(70):
        post_json(founded.form_key, {"email": f"p{number}@navy.example"})
    assert {one.status for one in list_submissions(acme.id)} == {"pending"}


@pytest.mark.parametrize(
    ("text", "rate"),
    [("60/m", Rate(times=60, seconds=60)), ("5/s", Rate(times=5, seconds=1)), ("9/d", Rate(times=9, seconds=86400))],
)
def test_rates(text: str, rate: Rate) -> None:
    assert parse_rate(text) == rate
    assert parse_rate("off") is None


@pytest.mark.parametrize("text", ["60", "m", "60/w", "-1/m", ""])
def test_bad_rates(text: str) -> None:
    with pytest.raises(BadRate):
        parse_rate(text)


def test_the_count_is_shared_by_processes_through_redis(settings: Settings) -> None:
    one, other = Counter(settings.REDIS_URL), Counter(settings.REDIS_URL)
    key = f"test:{utc_now().timestamp()}"
    assert [one.count(key, 60), other.count(key, 60), get_counter(settings.REDIS_URL).count(key, 60)] == [1, 2, 3]


def test_every_count_ends(settings: Settings) -> None:
    store, key = connect_redis(), f"test:end:{utc_now().timestamp()}"
    counter = Counter(settings.REDIS_URL)
    counter.count(key, 60)
    store.expire(key, 30)
    assert (counter.count(key, 60), store.ttl(key)) == (2, 30)  # the next count does not prolong the window
    store.persist(key)  # as a process left it that died between counting and setting the end
    assert counter.count(key, 60) == 3
    assert 0 < store.ttl(key) <= 60


def test_without_redis_the_process_counts_alone() -> None:
    alone = Counter("redis://127.0.0.1:1/0")
    assert [alone.count("key", 60) for _ in range(3)] == [1, 2, 3]
