"""Columns that are changed while the rows are being checked wait for the check, and never it for them."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection, connections

from capture.imports.checking import check_chunk, check_import
from capture.imports.models import Import
from capture.imports.plan import Plan
from leadhub.accounts.models import Membership
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from tests.capture.imports.files import check, make_csv
from tests.personas import NOW

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def test_both_get_through(ada: Membership) -> None:
    with scope(ada.organization_id):
        stored = check(make_csv(("email", "town"), ("a@client.example", "Ulm")), actor=ada)
        plan = replace(Plan.from_json(stored.plan), columns=("email", "city"))
        check_import(upload_id=stored.pk, plan=plan, actor=ada, now=NOW)
    is_held = threading.Event()

    def check_rows() -> None:
        with scope(ada.organization_id):
            chunk = stored.chunks.select_for_update().get()
            is_held.set()
            wait_until_somebody_waits()
            check_chunk(chunk_id=chunk.pk, now=NOW)
        connections.close_all()

    def change_columns() -> None:
        is_held.wait()
        with scope(ada.organization_id):
            check_import(upload_id=stored.pk, plan=replace(plan, columns=("email", "")), actor=ada, now=NOW)
        connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(check_rows), pool.submit(change_columns)]:
            done.result()
    run_due(now=NOW)
    with scope(ada.organization_id):
        stored.refresh_from_db()
        assert (stored.state, stored.plan["columns"]) == (Import.State.CHECKED, ["email", ""])


def wait_until_somebody_waits() -> None:
    """Return when another transaction waits for a lock."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() != (0,):
                return
            time.sleep(0.01)
