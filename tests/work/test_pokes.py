"""Which pokes a worker heeds: the fresh ones, and of those that look stale one a second, whose clock ever is wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from celery.contrib.testing.mocks import TaskMessage
from celery.utils.imports import symbol_by_name

from leadhub.celery import app
from leadhub.work import pokes
from leadhub.work.tasks import ask_for_daily_pruning, drain_lane

FRESH, STALE = timedelta(minutes=5), timedelta(hours=-3)


@pytest.fixture(autouse=True)
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock, as the test sets it; nothing was heeded yet."""
    passed = [100.0]
    monkeypatch.setattr(pokes, "_heeded_at", {})
    monkeypatch.setattr(pokes, "monotonic", lambda: passed[0])
    return passed


def hear(expires_in: timedelta, *, lane: str = "speed") -> pokes.Poke:
    """Hear a poke as Celery does."""
    kwargs = {"lane": lane}
    expires = (datetime.now(UTC) + expires_in).isoformat()
    message = TaskMessage(drain_lane.name, kwargs=kwargs, kwargsrepr=repr(kwargs), expires=expires)
    poke: pokes.Poke = symbol_by_name(drain_lane.Request)(message, app=app, task=drain_lane)
    return poke


def is_heeded(poke: pokes.Poke) -> bool:
    """Ask as Celery does: when it is heard, and before it is done."""
    return not poke.maybe_expire() and not poke.maybe_expire()


def test_fresh_ones_are_heeded() -> None:
    assert [is_heeded(hear(FRESH)) for _ in range(3)] == [True] * 3


def test_of_stale_ones_one_a_second_is_heeded(seconds: list[float]) -> None:
    assert [is_heeded(hear(STALE)) for _ in range(3)] == [True, False, False]
    seconds[0] += 0.9
    assert not is_heeded(hear(STALE))
    seconds[0] += 0.2
    assert [is_heeded(hear(STALE)) for _ in range(2)] == [True, False]


def test_a_stale_one_behind_a_fresh_one_is_dropped() -> None:
    assert is_heeded(hear(FRESH))
    assert not is_heeded(hear(STALE))


def test_each_lane_has_its_own() -> None:
    assert [is_heeded(hear(STALE, lane=lane)) for lane in ("speed", "mail", "speed")] == [True, True, False]


def test_both_tasks_are_heard_so() -> None:
    assert {symbol_by_name(task.Request) for task in (drain_lane, ask_for_daily_pruning)} == {pokes.Poke}
