"""The line: every step in order, a failing one alone, each event walked by its own job."""

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Any

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.models import EventKind, Lead
from leadhub.leads.timeline import record_event
from leadhub.leads.walk import Walk
from leadhub.line.rehearsal import Arrival, rehearse
from leadhub.line.steps import STEPS
from leadhub.line.walk import walk_event
from leadhub.work.models import Job, JobFailure
from leadhub.work.runner import MAX_ATTEMPTS, run_due
from tests.leads.arrivals import arrive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


class Path:
    """Test steps in place of the features': what they did, and which of them fails."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.is_broken = False

    def first(self, walk: Walk) -> None:  # noqa: ARG002
        self.taken.append("first")

    def second(self, walk: Walk) -> None:
        assert walk.lead
        walk.lead.term = "half done"
        walk.lead.save(update_fields=["term"])
        self.taken.append("second")
        if self.is_broken:
            raise ValueError("a step's defect")

    def third(self, walk: Walk) -> None:
        assert walk.lead
        self.taken.append(f"third {walk.lead.term}")


@pytest.fixture
def path() -> Generator[Path, None, None]:
    path, kept = Path(), dict(STEPS)
    STEPS.clear()
    STEPS.update(first=path.first, second=path.second, third=path.third)
    yield path
    STEPS.clear()
    STEPS.update(kept)


def visit(now: datetime, **options: Any) -> Lead:
    """Let a person with a lead view a page."""
    received = arrive()
    Job.objects.all().delete()
    record_event(
        person=received.person, lead=received.lead, kind=EventKind.PAGE_VIEWED, occurred_at=now, now=now, **options
    )
    return received.lead


def test_event_walks_the_line_once(path: Path, now: datetime) -> None:
    visit(now)
    assert run_due(now=now) == 1
    assert run_due(now=now) == 0
    assert path.taken == ["first", "second", "third half done"]


def test_event_of_the_line_itself_does_not_walk(path: Path, now: datetime) -> None:
    visit(now, walks=False)
    assert run_due(now=now) == 0


def test_failing_step_is_recorded_and_the_others_run(path: Path, now: datetime) -> None:
    path.is_broken = True
    lead = visit(now)
    run_due(now=now)
    assert path.taken == ["first", "second", "first", "second", "third "]
    assert Lead.objects.get(pk=lead.pk).term == ""
    failure, job = JobFailure.objects.get(), Job.objects.get()
    assert (failure.kind, failure.message, failure.job_id) == ("line.second", "a step's defect", job.id)
    assert (job.kind, job.due_at) == ("line.retry_step", now + timedelta(seconds=1))


def test_step_is_retried_alone_by_its_own_job(path: Path, now: datetime) -> None:
    path.is_broken = True
    lead = visit(now)
    run_due(now=now)
    path.taken.clear()
    path.is_broken = False
    run_due(now=now + timedelta(seconds=1))
    assert path.taken == ["second"]
    assert Lead.objects.get(pk=lead.pk).term == "half done"
    assert not Job.objects.exists()


def test_step_that_keeps_failing_becomes_a_dead_letter(path: Path, now: datetime) -> None:
    path.is_broken = True
    visit(now)
    for number in range(MAX_ATTEMPTS + 1):
        run_due(now=now + timedelta(hours=4 * number))
    assert Job.objects.get().dead_at is not None


def test_event_without_a_lead_walks_with_the_open_one(path: Path, now: datetime) -> None:
    received = arrive()
    event = record_event(
        person=received.person, lead=None, kind=EventKind.PAGE_VIEWED, occurred_at=now, now=now, walks=False
    )
    walk = walk_event(event_id=event.id, now=now)
    assert walk is not None
    assert walk.lead == received.lead
    assert not walk.is_new_inquiry


def test_arrival_walks_as_a_new_inquiry(path: Path, now: datetime) -> None:
    walk = walk_event(event_id=arrive().event.id, now=now)
    assert walk is not None
    assert walk.is_new_inquiry
    assert not walk.is_quiet


def test_a_rehearsal_goes_on_after_a_failing_step_as_the_line_does(path: Path, ada: Membership, now: datetime) -> None:
    path.is_broken = True
    arrival = Arrival(form=None, values={"email": "jane@client.example"}, is_stranger=False)
    failures = rehearse(arrival=arrival, uses_drafts=False, actor=ada, now=now, tell=lambda stage: stage.failures)
    assert path.taken == ["first", "second", "third "]
    assert failures == {"second": 'ValueError("a step\'s defect")'}
