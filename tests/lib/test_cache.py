"""The cache fails open: without Redis it misses, and nothing raises."""

import pytest
import redis
from django.conf import settings

from leadhub.lib.cache import FailOpenRedisCache

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def down() -> FailOpenRedisCache:
    return FailOpenRedisCache(NOWHERE, {})


@pytest.fixture
def up() -> FailOpenRedisCache:
    return FailOpenRedisCache(settings.REDIS_URL, {"KEY_PREFIX": "test_cache"})


def test_with_redis_it_is_a_cache(up: FailOpenRedisCache) -> None:
    up.set("answer", {"of": 42})

    assert up.get("answer") == {"of": 42}
    assert up.add("answer", 1) is False
    assert up.delete("answer") is True
    assert up.get("answer", "gone") == "gone"


def test_nothing_that_runs_code_is_kept(up: FailOpenRedisCache) -> None:
    up.set("times", [1.5, 2.0])
    up.set("count", 1)
    kept = redis.Redis.from_url(settings.REDIS_URL).get(up.make_key("times"))

    assert (kept, up.get("times"), up.incr("count")) == (b"[1.5, 2.0]", [1.5, 2.0], 2)


def test_without_redis_reads_miss(down: FailOpenRedisCache) -> None:
    assert down.get("answer", 42) == 42
    assert down.get_many(["answer"]) == {}
    assert down.has_key("answer") is False


def test_without_redis_writes_are_dropped(down: FailOpenRedisCache) -> None:
    down.set("answer", 42)
    down.set_many({"answer": 42})
    down.delete_many(["answer"])
    down.clear()
    assert down.delete("answer") is False
    assert down.touch("answer") is False


def test_without_redis_a_lock_is_free_and_a_counter_counts_one(down: FailOpenRedisCache) -> None:
    assert down.add("lock", 1) is True
    assert down.incr("posts") == 1
    assert down.get_or_set("answer", lambda: 42) == 42
