"""The figures, and who may read them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from leadhub.lib.ids import new_id
from leadhub.tenancy.models import Organization
from leadhub.work.heartbeats import leave_sign
from leadhub.work.models import Job

pytestmark = pytest.mark.django_db


def read_figures(client: Client) -> dict[tuple[str, ...], float]:
    """Return each sample's value by its name and label values."""
    text = client.get("/metrics").content.decode()
    families = text_string_to_metric_families(text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def add_job(organization: Organization, *, key: str, minutes_late: float, is_dead: bool = False) -> None:
    now = timezone.now()
    Job.objects.create(
        organization=organization,
        lane="speed",
        kind="test",
        target_id=new_id(),
        dedupe_key=key,
        due_at=now - timedelta(minutes=minutes_late),
        dead_at=now if is_dead else None,
        created_at=now,
    )


def test_jobs_are_counted_by_lane(client: Client, acme: Organization) -> None:
    Job.objects.all().delete()
    add_job(acme, key="late", minutes_late=10)
    add_job(acme, key="later", minutes_late=-10)
    add_job(acme, key="dead", minutes_late=60, is_dead=True)

    figures = read_figures(client)

    assert figures["leadhub_jobs_due", "speed"] == 1
    assert figures["leadhub_jobs_waiting", "speed"] == 2
    assert figures["leadhub_jobs_dead", "speed"] == 1
    assert figures["leadhub_job_lag_seconds", "speed"] > 0
    assert figures["leadhub_job_lag_seconds", "bulk"] == 0
    assert figures["leadhub_jobs_due", "bulk"] == 0


def test_who_is_alive_is_told(client: Client) -> None:
    leave_sign("mail")

    figures = read_figures(client)

    assert figures["leadhub_redis_up",] == 1
    assert figures["leadhub_process_up", "mail"] == 1


def test_without_redis_the_other_figures_are_still_told(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    figures = read_figures(client)

    assert figures["leadhub_redis_up",] == 0
    assert ("leadhub_posts_total",) in figures


def test_what_came_through_a_proxy_is_not_told(client: Client) -> None:
    assert client.get("/metrics", headers={"x-forwarded-for": "203.0.113.5"}).status_code == 404


def test_with_a_token_only_its_bearer_is_told(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "s3cret"

    assert client.get("/metrics").status_code == 404
    bearer = {"authorization": "Bearer s3cret", "x-forwarded-for": "203.0.113.5"}
    assert client.get("/metrics", headers=bearer).status_code == 200
