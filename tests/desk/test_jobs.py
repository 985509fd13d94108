"""The page of dead letters and unsettled deliveries: why, and trying again."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.delivery.models import Delivery
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from leadhub.work.dead_letters import list_lane_loads
from leadhub.work.models import Job
from leadhub.work.runner import MAX_ATTEMPTS, run_due
from tests.personas import NOW, ClientOf
from tests.work.conftest import Diary, ask, diary

__all__ = ["diary"]
pytestmark = pytest.mark.django_db


def kill_job(organization: Organization, key: str) -> Job:
    """Make a dead letter the way it is made: by failing too often."""
    job_id = ask(organization, key, kind="test.fail", due_at=NOW)
    for number in range(MAX_ATTEMPTS):
        run_due(now=NOW + timedelta(hours=4 * number), organization_id=organization.id)
    job = Job.objects.get(pk=job_id)
    assert job.dead_at
    return job


def make_delivery(organization: Organization, state: str) -> Delivery:
    with scope(organization.id):
        return Delivery.objects.create(
            channel="mail",
            purpose="acknowledgement",
            dedupe_key=state,
            recipient="pat@customer.example",
            content={"subject": "We have it", "text": "…"},
            state=state,
            created_at=NOW,
        )


def test_page_says_why_and_retries(
    diary: Diary,
    acme: Organization,
    ada: Membership,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    job, other = kill_job(acme, "a"), kill_job(acme, "b")
    browser = client_of(ada)
    page = browser.get(reverse("job_list")).content.decode()
    assert "a handler&#x27;s defect" in page
    with django_capture_on_commit_callbacks() as rings:
        answer = browser.post(reverse("job_retry", args=[job.id]))
    assert (answer.url, len(rings)) == (reverse("job_list"), 1)  # type: ignore[attr-defined]
    job.refresh_from_db()
    assert (job.dead_at, job.attempts, job.error_class) == (None, 0, "")
    assert Job.objects.get(pk=other.id).dead_at
    with scope(acme.id):
        assert AuditEntry.objects.filter(action="job.retried", actor=ada).count() == 1


def test_retrying_twice_changes_nothing(diary: Diary, acme: Organization, ada: Membership, client_of: ClientOf) -> None:
    job = kill_job(acme, "a")
    browser = client_of(ada)
    browser.post(reverse("job_retry", args=[job.id]))
    page = browser.post(reverse("job_retry", args=[job.id]), follow=True).content.decode()
    assert "no dead letter any more" in page
    assert Job.objects.get().generation == 1


def test_all_are_tried_again_at_once(
    diary: Diary,
    acme: Organization,
    ada: Membership,
    client_of: ClientOf,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    kill_job(acme, "a")
    kill_job(acme, "b")
    with django_capture_on_commit_callbacks() as rings:
        client_of(ada).post(reverse("job_retry_all"))
    assert (Job.objects.filter(dead_at__isnull=False).count(), len(rings)) == (0, 1)


def test_a_lane_s_load_is_what_is_due_there(diary: Diary, acme: Organization, eve: Membership) -> None:
    ask(acme, "due", due_at=NOW - timedelta(hours=1))
    ask(acme, "too", due_at=NOW)
    ask(acme, "later", due_at=NOW + timedelta(seconds=1))
    ask(acme, "bulk", kind="test.bulk", due_at=NOW)
    ask(eve.organization, "theirs", due_at=NOW)
    Job.objects.filter(pk=ask(acme, "dead", due_at=NOW)).update(dead_at=NOW)
    with scope(acme.id):
        loads = [(load.lane, load.due, load.oldest_due_at) for load in list_lane_loads(now=NOW)]
    assert loads == [("bulk", 1, NOW), ("speed", 2, NOW - timedelta(hours=1))]


def test_stranger_sees_and_retries_nothing(
    diary: Diary, acme: Organization, eve: Membership, client_of: ClientOf
) -> None:
    job, delivery = kill_job(acme, "a"), make_delivery(acme, "in_doubt")
    browser = client_of(eve)
    assert "Nothing was given up" in browser.get(reverse("job_list")).content.decode()
    assert "Every delivery is settled" in browser.get(reverse("delivery_list")).content.decode()
    browser.post(reverse("job_retry", args=[job.id]))
    browser.post(reverse("job_retry_all"))
    browser.post(reverse("delivery_send_again", args=[delivery.id]))
    assert Job.objects.get().dead_at
    with scope(acme.id):
        assert Delivery.objects.get().state == "in_doubt"


def test_what_is_tried_again_is_shown_with_its_last_failure_and_to_nobody_else(
    diary: Diary, acme: Organization, ada: Membership, eve: Membership, client_of: ClientOf
) -> None:
    ask(acme, "a", kind="test.fail", due_at=NOW)
    ask(acme, "b", kind="test.fail", due_at=NOW + timedelta(seconds=1))
    for seconds in (0, 1):
        run_due(now=NOW + timedelta(seconds=seconds), organization_id=acme.id)
    shown = client_of(ada).get(reverse("job_list")).context["retrying"]
    assert [(each.job.dedupe_key, each.failure.attempt) for each in shown] == [("b", 1), ("a", 2)]
    assert client_of(eve).get(reverse("job_list")).context["retrying"] == []


def test_rep_may_not_look(ria: Membership, client_of: ClientOf) -> None:
    assert client_of(ria).get(reverse("job_list")).status_code == 403


@pytest.mark.parametrize("state", ["in_doubt", "failed"])
def test_unsettled_delivery_is_sent_again(state: str, acme: Organization, ada: Membership, client_of: ClientOf) -> None:
    delivery = make_delivery(acme, state)
    browser = client_of(ada)
    assert "pat@customer.example" in browser.get(reverse("delivery_list")).content.decode()
    browser.post(reverse("delivery_send_again", args=[delivery.id]))
    browser.post(reverse("delivery_send_again", args=[delivery.id]))
    with scope(acme.id):
        assert Delivery.objects.get().state == "pending"
    assert Job.objects.get(kind="delivery.send").target_id == delivery.id


def test_delivery_is_marked_as_sent(acme: Organization, ada: Membership, client_of: ClientOf, now: datetime) -> None:
    delivery = make_delivery(acme, "in_doubt")
    with scope(acme.id):
        Delivery.objects.update(claimed_at=NOW + timedelta(minutes=1))
    client_of(ada).post(reverse("delivery_mark_sent", args=[delivery.id]))
    with scope(acme.id):
        assert Delivery.objects.get().state == "sent"
        assert Delivery.objects.get().sent_at == NOW + timedelta(minutes=1)
    assert not Job.objects.exists()


def test_page_costs_the_same_with_more_rows(
    diary: Diary, acme: Organization, ada: Membership, client_of: ClientOf, django_assert_max_num_queries: object
) -> None:
    for key in ("a", "b", "c"):
        kill_job(acme, key)
    browser = client_of(ada)
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        browser.get(reverse("job_list"))


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ({}, ["in_doubt", "failed"]),
        ({"sort": "state"}, ["failed", "in_doubt"]),
        ({"state": "failed"}, ["failed"]),
        ({"state": "sent"}, ["in_doubt", "failed"]),
        ({"q": "we have"}, ["in_doubt", "failed"]),
        ({"q": "somebody.else"}, []),
        ({"what": "acknowledgement", "first": "2026-03-04", "last": "2026-03-04"}, ["in_doubt", "failed"]),
        ({"last": "2026-03-03"}, []),
    ],
)
def test_deliveries_and_their_file_are_narrowed(
    acme: Organization, ada: Membership, client_of: ClientOf, query: dict[str, str], states: list[str]
) -> None:
    known = {state: str(make_delivery(acme, state).pk) for state in ("sent", "failed", "in_doubt")}
    browser = client_of(ada)
    page, lines = browser.get(reverse("delivery_list"), query), read_file(browser, "delivery_export", query)

    assert [each.state for each in page.context["page"]] == states
    assert [line.split(",")[-1] for line in lines] == [known[state] for state in states]
    assert ("Show all" in page.content.decode()) == (not states)


def test_dead_letters_and_their_file_are_narrowed(
    diary: Diary, acme: Organization, ada: Membership, client_of: ClientOf
) -> None:
    job, browser = kill_job(acme, "a"), client_of(ada)
    for query, is_there in (({"q": "test.fail", "lane": job.lane}, True), ({"q": "no.such.job"}, False)):
        page, lines = browser.get(reverse("job_list"), query), read_file(browser, "job_export", query)
        assert [each.job.pk for each in page.context["dead"]] == [job.pk] * is_there
        assert [line.split(",")[-1] for line in lines] == [str(job.pk)] * is_there
    with scope(acme.id):
        assert AuditEntry.objects.filter(action="list.exported", actor=ada).count() == 2


def test_an_act_leads_back_to_the_list_as_it_was(acme: Organization, ada: Membership, client_of: ClientOf) -> None:
    delivery, browser = make_delivery(acme, "failed"), client_of(ada)
    query = "?state=failed&sort=to"
    assert f"/sending/{query.replace('&', '&amp;')}" in browser.get(f"/jobs/deliveries/{query}").content.decode()
    answer = browser.post(f"{reverse('delivery_send_again', args=[delivery.pk])}{query}")
    assert answer.url == f"/jobs/deliveries/{query}"  # type: ignore[attr-defined]


def read_file(browser: Client, url_name: str, query: dict[str, str]) -> list[str]:
    """Return the lines of a list's file without its header."""
    answer = browser.get(reverse(url_name), query)
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1:]  # type: ignore[attr-defined]
