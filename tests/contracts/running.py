"""A whole installation for the fault tests: started by the real supervisor, posted to, hurt, and read as its owner."""

import http.client
import json
import mailbox
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.embedded.test_up import clean_environment, leadhub, wait_until

_ACCEPTED = 202
_POST_TIMEOUT_SECONDS = 15
KILLED = ("web", "worker-speed", "worker-mail", "beat", "valkey")


@dataclass
class Installation:
    """A running `leadhub up` with one organization."""

    home: Path
    port: int
    form_key: str = ""
    organization_id: str = ""
    settles_by: float = 0.0
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start everything and found the organization."""
        command = [sys.executable, "-m", "leadhub.cli", "up", "--home", str(self.home), "--port", str(self.port)]
        environment = {**clean_environment(), "LEADHUB_FORM_RATE": "off", "LEADHUB_API_RATE": "off"}
        with (self.home / "up.log").open("wb") as log:
            self.process = subprocess.Popen([*command, "--no-demo"], env=environment, stdout=log, stderr=log)
        wait_until(lambda: "LeadHub is ready" in self.log or self.has_ended, seconds=240)
        admin = ["--admin-email", "ada@acme.example", "--admin-password", "correct horse battery"]
        made = json.loads(leadhub(self.home, "org", "create", "Acme", *admin, "--json").stdout)
        self.form_key, self.organization_id = made["form_key"], made["organization_id"]

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=90)

    @property
    def log(self) -> str:
        return (self.home / "up.log").read_text()

    @property
    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def process_id(self, name: str) -> int:
        """Return the process that plays a part now."""
        found: int = json.loads((self.home / "processes.json").read_text())[name]["pid"]
        return found

    def hurt(self, name: str, number: signal.Signals = signal.SIGKILL) -> bool:
        """Signal a process; False where it is dead already and being started again."""
        try:
            os.kill(self.process_id(name), number)
        except (ProcessLookupError, KeyError, json.JSONDecodeError):
            return False
        return True

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Read the database as its owner, who sees every organization."""
        url = json.loads((self.home / "owner.json").read_text())["DATABASE_OWNER_URL"]
        with psycopg.connect(url) as connection:
            return connection.execute(sql).fetchall()

    def count(self, sql: str) -> int:
        """Return the one number that a query returns."""
        return int(self.query(sql)[0][0])

    def read_mail_ids(self) -> list[str]:
        """Return the Message-ID of every mail that arrived at the sink."""
        return [message["Message-ID"] for message in mailbox.Maildir(self.home / "mail", create=False)]

    def list_unfinished(self) -> list[tuple[Any, ...]]:
        """Return how many jobs of each kind are due or at work, and of submissions without an outcome."""
        return self.query(
            "SELECT kind, count(*), count(token), max(attempts), max(error_class) FROM job"
            " WHERE dead_at IS NULL AND (token IS NOT NULL OR due_at <= now()) GROUP BY kind"
            " UNION ALL SELECT 'submission', count(*), 0, 0, '' FROM submission WHERE status = 'pending'"
            " HAVING count(*) > 0"
        )

    def start_clock(self, *, seconds: float) -> None:
        """Let what follows be settled within a time, whatever befalls it."""
        self.settles_by = time.monotonic() + seconds

    def wait_until_settled(self) -> None:
        """Wait until nothing is due or at work; a failure says what still was when its time was over."""
        while unfinished := self.list_unfinished():
            assert time.monotonic() < self.settles_by, unfinished
            time.sleep(0.5)


@dataclass
class Visitors:
    """Browsers that post, and try again with the same key until they are answered."""

    installation: Installation
    accepted: list[str] = field(default_factory=list)
    refused: list[tuple[int, bytes]] = field(default_factory=list)

    def post_all(self, addresses: list[str], *, threads: int, pause_seconds: float) -> None:
        """Post one submission for each address, from several threads at once."""
        waiting = list(reversed(addresses))
        lock = threading.Lock()

        def visit() -> None:
            while True:
                with lock:
                    if not waiting:
                        return
                    address = waiting.pop()
                self._post_until_answered(address)
                time.sleep(pause_seconds)

        running = [threading.Thread(target=visit) for _ in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()

    def _post_until_answered(self, address: str) -> None:
        body = json.dumps({"email": address, "name": "Pat Doe", "message": "Please call", "quote_value": "1200"})
        key = str(uuid.uuid4())
        while True:
            status, answer = self._post(body, key)
            if status == _ACCEPTED:
                self.accepted.append(json.loads(answer)["submission_id"])
                return
            if status not in {0, 409, 500, 502, 503}:
                self.refused.append((status, answer))
                return
            time.sleep(0.2)

    def _post(self, body: str, key: str) -> tuple[int, bytes]:
        """Post once; status 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.installation.port, timeout=_POST_TIMEOUT_SECONDS)
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": key}
        try:
            connection.request("POST", f"/f/{self.installation.form_key}", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()


class Vandal(threading.Thread):
    """Kills parts of an installation at random, each several times, and restarts PostgreSQL once."""

    def __init__(self, installation: Installation, *, seed: int, pause_seconds: float) -> None:
        super().__init__(daemon=True)
        self._installation = installation
        self._random = random.Random(seed)
        self._pause_seconds = pause_seconds
        self.deeds: list[str] = []

    def run(self) -> None:
        """Do every deed, in random order, with pauses of random length."""
        deeds = [name for name in KILLED for _ in range(3)]
        self._random.shuffle(deeds)
        deeds.insert(len(deeds) // 2, "postgres")
        for name in deeds:
            time.sleep(self._random.uniform(0.3, 1.7) * self._pause_seconds)
            # SIGINT is PostgreSQL's fast shutdown; the supervisor starts it again
            while not self._installation.hurt(name, signal.SIGINT if name == "postgres" else signal.SIGKILL):
                time.sleep(0.1)
            self.deeds.append(name)


class Siege(threading.Thread):
    """Keeps a process down: kills it, and each one that the supervisor starts in its place, until it is lifted."""

    def __init__(self, installation: Installation, *, name: str) -> None:
        super().__init__(daemon=True)
        self._installation, self._name = installation, name
        self._is_lifted = threading.Event()

    def run(self) -> None:
        """Kill it again and again."""
        while not self._is_lifted.wait(0.05):
            self._installation.hurt(self._name)

    def lift(self) -> None:
        """Let it live."""
        self._is_lifted.set()
        self.join()
