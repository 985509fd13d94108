"""Keeps the processes of one installation running: a dead one is started again, with back-off.

`leadhub up` runs it in the foreground. Processes are given in the order of their start and stopped in reverse
groups: first everything that serves, at once, then Valkey, then the database.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from leadhub.embedded.children import Child, Command, start_child
from leadhub.embedded.secrets import write_private

_FIRST_DELAY_SECONDS = 0.2
_LONGEST_DELAY_SECONDS = 30.0
_HEALTHY_AFTER_SECONDS = 30.0
_LOOK_EVERY_SECONDS = 0.1

Say = Callable[[str], None]


@dataclass
class Watched:
    """A process that should run, and how its starts went."""

    child: Child
    started_at: float
    restarts: int = 0
    failures: int = 0
    due_at: float | None = None


class Supervisor:
    """Watches the children of one home; `record` gets their process ids on every change."""

    def __init__(self, *, record: Path, say: Say) -> None:
        self._record = record
        self._say = say
        self._servers: list[Watched] = []
        self._apps: list[Watched] = []

    def adopt_servers(self, children: Sequence[Child]) -> None:
        """Watch servers that already run; they stop last, in reverse order."""
        self._servers += [Watched(child=child, started_at=time.monotonic()) for child in children]
        self._write_record()

    def start(self, command: Command) -> None:
        """Start a process that uses the servers and watch it."""
        self._apps.append(Watched(child=start_child(command), started_at=time.monotonic()))
        self._write_record()

    def watch_for_ever(self) -> None:
        """Start again what ends, until a signal's exception ends the loop."""
        while True:
            self.look()
            time.sleep(_LOOK_EVERY_SECONDS)

    def look(self) -> None:
        """Note what ended since the last look and start what is due again."""
        now = time.monotonic()
        for watched in [*self._servers, *self._apps]:
            if watched.due_at is None and watched.child.exit_code is not None:
                self._plan_restart(watched, now=now)
            if watched.due_at is not None and watched.due_at <= now:
                self._restart(watched, now=now)

    def stop(self) -> None:
        """Stop everything: what serves at once, then the servers one after the other, the database last."""
        for watched in self._apps:
            watched.child.ask_to_stop()
        for watched in self._apps:
            watched.child.wait()
        for watched in reversed(self._servers):
            watched.child.stop()
        self._record.unlink(missing_ok=True)

    def hurry(self) -> None:
        """Kill what serves; the servers still stop cleanly."""
        for watched in self._apps:
            watched.child.process.kill()

    def _plan_restart(self, watched: Watched, *, now: float) -> None:
        child = watched.child
        child.kill_session()
        if now - watched.started_at > _HEALTHY_AFTER_SECONDS:
            watched.failures = 0
        delay = min(_LONGEST_DELAY_SECONDS, _FIRST_DELAY_SECONDS * 2**watched.failures)
        watched.failures += 1
        watched.due_at = now + delay
        name, log = child.command.name, child.command.log
        self._say(f"{name} ended ({_describe(child.exit_code)}); again in {delay:.1f} s, see {log}")

    def _restart(self, watched: Watched, *, now: float) -> None:
        watched.child = start_child(watched.child.command)
        watched.started_at, watched.due_at = now, None
        watched.restarts += 1
        self._write_record()

    def _write_record(self) -> None:
        """Record which process is which, for `leadhub doctor` and for people."""
        processes = {
            watched.child.command.name: {"pid": watched.child.process.pid, "restarts": watched.restarts}
            for watched in [*self._servers, *self._apps]
        }
        write_private(path=self._record, text=json.dumps(processes, indent=1))


def _describe(exit_code: int | None) -> str:
    return f"signal {-exit_code}" if exit_code is not None and exit_code < 0 else f"exit code {exit_code}"
