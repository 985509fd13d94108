"""A lead that is put off and woken, and tasks that are planned, moved, done and taken back, on the lead page."""

from datetime import timedelta

import pytest
from django.test import Client

from leadhub.leads.models import Lead, Person, Stage, Task
from leadhub.lib.clock import utc_now
from tests.desk.acts import post


def test_snoozed_until_tomorrow_it_is_planned(browser: Client, lead: Lead) -> None:
    post(browser, lead, "outcomes", outcome="connected")
    post(browser, lead, "snooze", when="tomorrow")

    assert "Pat Doe" in browser.get("/queue/?show=planned").content.decode()


def test_put_off_to_a_day_it_is_back_at_nine_and_says_so(browser: Client, lead: Lead) -> None:
    post(browser, lead, "snooze", wakes_at="2040-05-22")

    lead.refresh_from_db()
    page = browser.get(f"/leads/{lead.pk}/").content.decode()
    assert lead.wakes_at is not None
    assert [lead.is_open, lead.wakes_at.isoformat()] == [True, "2040-05-22T09:00:00+00:00"]
    assert page.count("ut off until 22 May 2040, 09:00") == 2  # told at once, and in the timeline
    assert "Put off until <time" in page  # on top


@pytest.mark.parametrize(
    ("values", "words"),
    [({}, "Choose the day on which it comes back."), ({"wakes_at": "2020-05-22"}, "a date that is still to come")],
)
def test_a_lead_is_put_off_to_no_day_that_is_not_to_come(
    browser: Client, lead: Lead, values: dict[str, str], words: str
) -> None:
    refused = post(browser, lead, "snooze", **values)

    lead.refresh_from_db()
    assert [refused.status_code, lead.wakes_at] == [422, None]
    assert words in refused.content.decode()


@pytest.mark.parametrize(
    ("act", "values"), [("snooze", {"when": "week"}), ("disposition", {"code": "timing", "wakes_at": "2040-05-22"})]
)
def test_what_was_put_off_is_woken_before_its_day(
    browser: Client, lead: Lead, act: str, values: dict[str, str]
) -> None:
    post(browser, lead, act, **values)
    post(browser, lead, "wake")

    lead.refresh_from_db()
    assert [lead.is_open, lead.wakes_at] == [True, None]
    assert "Woken lead" in browser.get("/queue/").content.decode()

    post(browser, lead, "snooze", when="week")

    assert not Task.objects.filter(lead=lead, done_at=None).exists()


def test_no_page_offers_to_wake_what_does_not_wake(browser: Client, lead: Lead) -> None:
    post(browser, lead, "snooze", wakes_at="2040-05-22")
    shown = ("Put off until <time", "Wake it now")
    assert [words in browser.get(f"/leads/{lead.pk}/").content.decode() for words in shown] == [True, True]

    Person.objects.filter(pk=lead.person_id).update(do_not_contact=True)
    assert [words in browser.get(f"/leads/{lead.pk}/").content.decode() for words in shown] == [True, False]

    Person.objects.filter(pk=lead.person_id).update(do_not_contact=False)
    Lead.objects.filter(pk=lead.pk).update(stage=Stage.CUSTOMER, customer_at=utc_now())
    page = browser.get(f"/leads/{lead.pk}/").content.decode()
    assert [words in page for words in ("Wakes on", "Wake it now")] == [False, False]


def test_a_lead_that_nobody_put_off_is_not_woken(browser: Client, lead: Lead) -> None:
    refused = post(browser, lead, "wake")

    assert refused.status_code == 422
    assert "not put off" in refused.content.decode()


def test_a_planned_task_is_ticked_off(browser: Client, lead: Lead) -> None:
    due_at = (utc_now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    post(browser, lead, "tasks", kind="call", title="Ask for plans", due_at=due_at)
    task = Task.objects.get(title="Ask for plans")

    post(browser, lead, f"tasks/{task.pk}/completion")

    task.refresh_from_db()
    assert task.done_at is not None

    post(browser, lead, f"tasks/{task.pk}/completion/undo")

    task.refresh_from_db()
    assert task.done_at is None


def test_a_planned_task_is_moved_renamed_and_taken_back(browser: Client, lead: Lead) -> None:
    post(browser, lead, "tasks", kind="call", title="Ask for plans", due_at="2040-05-22T10:00")
    task = Task.objects.get(title="Ask for plans")

    refused = post(browser, lead, f"tasks/{task.pk}", title="Ask for photos", due_at="")
    post(browser, lead, f"tasks/{task.pk}", title="Ask for photos", due_at="2040-05-23T11:30")

    task.refresh_from_db()
    assert [refused.status_code, task.title, task.kind] == [422, "Ask for photos", "call"]
    assert task.due_at.isoformat() == "2040-05-23T11:30:00+00:00"

    post(browser, lead, f"tasks/{task.pk}/removal")

    assert not Task.objects.filter(pk=task.pk).exists()


def test_what_is_done_is_not_moved(browser: Client, lead: Lead) -> None:
    post(browser, lead, "tasks", kind="call", title="Ask for plans", due_at="2040-05-22T10:00")
    task = Task.objects.get(title="Ask for plans")
    post(browser, lead, f"tasks/{task.pk}/completion")

    answer = post(browser, lead, f"tasks/{task.pk}", title="", due_at="2040-05-23T11:30")

    assert answer.status_code == 422
    assert "This task is done" in answer.content.decode()
