"""What a rep does to a lead, from the lead page and from the queue: happy, refused, forbidden."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, Lead, Person, Stage, Task, Verdict
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from routing.models import Assignment
from tests.desk.acts import post
from tests.desk.leads import make_lead
from tests.personas import ClientOf

HTMX = {"HX-Request": "true", "HX-Target": "lead"}


def test_one_click_logs_a_voicemail_sets_the_next_task_and_can_be_undone(browser: Client, lead: Lead) -> None:
    answer = browser.post(f"/leads/{lead.pk}/outcomes/", {"outcome": "voicemail"}, headers=HTMX).content.decode()

    event = Event.objects.get(lead=lead, kind="voicemail_left")
    assert "Voicemail logged. Next task:" in answer
    assert Task.objects.filter(lead=lead, done_at=None).count() == 1
    lead.refresh_from_db()
    assert lead.stage == Stage.SAL

    undone = post(browser, lead, f"outcomes/{event.pk}/undo")

    assert undone.status_code == 302
    assert not Task.objects.filter(lead=lead, done_at=None).exists()
    lead.refresh_from_db()
    assert lead.stage == Stage.MQL


@pytest.mark.parametrize("kept", ["talk", "changes"])
def test_an_act_leaves_the_timeline_filtered_and_offers_the_undo(browser: Client, lead: Lead, kept: str) -> None:
    headers = {**HTMX, "HX-Current-URL": f"http://testserver/leads/{lead.pk}/?timeline={kept}"}
    answer = browser.post(f"/leads/{lead.pk}/outcomes/", {"outcome": "voicemail"}, headers=headers).content.decode()

    undo = f"/leads/{lead.pk}/outcomes/{Event.objects.get(kind='voicemail_left').pk}/undo/"
    assert f'action="{undo}"' in answer
    assert f'href="?timeline={kept}" aria-current="page"' in answer
    undone = browser.post(undo, headers=headers).content.decode()
    assert f'href="?timeline={kept}" aria-current="page"' in undone
    assert undo not in undone


def test_call_back_is_two_clicks_and_due_when_chosen(browser: Client, lead: Lead) -> None:
    post(browser, lead, "outcomes", outcome="call_back", when="hour")

    due_at = Task.objects.get(lead=lead).due_at
    assert abs(due_at - utc_now() - timedelta(hours=1)) < timedelta(minutes=1)


def test_from_the_queue_the_row_says_what_was_done_in_its_place(browser: Client, lead: Lead) -> None:
    answer = browser.post(
        f"/leads/{lead.pk}/outcomes/",
        {"outcome": "no_answer", "place": "queue"},
        headers={"HX-Request": "true", "HX-Target": "preview"},
    ).content.decode()

    assert f'id="row-{lead.pk}"' in answer
    assert "desk-row-acted" in answer
    assert "Undo" in answer
    assert "Offered to you" not in answer


def test_from_the_queue_the_answer_counts_anew_and_leads_to_the_next_one(
    browser: Client, lead: Lead, ria: Membership
) -> None:
    other = make_lead(owner=ria, now=utc_now(), name="Sam Roe")

    answer = browser.post(
        f"/leads/{lead.pk}/outcomes/",
        {"outcome": "no_answer", "place": "queue"},
        headers={"HX-Request": "true", "HX-Target": "preview"},
    ).content.decode()

    assert '<span class="lh-count" id="queue-now" hx-swap-oob="true">1</span>' in answer
    assert '<span class="lh-count" id="queue-planned" hx-swap-oob="true">1</span>' in answer
    assert f'data-chooses="row-{other.pk}">Next: Sam Roe' in answer


def test_a_page_that_refuses_an_act_from_the_queue_leads_back_into_it(browser: Client, lead: Lead) -> None:
    refused = post(browser, lead, "assignment/rejection", place="queue")

    assert refused.status_code == 422
    assert f'href="/queue/?lead={lead.pk}"' in refused.content.decode()


def test_an_unknown_outcome_is_refused_on_the_page(browser: Client, lead: Lead) -> None:
    answer = post(browser, lead, "outcomes", outcome="shouted")

    assert answer.status_code == 422
    assert "Select a valid choice" in answer.content.decode()


def test_accepting_makes_it_theirs(browser: Client, lead: Lead) -> None:
    assert post(browser, lead, "assignment/acceptance", place="queue").url == f"/queue/?lead={lead.pk}"

    lead.refresh_from_db()
    assert lead.stage == Stage.SAL
    assert Assignment.objects.get(lead=lead, ended_at=None).state == "accepted"


def test_rejecting_needs_a_reason_and_returns_the_lead_to_marketing(
    browser: Client, lead: Lead, ada: Membership
) -> None:
    refused = post(browser, lead, "assignment/rejection")
    assert refused.status_code == 422
    assert "This field is required" in refused.content.decode()

    post(browser, lead, "assignment/rejection", reason="not_a_fit")

    lead.refresh_from_db()
    assert (lead.owner_id, lead.verdict) == (ada.pk, Verdict.UNQUALIFIED)


def test_the_wrong_rep_gives_the_turn_back(browser: Client, lead: Lead, ada: Membership) -> None:
    post(browser, lead, "assignment/reroute", note="Not my region")

    lead.refresh_from_db()
    assert lead.owner_id == ada.pk
    assert Assignment.objects.filter(lead=lead, state="rerouted").count() == 1


def test_all_four_answers_make_an_sql(browser: Client, lead: Lead) -> None:
    partly = browser.post(f"/leads/{lead.pk}/qualification/", {"budget": "50k"}, headers=HTMX).content.decode()
    assert "Still open: authority, need, timeline." in partly

    post(browser, lead, "qualification", budget="50k", authority="CFO", need="Windows", timeline="May")

    lead.refresh_from_db()
    assert lead.stage == Stage.SQL


def test_closing_needs_a_code_and_timing_a_date(browser: Client, lead: Lead) -> None:
    assert post(browser, lead, "disposition").status_code == 422
    undated = post(browser, lead, "disposition", code="timing")
    assert undated.status_code == 422
    assert "lh-field-error" in undated.content.decode()

    wakes_at = (utc_now() + timedelta(days=40)).date()
    post(browser, lead, "disposition", code="timing", wakes_at=wakes_at.isoformat())

    lead.refresh_from_db()
    assert (lead.stage, lead.disposition) == (Stage.RECYCLED, "timing")
    assert lead.wakes_at is not None


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


def test_verdict_and_value_are_set_by_marketing(client_of: ClientOf, max_: Membership, lead: Lead) -> None:
    browser = client_of(max_)
    post(browser, lead, "verdict", verdict="unqualified", reason="Student project")
    post(browser, lead, "value", amount="1200")

    lead.refresh_from_db()
    assert [lead.verdict, lead.verdict_by_id, lead.quote_value] == [Verdict.UNQUALIFIED, max_.pk, Decimal(1200)]


def test_a_manager_gives_it_to_somebody_else(client_of: ClientOf, mia: Membership, raj: Membership, lead: Lead) -> None:
    post(client_of(mia), lead, "assignment", member=raj.pk, note="Knows windows")

    lead.refresh_from_db()
    assert lead.owner_id == raj.pk


ACTS = [
    ("outcomes", {"outcome": "voicemail"}),
    ("tasks", {"kind": "call", "due_at": "2030-01-01T10:00"}),
    ("snooze", {"when": "hour"}),
    ("wake", {}),
    ("qualification", {"budget": "1"}),
    ("disposition", {"code": "cold"}),
    ("verdict", {"verdict": "qualified"}),
    ("value", {"amount": "1"}),
    ("opportunities", {"name": "Deal", "amount": "1"}),
    ("assignment/acceptance", {}),
    ("assignment/rejection", {"reason": "timing"}),
    ("assignment/reroute", {}),
    ("assignment", {"member": ""}),
]


@pytest.mark.parametrize(("act", "values"), ACTS)
def test_another_rep_may_not_touch_it(
    client_of: ClientOf, raj: Membership, lead: Lead, act: str, values: dict[str, str]
) -> None:
    assert post(client_of(raj), lead, act, **values).status_code == 403


@pytest.mark.parametrize(("act", "values"), ACTS)
def test_another_organization_finds_nothing(
    client_of: ClientOf, acme: Organization, ria: Membership, eve: Membership, act: str, values: dict[str, str]
) -> None:
    with scope(acme.id):
        theirs = make_lead(owner=ria, now=utc_now())

    assert post(client_of(eve), theirs, act, **values).status_code == 404


@pytest.mark.parametrize(("act", "values"), ACTS)
def test_an_act_is_never_a_get(browser: Client, lead: Lead, act: str, values: dict[str, str]) -> None:
    assert browser.get(f"/leads/{lead.pk}/{act}/", values).status_code == 405


def test_only_who_logged_it_may_undo_it(client_of: ClientOf, browser: Client, mia: Membership, lead: Lead) -> None:
    post(browser, lead, "outcomes", outcome="voicemail")
    event = Event.objects.get(lead=lead, kind="voicemail_left")
    manager = client_of(mia)

    assert f"/outcomes/{event.pk}/undo/" not in manager.get(f"/leads/{lead.pk}/").content.decode()
    refused = post(manager, lead, f"outcomes/{event.pk}/undo")

    assert refused.status_code == 422
    assert "Only your own logged outcomes can be undone" in refused.content.decode()


def test_an_offer_that_somebody_answered_is_refused_in_the_queue(browser: Client, lead: Lead) -> None:
    Assignment.objects.filter(lead=lead).update(state=Assignment.State.HELD, is_sales=False)

    refused = browser.post(
        f"/leads/{lead.pk}/assignment/acceptance/",
        {"place": "queue"},
        headers={"HX-Request": "true", "HX-Target": "preview"},
    )

    assert refused.status_code == 422
    assert "Nobody is asked about this lead any more" in refused.content.decode()
