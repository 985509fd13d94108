"""Why a lead is next, in words: what the queue writes into each row."""

from collections.abc import Callable
from datetime import datetime

from leadhub.desk.queue import Reason, Row
from leadhub.web.formatting import format_ago, format_moment, format_money_short

TONES = {"overdue": "bad", "hot": "warn", "due": "info", "next": "plain", "planned": "plain"}


def explain_row(row: Row, *, now: datetime) -> str:
    """Return one short sentence."""
    return _SENTENCES[row.reason](row, now)


def explain_beside_clock(row: Row, *, now: datetime) -> str:
    """Return the sentence for where the promise's clock stands beside it: what it tells already is not said again."""
    return _BESIDE_CLOCK.get(row.reason) or explain_row(row, now=now)


def _explain_missed(row: Row, now: datetime) -> str:
    return f"Answer was promised {format_ago(row.due_at or now, now)}"


def _explain_hot(row: Row, now: datetime) -> str:
    return f"Hot: asked {format_ago(row.started_at or now, now)}"


def _explain_near(row: Row, now: datetime) -> str:
    return f"Answer promised by {format_moment(row.due_at or now, 'time')}"


def _explain_overdue_task(row: Row, now: datetime) -> str:
    return f"{row.task_title} · was due {format_ago(row.task_due_at or now, now)}"


def _explain_due_task(row: Row, now: datetime) -> str:
    return f"{row.task_title} · due {format_moment(row.task_due_at or now, 'time')}"


def _explain_woken(row: Row, now: datetime) -> str:
    return "Its day has come" if row.wakes_at else f"{row.task_title} · {format_ago(row.task_due_at or now, now)}"


def _explain_planned(row: Row, now: datetime) -> str:
    if row.wakes_at:
        return f"Put off until {format_moment(row.wakes_at)}"
    return f"{row.task_title} · due {format_moment(row.task_due_at or now)}"


def _explain_worth(row: Row, _now: datetime) -> str:
    if row.cooling_at:
        return "Cooling: less active lately"
    score = f"Score {row.score:.0f}" if row.score else "Not scored yet"
    return f"{score} × {format_money_short(row.value, row.currency)}" if row.value else score


_SENTENCES: dict[Reason, Callable[[Row, datetime], str]] = {
    Reason.SLA_MISSED: _explain_missed,
    Reason.TASK_OVERDUE: _explain_overdue_task,
    Reason.HOT: _explain_hot,
    Reason.WOKEN: _explain_woken,
    Reason.TASK_DUE: _explain_due_task,
    Reason.PROMISE_NEAR: _explain_near,
    Reason.ASKED: lambda _row, _now: "Asked, not answered yet",
    Reason.WORTH: _explain_worth,
    Reason.PLANNED: _explain_planned,
}

_BESIDE_CLOCK = {Reason.SLA_MISSED: "Not answered yet", Reason.HOT: "Hot: not answered yet"}
