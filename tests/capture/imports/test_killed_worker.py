"""A worker that is killed within a chunk costs that chunk only: another one goes on at once, nothing is twice."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from capture.imports.models import Import, ImportChunk, ImportRow
from capture.imports.running import start_import
from leadhub.accounts.models import Membership
from leadhub.leads.models import Inquiry, Lead, Person
from leadhub.tenancy.scope import scope
from leadhub.work.models import Lane
from leadhub.work.runner import drain
from tests.capture.imports.files import check, make_csv
from tests.personas import NOW

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]
# Claims the first chunk, writes its rows, and dies before the commit, as by kill -9.
WORKER = """
import os, signal, sys
from datetime import datetime
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from leadhub.line import batch
from leadhub.work.registry import register
from leadhub.work.models import Lane
from leadhub.work.runner import run_due
def die(*, job, now):
    batch.run_walk_chunk(job=job, now=now)
    os.kill(os.getpid(), signal.SIGKILL)
register(batch.WALK_CHUNK, Lane.BULK, die)
run_due(now=datetime.fromisoformat(sys.argv[2]), lanes=[Lane.BULK])
"""


def test_another_worker_finishes(ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capture.imports.uploading.ROWS_OF_A_CHUNK", 10)
    rows = [(f"p{number}@client.example", "2026-02-01") for number in range(25)]
    with scope(ada.organization_id):
        stored = check(make_csv(("email", "date"), *rows), actor=ada)
        start_import(upload_id=stored.pk, actor=ada, now=NOW)
    killed = run_worker()
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    with scope(ada.organization_id):
        assert not Person.objects.exists()
        assert ImportChunk.objects.filter(upload=stored, state="settled").count() == 0
    soon = NOW + timedelta(seconds=6)
    drain(lane=Lane.BULK, clock=lambda: soon, until=NOW + timedelta(minutes=1))
    with scope(ada.organization_id):
        assert Import.objects.get(pk=stored.pk).state == Import.State.DONE
        assert (Person.objects.count(), Lead.objects.count(), Inquiry.objects.count()) == (25, 25, 25)
        assert ImportRow.objects.filter(outcome="created").count() == 25


def run_worker() -> subprocess.CompletedProcess[bytes]:
    """Run the worker on the test's database until it dies."""
    from django.db import connection

    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "leadhub.settings"}
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", WORKER, name, NOW.isoformat()]
    return subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
