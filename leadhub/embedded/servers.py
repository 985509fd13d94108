"""PostgreSQL and Valkey of one home, started and stopped together.

Used by the supervisor (`leadhub up`) and by the test run (`tests/servers.py`). A server whose address the
environment gives is used as it is and not started.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from psycopg import pq

from leadhub.embedded.children import Child, read_end, start_child
from leadhub.embedded.postgres import DATABASE, Postgres
from leadhub.embedded.roles import ensure_roles
from leadhub.embedded.secrets import load_secrets
from leadhub.embedded.valkey import Valkey

Say = Callable[[str], None]


class ServerFailed(Exception):
    """A server ended while it was starting; the message carries the end of its log."""


@dataclass
class Servers:
    """What was started for a home, the database first, and the variables that lead to it."""

    variables: dict[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)

    def stop(self) -> None:
        """Stop them, the database last."""
        for child in reversed(self.children):
            child.stop()


def start_servers(*, home: Path, given: Mapping[str, str], volatile: bool = False, say: Say = print) -> Servers:
    """Start the servers that the given variables do not name; the home's lock must be held.

    Raises ServerFailed.
    """
    servers = Servers()
    try:
        if not given.get("DATABASE_URL"):
            _add_postgres(servers, home=home, volatile=volatile, say=say)
        if not given.get("REDIS_URL"):
            _add_valkey(servers, home=home)
    except BaseException:
        servers.stop()
        raise
    return servers


def _add_postgres(servers: Servers, *, home: Path, volatile: bool, say: Say) -> None:
    secrets = load_secrets(home=home)
    postgres = Postgres(home=home, secrets=secrets, volatile=volatile)
    child = start_child(postgres.prepare())
    servers.children.append(child)
    wait_for_postgres(child, url=postgres.superuser_url, say=say)
    ensure_roles(superuser_url=postgres.superuser_url, database=DATABASE, secrets=secrets)
    servers.variables |= {"DATABASE_URL": postgres.app_url, "DATABASE_OWNER_URL": postgres.owner_url}


def _add_valkey(servers: Servers, *, home: Path) -> None:
    valkey = Valkey(home=home, secrets=load_secrets(home=home))
    child = start_child(valkey.prepare())
    servers.children.append(child)
    if not valkey.wait_until_ready():
        raise ServerFailed(f"Valkey did not start:\n{read_end(child.command.log)}")
    servers.variables["REDIS_URL"] = valkey.url


def wait_for_postgres(child: Child, *, url: str, say: Say) -> None:
    """Wait until the database takes connections, without a time limit: a recovery takes as long as it takes.

    Raises ServerFailed when its process ends.
    """
    next_word_at = time.monotonic() + 5
    while pq.PGconn.ping(url.encode()) != pq.Ping.OK:
        if child.exit_code is not None:
            raise ServerFailed(f"PostgreSQL did not start:\n{read_end(child.command.log)}")
        if time.monotonic() > next_word_at:
            say("PostgreSQL is still starting (it recovers after a crash)")
            next_word_at = time.monotonic() + 10
        time.sleep(0.05)
