"""Short ways to import a file in tests: text in, ledger out."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from capture.imports.checking import check_import
from capture.imports.models import Import, ImportRow
from capture.imports.plan import Plan, propose_plan
from capture.imports.running import start_import
from capture.imports.uploading import store_upload
from leadhub.accounts.models import Membership
from leadhub.work.runner import run_due
from tests.personas import NOW


def make_csv(*rows: Sequence[object]) -> bytes:
    """Return a CSV file."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def upload(content: bytes, *, actor: Membership, now: datetime = NOW, name: str = "leads.csv") -> Import:
    """Store a file."""
    return store_upload(file=io.BytesIO(content), name=name, actor=actor, now=now)


def check(content: bytes, *, actor: Membership, now: datetime = NOW, **choices: Any) -> Import:
    """Store a file and check it by the proposed plan, changed as told."""
    stored = upload(content, actor=actor, now=now)
    plan: Plan = replace(propose_plan(header=stored.header, sample=stored.sample), **choices)
    check_import(upload_id=stored.pk, plan=plan, actor=actor, now=now)
    run_due(now=now)
    stored.refresh_from_db()
    return stored


def import_file(content: bytes, *, actor: Membership, now: datetime = NOW, **choices: Any) -> Import:
    """Store, check and import a file, and do all jobs."""
    stored = check(content, actor=actor, now=now, **choices)
    start_import(upload_id=stored.pk, actor=actor, now=now)
    run_due(now=now)
    stored.refresh_from_db()
    return stored


def list_outcomes(stored: Import) -> list[str]:
    """Return what became of each row, in order."""
    return list(ImportRow.objects.filter(upload=stored).order_by("number").values_list("outcome", flat=True))
