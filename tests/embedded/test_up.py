"""`leadhub up`, for real: a whole installation in a home with a space, from its start to its stop."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from leadhub.embedded.ports import choose_port
from tests.embedded.conftest import remove_data

_GIVEN_BY_THE_TEST_RUN = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "LEADHUB_HOME"}
pytestmark = pytest.mark.timeout(180)


def clean_environment() -> dict[str, str]:
    """Return our environment without the addresses of the test servers."""
    return {name: text for name, text in os.environ.items() if name not in _GIVEN_BY_THE_TEST_RUN}


def leadhub(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end, for one home."""
    command = [sys.executable, "-m", "leadhub.cli", *arguments]
    environment = {**clean_environment(), "LEADHUB_HOME": str(home)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def wait_until(condition: Callable[[], bool], *, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.2)


@dataclass
class Up:
    """A running `leadhub up`."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def log(self) -> str:
        return (self.home / "up.log").read_text()

    def read(self, path: str) -> tuple[int, bytes]:
        """Return the status and the content of a page; status 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()
        except OSError:
            return 0, b""

    def process_of(self, name: str) -> dict[str, int]:
        found: dict[str, int] = json.loads((self.home / "processes.json").read_text())[name]
        return found

    def has_restarted(self, name: str) -> bool:
        return self.process_of(name)["restarts"] > 0

    def is_ready(self) -> bool:
        status, content = self.read("/readyz")
        return status == 200 and json.loads(content)["status"] == "ok"


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Generator[Up, None, None]:
    """Start an installation, and stop it if the tests did not."""
    home = tmp_path_factory.mktemp("lead hub")
    port = choose_port(home=home, name="web")
    command = [sys.executable, "-m", "leadhub.cli", "up", "--home", str(home), "--port", str(port), "--no-demo"]
    with (home / "up.log").open("wb") as log:
        process = subprocess.Popen(command, env=clean_environment(), stdout=log, stderr=log)
    running = Up(home=home, port=port, process=process)
    wait_until(lambda: "LeadHub is ready" in running.log or process.poll() is not None)
    assert process.poll() is None, running.log
    yield running
    process.send_signal(signal.SIGINT)
    process.wait(timeout=90)
    remove_data(home)


def test_every_process_comes_to_life(up: Up) -> None:
    wait_until(up.is_ready)

    assert up.read("/healthz") == (200, b"ok\n")
    assert f"http://localhost:{up.port}" in up.log


def test_a_second_up_says_who_holds_the_home(up: Up) -> None:
    second = leadhub(up.home, "up", "--port", str(up.port))

    assert second.returncode == 1
    assert f"in use by leadhub up (process {up.process.pid})" in second.stderr


def test_a_taken_port_is_said_before_anything_starts(up: Up, tmp_path: Path) -> None:
    other = leadhub(tmp_path / "other", "up", "--port", str(up.port))

    assert other.returncode == 1
    assert f"Port {up.port} is taken" in other.stderr


def test_an_organization_founded_by_the_command_has_its_keys(up: Up) -> None:
    admin = ["--admin-email", "ada@acme.example", "--admin-password", "correct horse battery"]

    made = leadhub(up.home, "org", "create", "Acme & Söhne", *admin, "--json")

    keys: dict[str, Any] = json.loads(made.stdout)
    assert sorted(keys) == ["api_key", "form_key", "organization_id", "site_key", "slug"]
    assert keys["slug"] == "acme-sohne"


@pytest.mark.parametrize("name", ["web", "live", "worker-speed", "beat", "valkey", "postgres"])
def test_a_killed_process_comes_back(up: Up, name: str) -> None:
    os.kill(up.process_of(name)["pid"], signal.SIGKILL)

    wait_until(lambda: up.has_restarted(name))
    wait_until(up.is_ready)


def test_the_owners_password_is_not_in_what_serving_processes_read(up: Up) -> None:
    shared = json.loads((up.home / "environment.json").read_text())
    web = Path(f"/proc/{up.process_of('web')['pid']}/environ").read_bytes()

    assert "DATABASE_OWNER_URL" not in shared
    assert b"DATABASE_OWNER_URL" not in web
    assert (up.home / "owner.json").stat().st_mode & 0o077 == 0


def test_a_signal_stops_everything_and_the_database_last(up: Up) -> None:
    pids = [found["pid"] for found in json.loads((up.home / "processes.json").read_text()).values()]

    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(timeout=90) == 0

    assert up.log.strip().endswith("Stopped.")
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []
    assert (up.home / "log" / "postgres.log").read_text().strip().endswith("database system is shut down")
