"""Homes for servers, and the folders outside of them that root's servers need."""

import shutil
from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from leadhub.embedded.secrets import load_secrets
from leadhub.embedded.servers import Servers, start_servers
from leadhub.embedded.service_user import find_service_user, place_for_data

StartServers = Callable[[Path], Servers]


def remove_data(home: Path) -> None:
    """Remove the database of a home, which as root may lie outside of it."""
    shutil.rmtree(place_for_data(home=home, user=find_service_user()), ignore_errors=True)


@pytest.fixture
def start(tmp_path: Path) -> Generator[StartServers, None, None]:
    """Start the servers of a home; stop them and remove their data at the end."""
    with ExitStack() as stack:

        def start_home(home: Path) -> Servers:
            home.mkdir(parents=True, exist_ok=True)
            load_secrets(home=home)
            servers = start_servers(home=home, given={}, volatile=True)
            stack.callback(remove_data, home)
            stack.callback(servers.stop)
            return servers

        yield start_home
