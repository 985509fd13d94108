"""What must be true before PostgreSQL starts after a crash: no leftover server, no misleading pid file."""

import os
import signal
import time
from pathlib import Path


def clear_postmaster_pid(*, cluster: Path) -> None:
    """Remove a `postmaster.pid` that no server of this cluster stands behind; stop an orphaned server first.

    Called with the home's lock held, so that a server still running belongs to nobody. It is waited for
    however long its shutdown takes.
    """
    path = cluster / "postmaster.pid"
    pid = _read_pid(path)
    if pid is None:
        return
    if is_server_of(pid=pid, cluster=cluster):
        os.kill(pid, signal.SIGINT)
        while is_server_of(pid=pid, cluster=cluster):
            time.sleep(0.05)
    path.unlink(missing_ok=True)


def is_server_of(*, pid: int, cluster: Path) -> bool:
    """Tell whether the process is a PostgreSQL working in this cluster (a server's folder is its cluster)."""
    try:
        folder = Path(f"/proc/{pid}/cwd").readlink()
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z" and folder == cluster.resolve()


def _read_pid(path: Path) -> int | None:
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
