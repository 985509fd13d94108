"""Import a CSV through the product's own steps, against the same rows written by plain multi-row INSERTs.

Two of these: four narrow rows a row of the file into tables without keys; and the rows that a lead
really consists of into the product's own tables, made by PostgreSQL itself on one connection and on two, which bounds
what an import could reach.
"""

import io
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Barrier
from typing import Any
from uuid import UUID

from benchmarks.figures import Figure
from benchmarks.filling import build_insert
from benchmarks.scale import ONE_LEAD, Scale

HEADER = "E-mail,First name,Last name,Phone,Company,Message,Source,Campaign"
PORTION = 1000
ROW = "imported{number}@import{part}.example,Im,Ported,+1 425 {line:07d},Import {part},Hello,google,spring"
_WHOLE = """
CREATE TEMPORARY TABLE bench_whole AS
SELECT %s::uuid AS organization_id, n, now() AS at, uuidv7() AS person_id, uuidv7() AS touch_id, uuidv7() AS lead_id,
    uuidv7() AS inquiry_id, uuidv7() AS event_id, %s::uuid AS rep_id, %s::uuid AS admin_id, 'new' AS stage,
    'paid_search' AS channel, 'google' AS source, 0 AS k
FROM generate_series(0, %s::int - 1) AS n
"""
_IDENTITY = {
    "organization_id": "organization_id",
    "id": "uuidv7()",
    "person_id": "person_id",
    "created_at": "at",
}
_SCORE = {
    "organization_id": "organization_id",
    "lead_id": "lead_id",
    "as_of": "at",
    "half_life_days": "14",
    "grade": "'D4'",
    "fit": "0",
    "engagement": "0",
    "model_version": "1",
}


def measure_import(scale: Scale, *, rows: int) -> list[Figure]:
    """Store, check, identify, score and qualify the rows, in the first organization; then the plain INSERTs."""
    seconds = _import(scale.organizations[0], rows)
    plain, run = _insert_plain(rows), seconds["run"]
    whole, both = _insert_whole(scale.organizations[-1:], rows), _insert_whole(scale.organizations[-3:-1], rows)
    return [
        Figure(name=f"CSV import of {rows:,} rows, all of it", unit="rows/s", value=rows / sum(seconds.values())),
        Figure(name="CSV import, the file to checked rows", unit="rows/s", value=rows / (sum(seconds.values()) - run)),
        Figure(name="CSV import, the checked rows to leads", unit="rows/s", value=rows / run, at_least=10_000),
        Figure(name="multi-row INSERT of person, lead, inquiry, event", unit="rows/s", value=rows / plain),
        Figure(name="CSV import, share of the multi-row INSERT", unit="%", value=100 * plain / run),
        Figure(name="the nine rows of a lead into our own tables, by PostgreSQL", unit="rows/s", value=rows / whole),
        Figure(name="the same on two connections at once, both cores", unit="rows/s", value=2 * rows / both),
        Figure(name="CSV import, share of what one connection can write", unit="%", value=100 * whole / run),
    ]


def _import(organization_id: UUID, rows: int) -> dict[str, float]:
    """Return the seconds of storing, checking and running the import, each job in a transaction of its own."""
    from capture.imports.checking import check_import
    from capture.imports.models import Import
    from capture.imports.plan import propose_plan
    from capture.imports.running import start_import
    from capture.imports.uploading import store_upload
    from leadhub.accounts.models import Membership
    from leadhub.tenancy.scope import scope

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
    work_until(Import.State.CHECKED, upload_id=upload.pk, organization_id=organization_id, now=now)
    moments.append(time.perf_counter())
    with scope(organization_id):
        start_import(upload_id=upload.pk, actor=actor, now=now)
    work_until(Import.State.DONE, upload_id=upload.pk, organization_id=organization_id, now=now)
    moments.append(time.perf_counter())
    return {name: moments[i + 1] - moments[i] for i, name in enumerate(("store", "check", "run"))}


