"""Import a CSV through the product's own steps, against the same rows written by plain multi-row INSERTs."""

import io
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from benchmarks.figures import Figure
from benchmarks.scale import Scale

HEADER = "E-mail,First name,Last name,Phone,Company,Message,Source,Campaign"
PORTION = 1000
ROW = "imported{number}@import{part}.example,Im,Ported,+1 425 {line:07d},Import {part},Hello,google,spring"


def measure_import(scale: Scale, *, rows: int) -> list[Figure]:
    """Store, check, identify, score and qualify the rows, in the first organization; then the plain INSERTs."""
    seconds = _import(scale.organizations[0], rows)
    plain = _insert(rows)
    return [
        Figure(name=f"CSV import of {rows:,} rows, all of it", unit="rows/s", value=rows / sum(seconds.values())),
        Figure(
            name="CSV import, the checked rows to leads", unit="rows/s", value=rows / seconds["run"], at_least=10_000
        ),
        Figure(name="multi-row INSERT of person, lead, inquiry, event", unit="rows/s", value=rows / plain),
        Figure(name="CSV import, share of the multi-row INSERT", unit="%", value=100 * plain / seconds["run"]),
    ]


def _import(organization_id: UUID, rows: int) -> dict[str, float]:
    """Return the seconds of storing, checking and running the import, each job in a transaction of its own."""
    from capture.imports.checking import check_import
    from capture.imports.plan import propose_plan
    from capture.imports.running import start_import
    from capture.imports.uploading import store_upload
    from leadhub.accounts.models import Membership
    from leadhub.tenancy.scope import scope
    from leadhub.work.models import Lane
    from leadhub.work.runner import run_due

    now = datetime.now(UTC)
    actor = Membership.objects.get(organization_id=organization_id, is_marketing_owner=True)
    lines = [ROW.format(number=number, part=number % 500, line=number) for number in range(rows)]
    file = io.BytesIO("\n".join([HEADER, *lines]).encode())
    moments = [time.perf_counter()]
    with scope(organization_id):
        upload = store_upload(file=file, name="bench.csv", actor=actor, now=now)
        moments.append(time.perf_counter())
        plan = propose_plan(header=upload.header, sample=[])
        check_import(upload_id=upload.pk, plan=plan, actor=actor, now=now)
    run_due(now=now, organization_id=organization_id, lanes=[Lane.BULK])
    moments.append(time.perf_counter())
    with scope(organization_id):
        start_import(upload_id=upload.pk, actor=actor, now=now)
    run_due(now=now, organization_id=organization_id, lanes=[Lane.BULK])
    moments.append(time.perf_counter())
    return {name: moments[i + 1] - moments[i] for i, name in enumerate(("store", "check", "run"))}


def _insert(rows: int) -> float:
    """Write four narrow rows for each row of the file, a thousand at a time, durable each time; return the seconds."""
    from django.db import connection, transaction

    tables = ("person", "lead", "inquiry", "event")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"CREATE TEMPORARY TABLE bench_{table} (id int PRIMARY KEY, text text, at timestamptz)")
        began_at = time.perf_counter()
        for start in range(0, rows, PORTION):
            with transaction.atomic():
                for table in tables:
                    _insert_portion(cursor, table, start)
        return time.perf_counter() - began_at


def _insert_portion(cursor: Any, table: str, start: int) -> None:
    places = ", ".join(["(%s, %s, now())"] * PORTION)
    values = [value for number in range(start, start + PORTION) for value in (number, f"row {number}")]
    cursor.execute(f"INSERT INTO bench_{table} VALUES {places}", values)
