"""One installation on one machine: what its processes are, where they listen, what their environment says."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from leadhub.embedded.children import Command
from leadhub.embedded.ports import choose_port
from leadhub.embedded.secrets import load_secrets

# A process for each lane, so that a bulk job never delays a lead; and how many jobs it does at once.
LANES = {"speed": 2, "mail": 1, "webhook": 2, "bulk": 2}
# Doors answer first: what waits in a lane gives way to them, the speed lane least.
NICENESS = {"speed": 7, "mail": 9, "webhook": 9, "bulk": 10}
_STOP_WORKERS_WITHIN_SECONDS = 30
# A thread keeps its database connection, and a new one costs a post a tenth of a second: let both rest for long.
_THREADS = ["--blocking-threads", "4", "--blocking-threads-idle-timeout", "600"]


@dataclass(kw_only=True)
class Installation:
    """Where one home serves and the variables all its processes share."""

    home: Path
    host: str
    port: int
    given: Mapping[str, str]
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.live_port = choose_port(home=self.home, name="live")
        self.smtp_port = choose_port(home=self.home, name="smtp")
        self.inbox_port = choose_port(home=self.home, name="inbox")

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        return f"http://localhost:{self.port}"

    @property
    def inbox_url(self) -> str | None:
        """Where the local mail sink shows what was sent; None when mail goes to a real server."""
        return None if self.given.get("SMTP_HOST") else f"http://localhost:{self.inbox_port}"

    @property
    def _mail_folder(self) -> Path:
        return self.home / "mail"

    def complete(self, server_variables: Mapping[str, str]) -> dict[str, str]:
        """Return every variable the processes must agree on: the servers', ours, and above them the given."""
        made = {
            "LEADHUB_SECRET_KEY": load_secrets(home=self.home).secret_key,
            "LEADHUB_PUBLIC_URL": self.url,
            "LIVE_URL": f"http://{{host}}:{self.live_port}",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.smtp_port),
            "LEADHUB_INBOX_URL": self.inbox_url or "",
            "LEADHUB_MAIL_FOLDER": str(self._mail_folder) if self.inbox_url else "",
            **server_variables,
        }
        keys = ["LEADHUB_SECRET_KEY_FALLBACKS", "LEADHUB_ENCRYPTION_KEYS", "LEADHUB_PRIVATE_HOSTS"]
        names = [*made, *keys, "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"]
        return {name: value for name in names if (value := self.given.get(name) or made.get(name, ""))}

    def command(self, name: str, *arguments: str | Path, grace_seconds: float = 10, niceness: int = 0) -> Command:
        """Return how to start one of our Python modules here, without the owner's password."""
        environment = {
            **self.given,
            **self.variables,
            "LEADHUB_HOME": str(self.home),
            "PYTHONUNBUFFERED": "1",
        }
        environment.pop("DATABASE_OWNER_URL", None)
        return Command(
            name=name,
            arguments=[sys.executable, "-m", *arguments],
            environment=environment,
            log=self.home / "log" / f"{name}.log",
            directory=self.home,
            grace_seconds=grace_seconds,
            niceness=niceness,
        )

    def owner_command(self, name: str, *arguments: str | Path) -> Command:
        """Return a command that may also act as the database's owner."""
        command = self.command(name, *arguments)
        owner = {"DATABASE_OWNER_URL": self.variables["DATABASE_OWNER_URL"]}
        return Command(**{**vars(command), "environment": {**command.environment, **owner}})

    def list_front(self) -> list[Command]:
        """Return what people and their browsers meet; it is started first."""
        web = self._granian("web", "wsgi", self.port, "leadhub.wsgi:application", "--workers", "2")
        live = self._granian("live", "asgi", self.live_port, "leadhub.live.server:application")
        return [web, live, self._mail_sink()] if self.inbox_url else [web, live]

    def list_back(self) -> list[Command]:
        """Return what does the work that waits: a worker for each lane, and beat."""
        schedule: list[str | Path] = ["--schedule", self.home / "beat-schedule", "--loglevel", "WARNING"]
        beat = self.command("beat", "celery", "-A", "leadhub.celery", "beat", *schedule)
        return [*(self._worker(lane, concurrency) for lane, concurrency in LANES.items()), beat]

    def _granian(self, name: str, interface: str, port: int, target: str, *options: str) -> Command:
        threads = _THREADS if interface == "wsgi" else []
        serve = ["--interface", interface, "--host", self.host, "--port", str(port), "--no-ws"]
        keep = ["--respawn-failed-workers", "--workers-kill-timeout", "8"]
        return self.command(name, "granian", *serve, *threads, *keep, *options, target)

    def _worker(self, lane: str, concurrency: int) -> Command:
        options = ["-Q", lane, "-c", str(concurrency), "-n", f"{lane}@%h", "--loglevel", "WARNING"]
        worker = ["celery", "-A", "leadhub.celery", "worker", *options]
        patience = {"grace_seconds": _STOP_WORKERS_WITHIN_SECONDS, "niceness": NICENESS[lane]}
        return self.command(f"worker-{lane}", *worker, **patience)

    def _mail_sink(self) -> Command:
        ports = ["--smtp-port", str(self.smtp_port), "--inbox-port", str(self.inbox_port)]
        return self.command("mail", "leadhub.cli", "mail-sink", *ports, "--folder", self._mail_folder)
