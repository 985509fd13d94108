"""Ringing never makes a door wait, whatever Redis does, and nothing is lost with it."""

import time
from collections.abc import Callable

import pytest
import redis
from django.conf import LazySettings

from leadhub.celery import app
from leadhub.work.bell import Bell
from tests.own_valkey import OwnValkey

PATIENCE_SECONDS = 10.0


@pytest.fixture
def bell(own_valkey: OwnValkey, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Bell:
    """A bell that rings in the test's own Redis."""
    settings.REDIS_URL = own_valkey.url
    monkeypatch.setattr(app.conf, "broker_url", own_valkey.url)
    monkeypatch.setattr(app.conf, "broker_write_url", own_valkey.url)
    return Bell()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def flag_often(bell: Bell) -> None:
    for number in range(1000):
        bell.flag("", "speed")
        bell.flag("leadhub:alerts:test", str(number))


def count_pokes(valkey: OwnValkey) -> int:
    with redis.Redis.from_url(valkey.url) as client:
        return int(client.llen("speed"))


def test_poke_reaches_the_lanes_queue(bell: Bell, own_valkey: OwnValkey) -> None:
    bell.flag("", "speed")
    wait_for(lambda: count_pokes(own_valkey) == 1)
    assert count_pokes(own_valkey) == 1


def test_pokes_of_one_moment_are_few(bell: Bell, own_valkey: OwnValkey) -> None:
    client = redis.Redis.from_url(own_valkey.url, socket_timeout=PATIENCE_SECONDS)
    with client.pubsub(ignore_subscribe_messages=True) as heard:
        heard.subscribe("leadhub:alerts:test")
        heard.get_message(timeout=PATIENCE_SECONDS)
        flag_often(bell)
        assert any(message["data"] == b"999" for message in heard.listen())  # the next test hears no word of this bell
    assert 1 <= count_pokes(own_valkey) < 100


def test_dead_redis_is_rung_when_it_returns_and_its_silence_is_told_once(
    bell: Bell, own_valkey: OwnValkey, caplog: pytest.LogCaptureFixture
) -> None:
    own_valkey.kill()
    flag_often(bell)
    wait_for(lambda: "does not answer" in caplog.text)
    flag_often(bell)
    own_valkey.start()
    wait_for(lambda: count_pokes(own_valkey) >= 1)
    wait_for(lambda: "answers again" in caplog.text)
    assert caplog.text.count("does not answer") == 1


def test_frozen_redis_makes_nobody_wait_and_is_rung_when_it_thaws(
    bell: Bell, own_valkey: OwnValkey, settings: LazySettings
) -> None:
    # Whoever waited for this Redis would wait until the test is given up.
    settings.REDIS_TIMEOUT_SECONDS = 3600.0
    bell.flag("", "speed")
    wait_for(lambda: count_pokes(own_valkey) == 1)
    own_valkey.freeze()
    flag_often(bell)
    own_valkey.thaw()
    wait_for(lambda: count_pokes(own_valkey) >= 2)
    assert count_pokes(own_valkey) >= 2


def test_waiting_flags_are_bounded(bell: Bell, own_valkey: OwnValkey) -> None:
    own_valkey.kill()
    for number in range(6000):
        bell.flag("leadhub:alerts:test", str(number))
    assert len(bell._flags) <= 5000
