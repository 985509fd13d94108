"""A pytest plugin: PostgreSQL and Valkey for the test run, started before the settings are read.

Loaded by `-p tests.servers`. They live in LEADHUB_HOME/test (`.leadhub/test`), or the next free `test-2`, …
when another run holds it. Under pytest-xdist only the controller starts them; its workers inherit the
addresses. Servers that the environment names (DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL) are used as they
are.
"""

import os
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest

from leadhub.embedded.environment import get_home
from leadhub.embedded.lock import HomeInUse, lock_home
from leadhub.embedded.servers import Servers, start_servers

_QUICK_EXITS = {"--help", "-h", "--version", "-V", "--collect-only", "--co", "--markers", "--fixtures"}


@dataclass
class Running:
    """The servers of this run and the lock on their home."""

    servers: Servers
    lock: IO[str]


_running: list[Running] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> Generator[None, None, None]:
    """Start the servers; this wrapper runs before pytest-django reads the settings."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        take_own_redis(worker)
    elif not _QUICK_EXITS.intersection(args):
        start_test_servers()
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the servers after everything that used them."""
    while _running:
        running = _running.pop()
        running.servers.stop()
        running.lock.close()


def take_own_redis(worker: str) -> None:
    """Give a worker of pytest-xdist a database of its own in the shared Redis, as it has one in PostgreSQL."""
    parts = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = parts._replace(path=f"/{int(worker.removeprefix('gw')) + 1}").geturl()


def start_test_servers() -> None:
    """Start what the environment does not name and put the addresses into it."""
    home, lock = hold_test_home(get_home())
    os.environ["LEADHUB_HOME"] = str(home)
    servers = start_servers(home=home, given=os.environ, volatile=True)
    os.environ.update(servers.variables)
    _running.append(Running(servers=servers, lock=lock))


def hold_test_home(home: Path) -> tuple[Path, IO[str]]:
    """Lock the first test home that no other run holds."""
    for number in range(1, 100):
        candidate = home / ("test" if number == 1 else f"test-{number}")
        try:
            return candidate, lock_home(home=candidate, purpose="a test run")
        except HomeInUse:
            continue
    raise HomeInUse(f"a hundred test runs hold {home}")
