"""The demo is entered through the doors, adds up, and is the same for the same seed."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db.models import Q

from capture.models import Submission
from leadhub.cli.demo import show_progress
from leadhub.demo.load import Loaded, load_demo
from leadhub.desk.team import list_leads
from leadhub.leads.models import Lead, Stage, Task, TaskKind
from leadhub.tenancy.models import TenantModel
from leadhub.tenancy.scope import scope
from leadhub.work.models import Job, JobFailure
from nurture.models import Message

NOW = datetime(2026, 3, 20, 19, 0, tzinfo=UTC)
# What no seed may foretell: ids, signed links of mails, keys.
_CHANCE = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}|(?<=/n/[a-z]/)[\w.:-]+|\blh_[\w-]+")
_SECRET = {"key", "key_hash"}


@pytest.fixture
def loaded(db: None) -> Loaded:
    return load_demo(now=NOW, leads=25, days=14, seed=1)


def tell(loaded: Loaded) -> dict[str, list[str]]:
    """Return every row of the story by table, with all of its columns but for what no seed may foretell."""
    with scope(loaded.organization.id):
        return {model.__name__: sorted(map(write_row, model._default_manager.all())) for model in list_tenant_models()}


def list_tenant_models() -> list[type[TenantModel]]:
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def write_row(row: TenantModel) -> str:
    told = {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in _SECRET}
    return _CHANCE.sub("…", repr(told))


def test_every_arrival_became_a_lead_nothing_failed_and_every_role_has_work(loaded: Loaded) -> None:
    with scope(loaded.organization.id):
        arrivals = Submission.objects.exclude(door="mail")  # answers to letters join the lead they had
        statuses = Counter(arrivals.values_list("status", flat=True))
        assert not Submission.objects.filter(door="mail").exclude(status="merged").exists()
        assert statuses["created"] + statuses["merged"] == 25
        assert (statuses["quarantined"], statuses["rejected"], statuses["pending"]) == (2, 1, 0)
        assert not JobFailure.objects.exists()
        mails = [message.delivery.content["html"] for message in Message.objects.exclude(delivery=None)]
        assert mails
        assert all("/n/c/" in mail for mail in mails)  # what is counted as a click can be clicked
        assert not Lead.objects.filter(Q(captured_at__gt=NOW) | Q(updated_at__gt=NOW)).exists()
        assert set(Lead.objects.values_list("owner__name", flat=True)) >= {"Max", "Ria", "Raj"}
        assert {Stage.RECYCLED, Stage.OPPORTUNITY} < set(Lead.objects.values_list("stage", flat=True))
    assert not Job.objects.filter(dead_at__isnull=False).exists()


def test_nothing_waits_that_nobody_would_leave(loaded: Loaded) -> None:
    with scope(loaded.organization.id):
        waiting = Task.objects.filter(done_at=None, due_at__lte=NOW)
        assert TaskKind.WOKEN in set(waiting.values_list("kind", flat=True))
        assert min(waiting.values_list("due_at", flat=True)) > NOW - timedelta(days=2)
        for kind in ("late", "untouched", "held"):
            leads = list_leads(kind=kind, member_id=None, now=NOW).exclude(owner__name="Max")
            assert all(lead.captured_at > NOW - timedelta(days=5) for lead in leads), kind
        assert list_leads(kind="untouched", member_id=None, now=NOW).exists()


def test_the_same_seed_tells_the_same_story(db: None) -> None:
    first, second = (load_demo(now=NOW, leads=6, days=14, seed=5) for _ in range(2))
    story, again = tell(first), tell(second)
    assert story.keys() == again.keys()
    for name in story:
        assert story[name] == again[name], name
    assert len(story["Lead"]) == first.leads == 6


def test_the_count_is_told_a_line_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(leads=3, as_lines=True) as step:
        step()
        step()
    assert capsys.readouterr().out == "1/3\n2/3\n"
