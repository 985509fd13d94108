"""PostgreSQL and Valkey of one home, started and stopped together.

Used by the supervisor (`leadhub up`) and by the test run (`tests/servers.py`). A server whose address the
environment gives is used as it is and not started.
"""

import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from psycopg import pq

from leadhub.embedded.children import Command, start_child, stop_child
from leadhub.embedded.postgres import DATABASE, Postgres
from leadhub.embedded.recovery import clear_postmaster_pid
from leadhub.embedded.roles import ensure_roles
from leadhub.embedded.secrets import load_secrets
from leadhub.embedded.valkey import Valkey

Say = Callable[[str], None]


class ServerFailed(Exception):
    """A server ended while it was starting; the message carries the end of its log."""


@dataclass
class Server:
    """A running server process and how it was started."""

    command: Command
    process: "subprocess.Popen[bytes]"

    def stop(self, *, grace_seconds: float | None) -> None:
        """Stop it its own way."""
        stop_child(self.process, stop_signal=self.command.stop_signal, grace_seconds=grace_seconds)


@dataclass
class Servers:
    """What was started for a home, and the variables that lead to it."""

    variables: dict[str, str] = field(default_factory=dict)
    postgres: Server | None = None
    valkey: Server | None = None

    def stop(self) -> None:
        """Stop both, the database last and for as long as a clean shutdown takes."""
        if self.valkey:
            self.valkey.stop(grace_seconds=10)
        if self.postgres:
            self.postgres.stop(grace_seconds=None)


def start_servers(*, home: Path, given: Mapping[str, str], volatile: bool = False, say: Say = print) -> Servers:
    """Start the servers that the given variables do not name; the home's lock must be held.

    Raises ServerFailed.
    """
    home.mkdir(parents=True, exist_ok=True)
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
    command = postgres.prepare()
    clear_postmaster_pid(cluster=postgres.cluster)
    servers.postgres = Server(command=command, process=start_child(command))
    wait_for_postgres(servers.postgres, url=postgres.superuser_url, say=say)
    ensure_roles(superuser_url=postgres.superuser_url, database=DATABASE, secrets=secrets)
    servers.variables |= {"DATABASE_URL": postgres.app_url, "DATABASE_OWNER_URL": postgres.owner_url}


def _add_valkey(servers: Servers, *, home: Path) -> None:
    valkey = Valkey(home=home, secrets=load_secrets(home=home))
    command = valkey.prepare()
    servers.valkey = Server(command=command, process=start_child(command))
    if not valkey.wait_until_ready():
        raise ServerFailed(f"Valkey did not start:\n{read_end(command.log)}")
    servers.variables["REDIS_URL"] = valkey.url


def wait_for_postgres(server: Server, *, url: str, say: Say) -> None:
    """Wait until the database takes connections, without a time limit: a recovery takes as long as it takes.

    Raises ServerFailed when its process ends.
    """
    next_word_at = time.monotonic() + 5
    while pq.PGconn.ping(url.encode()) != pq.Ping.OK:
        if server.process.poll() is not None:
            raise ServerFailed(f"PostgreSQL did not start:\n{read_end(server.command.log)}")
        if time.monotonic() > next_word_at:
            say("PostgreSQL is still starting (it recovers after a crash)")
            next_word_at = time.monotonic() + 10
        time.sleep(0.05)


def read_end(log: Path, *, lines: int = 12) -> str:
    """Return the last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
