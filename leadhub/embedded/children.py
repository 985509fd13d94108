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
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, kw_only=True)
class Command:
    """How to start one process, and how to ask it to stop."""

    arguments: Sequence[str | Path]
    environment: Mapping[str, str]
    log: Path
    directory: Path
    stop_signal: signal.Signals = signal.SIGTERM
    user: ServiceUser | None = None


def start_child(command: Command) -> "subprocess.Popen[bytes]":
    """Start the process, its output appended to its log, and return it."""
    command.log.parent.mkdir(parents=True, exist_ok=True)
    user = command.user
    with command.log.open("ab") as log:
        return subprocess.Popen(
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
            preexec_fn=_die_with(os.getpid(), command.stop_signal),  # noqa: PLW1509 (no locks in it)
        )


def stop_child(child: "subprocess.Popen[bytes]", *, stop_signal: signal.Signals, grace_seconds: float | None) -> None:
    """Ask the process to stop and wait; after the grace kill it and its session. No grace: wait for ever."""
    if child.poll() is None:
        child.send_signal(stop_signal)
        try:
            child.wait(timeout=grace_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    kill_session(child)


def kill_session(child: "subprocess.Popen[bytes]") -> None:
    """Kill what the process left behind in its session."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _die_with(parent: int, stop_signal: signal.Signals) -> Callable[[], None]:
    """Return what the child runs before its program: ask the kernel for the signal, unless it is too late."""

    def prepare() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
