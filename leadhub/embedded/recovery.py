"""What must be true before PostgreSQL starts after a crash: no leftover server, no misleading pid file."""

import os
import signal
import time
from pathlib import Path


def clear_postmaster_pid(*, cluster: Path) -> None:
    """Remove a `postmaster.pid` that no server of this cluster stands behind; stop an orphaned server first.

    Called with the home's lock held, so that a server still running belongs to nobody. Its processes are
    waited for however long that takes: two servers on one cluster would ruin it. (PostgreSQL itself is misled
    when the number in the file belongs to another process by now, as is usual after a container restarts.)
    """
    path = cluster / "postmaster.pid"
    pid = _read_pid(path)
    if pid is None:
        return
    if pid in list_processes_in(cluster=cluster):
        os.kill(pid, signal.SIGINT)
    while list_processes_in(cluster=cluster):
        time.sleep(0.05)
    path.unlink(missing_ok=True)


def list_processes_in(*, cluster: Path) -> set[int]:
    """Return the PostgreSQL processes that work in this cluster (it is the current folder of each)."""
    folder = str(cluster.resolve())
    return {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _works_in(entry, folder)}


def _works_in(process: Path, folder: str) -> bool:
    try:
        return str((process / "cwd").readlink()) == folder and (process / "comm").read_text() == "postgres\n"
    except OSError:  # ended meanwhile, a zombie, or another user's
        return False


def _read_pid(path: Path) -> int | None:
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
