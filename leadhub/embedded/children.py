"""Child processes that never outlive us: each in a session of its own, told to stop when we die.

A session of its own keeps the terminal's Ctrl-C from reaching the database before its clients; the parent
death signal (Linux, `prctl(2)`) keeps a killed supervisor from leaving servers behind. Children are started
from the main thread: the signal comes when the thread that started them ends.
"""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from leadhub.embedded.service_user import ServiceUser

_PR_SET_PDEATHSIG = 1
_LONGEST_LOG_BYTES = 20 * 1024 * 1024
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, kw_only=True)
class Command:
    """How to start one process, and how to ask it to stop; no grace means that it is waited for for ever."""

    name: str
    arguments: Sequence[str | Path]
    environment: Mapping[str, str]
    log: Path
    directory: Path
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float | None = 10
    user: ServiceUser | None = None
    before_start: Callable[[], None] = lambda: None
    niceness: int = 0


@dataclass
class Child:
    """One process of ours."""

    command: Command
    process: "subprocess.Popen[bytes]"

    @property
    def exit_code(self) -> int | None:
        """The code it ended with, a negated signal number, or None while it runs."""
        return self.process.poll()

    def ask_to_stop(self) -> None:
        """Send its stop signal."""
        if self.exit_code is None:
            self.process.send_signal(self.command.stop_signal)

    def wait(self) -> None:
        """Wait until it ended; after its grace kill it and what it left in its session."""
        try:
            self.process.wait(timeout=self.command.grace_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.kill_session()

    def stop(self) -> None:
        """Ask it to stop and wait."""
        self.ask_to_stop()
        self.wait()

    def kill_session(self) -> None:
        """Kill what the process left behind in its session."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


def start_child(command: Command) -> Child:
    """Start the process, its output appended to its log, and return it."""
    command.before_start()
    make_room(command.log)
    user = command.user
    with command.log.open("ab") as log:
        process = subprocess.Popen(
            [str(argument) for argument in command.arguments],
            env=dict(command.environment),
            cwd=command.directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
            preexec_fn=_prepare(os.getpid(), command),  # noqa: PLW1509 (no locks in it)
        )
    return Child(command=command, process=process)


def make_room(log: Path) -> None:
    """Make the log's folder; set a log aside that has grown long, in place of the one set aside before."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LONGEST_LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))


def read_end(log: Path, *, lines: int = 12) -> str:
    """Return the last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _prepare(parent: int, command: Command) -> Callable[[], None]:
    """Return what the child runs before its program: ask the kernel for the signal, unless it is too late."""

    def prepare() -> None:
        os.nice(command.niceness)
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(command.stop_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