def work_until(state: str, *, upload_id: UUID, organization_id: UUID, now: datetime) -> None:
    """Do the organization's bulk jobs until the import has come so far: the installation's worker does some, too.

    Raises RuntimeError where a chunk fails: it would be tried again at an instant that does not come here.
    """
    from capture.imports.checking import CHECK_CHUNK
    from capture.imports.models import Import
    from leadhub.line.batch import WALK_CHUNK
    from leadhub.tenancy.scope import scope
    from leadhub.work.models import JobFailure, Lane
    from leadhub.work.runner import run_due

    while True:
        run_due(now=now, organization_id=organization_id, lanes=[Lane.BULK])
        with scope(organization_id):
            if Import.objects.filter(pk=upload_id, state=state).exists():
                return
            failure = JobFailure.objects.filter(kind__in=[CHECK_CHUNK, WALK_CHUNK], at__gte=now).order_by("at").first()
        if failure is not None:
            raise RuntimeError(f"{failure.kind} failed: {failure.error_class}: {failure.message}")
        time.sleep(0.001)


def _insert_plain(rows: int) -> float:
    """Write four narrow rows for each row of the file, a thousand at a time, durable each time; return the seconds."""
    from django.db import connection, transaction

    tables = ("person", "lead", "inquiry", "event")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"CREATE TEMPORARY TABLE bench_{table} (id int PRIMARY KEY, text text, at timestamptz)")
        with _timed() as seconds:
            for start in range(0, rows, PORTION):
                with transaction.atomic():
                    for table in tables:
                        _insert_portion(cursor, table, start)
    return seconds[0]


def _insert_portion(cursor: Any, table: str, start: int) -> None:
    places = ", ".join(["(%s, %s, now())"] * PORTION)
    values = [value for number in range(start, start + PORTION) for value in (number, f"row {number}")]
    cursor.execute(f"INSERT INTO bench_{table} VALUES {places}", values)


def _insert_whole(organizations: Sequence[UUID], rows: int) -> float:
    """Write the rows of leads with their keys and indexes, each organization on a connection; return the seconds."""
    start = Barrier(len(organizations))
    with ThreadPoolExecutor(len(organizations)) as threads:
        return max(threads.map(lambda one: _write_whole(one, rows, start), organizations))


def _write_whole(organization_id: UUID, rows: int, start: Barrier) -> float:
    """Send eight statements for a thousand leads, again and again, their ids and statements made before."""
    from django.db import connection

    from leadhub.tenancy.scope import scope

    statements = _prepare_whole(organization_id, rows)
    start.wait()
    with _timed() as seconds:
        for first in range(0, rows, PORTION):
            with scope(organization_id):
                for statement in statements:
                    connection.connection.execute(f"{statement} WHERE n BETWEEN {first} AND {first + PORTION - 1}")
    connection.close()
    return seconds[0]


def _prepare_whole(organization_id: UUID, rows: int) -> list[str]:
    """Make the ids of the rows, and return the statements that write them."""
    from django.db import connection

    from leadhub.accounts.models import Membership
    from leadhub.tenancy.scope import scope

    event = {**ONE_LEAD["event"], "id": "event_id", "kind": "'form_submitted'"}
    mail = {**_IDENTITY, "kind": "'email'", "value": "'whole' || n || '@whole.example'"}
    phone = {**_IDENTITY, "kind": "'phone'", "value": "'+1360' || lpad(n::text, 7, '0')"}
    parts = [*({**ONE_LEAD, "event": event}).items(), ("identity", mail), ("identity", phone), ("lead_score", _SCORE)]
    with scope(organization_id):
        owner = Membership.objects.get(organization_id=organization_id, is_marketing_owner=True)
        database = connection.connection
        database.execute(_WHOLE, [organization_id, owner.pk, owner.pk, rows])
        database.execute("CREATE INDEX ON bench_whole (n)")
        database.execute("ANALYZE bench_whole")
        return [build_insert(database, table, columns, "bench_whole") for table, columns in parts]


@contextmanager
def _timed() -> Iterator[list[float]]:
    """Note how many seconds the block takes."""
    seconds: list[float] = []
    began_at = time.perf_counter()
    yield seconds
    seconds.append(time.perf_counter() - began_at)
