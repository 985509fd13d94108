"""The probes: alive, ready, degraded, unavailable."""

from collections.abc import Generator

import pytest
from django.db import connection, connections
from django.test import Client
from pytest_django import Settings

from leadhub.lib.cache import connect_redis
from leadhub.work.heartbeats import leave_sign
from leadhub.work.models import Lane

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_signs() -> None:
    """Forget the signs of life of other tests."""
    connect_redis().flushdb()


def test_the_process_is_alive_whatever_host_is_asked(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["leads.example"]

    answer = client.get("/healthz", headers={"host": "10.0.0.7"})

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_ready_when_workers_and_beat_show_signs_of_life(client: Client) -> None:
    leave_sign(*Lane.values, "beat")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_without_workers_it_is_degraded_and_still_serves(client: Client) -> None:
    leave_sign("speed", "beat")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["workers"] == "none on mail, webhook, bulk"


def test_without_redis_it_is_degraded_and_still_serves(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["database"] == "ok"


@pytest.fixture
def missing_migration() -> Generator[str, None, None]:
    """Forget for a while that a migration was applied."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'live' AND name = "
            "(SELECT max(name) FROM django_migrations WHERE app = 'live') RETURNING name, applied"
        )
        name, applied = cursor.fetchone()
        yield name
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('live', %s, %s)", [name, applied])


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_with_a_migration_missing_it_is_unavailable(client: Client, missing_migration: str) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert f"live.{missing_migration}" in answer.json()["checks"]["migrations"]


@pytest.fixture
def no_database() -> Generator[None, None, None]:
    """Point the connection at a socket that is not there."""
    host = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    yield
    connection.settings_dict["HOST"] = host


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_without_the_database_it_is_unavailable(client: Client, no_database: None) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
