"""When the next task falls due, and the person's clock: pure rules, by table."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from leadhub.desk.local_time import read_local_time
from leadhub.desk.next_steps import When, choose_due_after, choose_due_at
from leadhub.leads.models import Outcome

THURSDAY = datetime(2026, 3, 5, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "due_at"),
    [
        (When.HOUR, datetime(2026, 3, 5, 16, 30, tzinfo=UTC)),
        (When.HOURS, datetime(2026, 3, 5, 18, 30, tzinfo=UTC)),
        (When.TOMORROW, datetime(2026, 3, 6, 10, tzinfo=UTC)),
        (When.THREE_DAYS, datetime(2026, 3, 9, 10, tzinfo=UTC)),  # Sunday becomes Monday
        (When.WEEK, datetime(2026, 3, 12, 10, tzinfo=UTC)),
    ],
)
def test_a_choice_names_a_working_day(when: When, due_at: datetime) -> None:
    assert choose_due_at(when=when, now=THURSDAY) == due_at


def test_the_morning_is_the_member_s_own() -> None:
    with timezone.override("America/Denver"):
        assert choose_due_at(when=When.TOMORROW, now=THURSDAY) == datetime(2026, 3, 6, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "follows"),
    [(Outcome.VOICEMAIL, True), (Outcome.NO_ANSWER, True), (Outcome.CONNECTED, False), (Outcome.NOTE, False)],
)
def test_what_follows_an_outcome_by_itself(outcome: Outcome, follows: bool) -> None:
    assert (choose_due_after(outcome=outcome, now=THURSDAY) is not None) is follows


@pytest.mark.parametrize(
    ("zone", "text", "is_calling_time"),
    [("America/Denver", "Thu 08:30", True), ("Asia/Tokyo", "Fri 00:30", False)],
)
def test_the_person_s_clock(zone: str, text: str, is_calling_time: bool) -> None:
    clock = read_local_time(zone_name=zone, now=THURSDAY)

    assert clock is not None
    assert (clock.text, clock.is_calling_time) == (text, is_calling_time)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus"])
def test_an_unknown_zone_has_no_clock(zone: str) -> None:
    assert read_local_time(zone_name=zone, now=THURSDAY) is None
