"""A whole installation of its own for the length of a benchmark: `leadhub up` in a temporary home."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from leadhub.embedded.ports import choose_port

SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "LEADHUB_HOME")


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Where it runs and the keys of its organization."""

    home: Path
    port: int
    keys: dict[str, str]

    def read(self, name: str) -> dict[str, str]:
        """Return what its processes agreed on: `environment.json` or `owner.json`."""
        variables: dict[str, str] = json.loads((self.home / name).read_text())
        return variables

    def set_up_django(self) -> None:
        """Let this process read and write the installation's database, as its web process does."""
        os.environ.update(LEADHUB_HOME=str(self.home), DJANGO_SETTINGS_MODULE="leadhub.settings")
        import django

        django.setup()

    def make_stream_url(self) -> str:
        """Return the admin's event stream: the only member, so every lead is theirs. Needs Django."""
        from leadhub.accounts.models import Membership
        from leadhub.live.tokens import make_token

        member = Membership.objects.get(user__email="bench@example.com")
        token = make_token(organization_id=member.organization_id, member_id=member.id, now=datetime.now(UTC))
        return f"{self.read('environment.json')['LIVE_URL'].format(host='127.0.0.1')}/live/stream?token={token}"


@contextmanager
def start_installation() -> Iterator[Installation]:
    """Start everything without a demo and with no rate limit, found an organization; stop all of it after."""
    with tempfile.TemporaryDirectory(prefix="leadhub-bench-") as folder:
        Path(folder).chmod(0o711)  # root's database runs as another user: within its reach it goes with the folder
        home = Path(folder) / "home"
        home.mkdir()
        port = choose_port(home=home, name="web")
        process = _start(home, port)
        try:
            _wait(process, port)
            yield Installation(home=home, port=port, keys=_found(home))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def _environment(home: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if name not in SERVERS}
    return {**kept, "LEADHUB_HOME": str(home), "LEADHUB_FORM_RATE": "off", "LEADHUB_API_RATE": "off"}


def _start(home: Path, port: int) -> "subprocess.Popen[bytes]":

    command = [sys.executable, "-m", "leadhub.cli", "up", "--no-demo", "--port", str(port)]
    with (home / "up.log").open("wb") as log:
        return subprocess.Popen(command, env=_environment(home), stdout=log, stderr=log)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if json.load(answer).get("status") in {"ready", "ok"}:
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise SystemExit("The installation did not start.")


def _found(home: Path) -> dict[str, str]:
    command = [sys.executable, "-m", "leadhub.cli", "org", "create", "Bench", "--json"]
    command += ["--admin-email", "bench@example.com", "--admin-password", "bench bench bench"]
    made = subprocess.run(command, env=_environment(home), capture_output=True, text=True, check=True)
    keys: dict[str, str] = json.loads(made.stdout)
    return keys
