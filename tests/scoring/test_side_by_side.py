"""Rescoring beside other work: another publication, an import, many leads taken at once. Nothing stays behind."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from leadhub.accounts.models import Membership
from leadhub.leads.locking import lock_leads
from leadhub.leads.models import EventKind, Lead, Stage
from leadhub.tenancy.scope import scope
from leadhub.work.claims import claim_jobs_of
from leadhub.work.models import Job, JobFailure, Lane
from leadhub.work.runner import drain, run_due, run_job
from scoring import rescoring
from scoring.cooling import COOL, follow_cooling
from scoring.drafts import start_draft
from scoring.many import score_leads
from scoring.marking import mark_within
from scoring.models import EngagementPoint, LeadScore
from scoring.publishing import publish_draft
from scoring.queries import find_published_rules, get_published_model
from tests.personas import NOW
from tests.scoring.arrivals import act, arrive
from tests.threads import in_threads, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def leads(ada: Membership) -> list[Lead]:
    """Two leads with a score, in the order of their ids."""
    with scope(ada.organization_id):
        found = [arrive(email=f"p{number}@builders.test", now=NOW).lead for number in range(2)]
        for lead in found:
            act(lead, EventKind.PAGE_VIEWED, now=NOW, page="/pricing")
    assert found[0].pk < found[1].pk
    return found


def publish(actor: Membership, *, bar: int = 1) -> int:
    """Put a version with this bar in force; its jobs are due."""
    with scope(actor.organization_id):
        draft = start_draft(actor=actor, now=LATER)
        draft.fit_bar, draft.engagement_bar = bar, bar
        draft.save()
        return publish_draft(actor=actor, now=LATER).version


def work_bulk() -> None:
    drain(lane=Lane.BULK, clock=lambda: LATER, until=LATER + timedelta(hours=1))


def start(work: Callable[[], None]) -> threading.Thread:
    """Have a worker do it, until it waits for what the caller holds."""
    worker = threading.Thread(target=in_threads, args=(work, 1))
    worker.start()
    wait_until_blocked()
    return worker


def test_a_second_publication_is_not_lost_to_the_promotions_of_the_first(
    ada: Membership, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescoring, "PROMOTED", 1)
    publish(ada)
    with scope(ada.organization_id):
        Lead.objects.update(stage=Stage.NEW, verdict="pending")
        [rescore] = claim_jobs_of(organization_id=ada.organization_id, lane=Lane.BULK, now=LATER)
        run_job(job=rescore, clock=lambda: LATER)
        [promote] = claim_jobs_of(organization_id=ada.organization_id, lane=Lane.BULK, now=LATER)
        rescoring.run_rescore(job=rescore, now=LATER)  # of the second publication, meanwhile
        run_job(job=promote, clock=lambda: LATER)
        assert Job.objects.filter(kind=rescoring.PROMOTE, target_id=rescoring.FIRST_ID).exists()
        run_due(now=LATER)
        assert set(Lead.objects.values_list("stage", flat=True)) == {Stage.MQL}


def test_a_score_that_another_version_took_meanwhile_is_brought_on(ada: Membership, leads: list[Lead]) -> None:
    first = get_first(ada)
    second = publish(ada)
    with scope(ada.organization_id):
        Job.objects.filter(kind=rescoring.RESCORE).delete()
    third = publish(ada, bar=2)
    assert first < second < third
    with scope(ada.organization_id):
        LeadScore.objects.filter(lead=leads[1]).update(model_version=second)  # by a job of the second, not done yet
        worker = start(work_bulk)
    worker.join()
    with scope(ada.organization_id):
        assert set(LeadScore.objects.values_list("model_version", flat=True)) == {third}


def get_first(actor: Membership) -> int:
    with scope(actor.organization_id):
        model = get_published_model()
        assert model
        return model.version


def test_cooling_leads_warm_up_beside_many_leads_at_once(
    ada: Membership, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescoring, "PROMOTED", 1)
    cooling, ready = leads
    with scope(ada.organization_id):
        Lead.objects.filter(pk=cooling.pk).update(stage=Stage.SAL, cooling_at=NOW)
        Lead.objects.filter(pk=ready.pk).update(stage=Stage.NEW, verdict="pending")
    publish(ada)
    with scope(ada.organization_id):
        lock_leads([cooling.pk])
        worker = start(work_bulk)
        lock_leads([ready.pk])
    worker.join()
    work_bulk()
    with scope(ada.organization_id):
        assert not JobFailure.objects.exists()
        assert [(lead.stage, lead.cooling_at) for lead in Lead.objects.order_by("pk")] == [("sal", None), ("mql", None)]


def test_an_import_beside_a_rescoring(ada: Membership, leads: list[Lead]) -> None:
    def score_all() -> None:
        with scope(ada.organization_id):
            score_leads(lead_ids=[lead.pk for lead in leads], now=LATER)

    with scope(ada.organization_id):  # as a rescoring: the scores first, then the ledger
        list(LeadScore.objects.filter(lead=leads[0]).select_for_update(no_key=True))
        worker = start(score_all)
        EngagementPoint.objects.filter(lead=leads[0]).delete()
    worker.join()
    with scope(ada.organization_id):
        assert EngagementPoint.objects.filter(lead=leads[0]).exists()


def test_a_lead_that_cools_and_warms_up_again_beside_a_rescoring_keeps_its_job(
    ada: Membership, leads: list[Lead]
) -> None:
    lead = leads[0]
    due_at = LATER + timedelta(days=9)

    def commit(cools_at: datetime | None) -> None:
        with scope(ada.organization_id):
            LeadScore.objects.filter(lead=lead).update(cools_at=cools_at)
            follow_cooling(lead_id=lead.pk, cools_at=cools_at, now=LATER)

    def meddle(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """Let the line take it below the bar and above it, after its job was seen and before anybody holds it."""
        if "FOR NO KEY UPDATE" in sql:
            in_threads(lambda: commit(None), 1)
            in_threads(lambda: commit(due_at), 1)
        return execute(sql, *rest)

    commit(LATER)
    with scope(ada.organization_id), connection.execute_wrapper(meddle):
        rules = find_published_rules()
        assert rules
        mark_within(after=rescoring.FIRST_ID, upto=rescoring.LAST_ID, rules=rules, now=LATER)
    assert Job.objects.get(kind=COOL, target_id=lead.pk).due_at == due_at
