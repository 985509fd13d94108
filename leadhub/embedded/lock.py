"""One supervisor per home: a lock the kernel frees when its holder dies."""

import fcntl
import os
from pathlib import Path
from typing import IO


class HomeInUse(Exception):
    """Another process runs this home; the message says which."""


def make_home(home: Path) -> None:
    """Make the home's folder; other users may pass through it (PostgreSQL's must) but not look into it."""
    home.mkdir(mode=0o711, parents=True, exist_ok=True)


def lock_home(*, home: Path, purpose: str) -> IO[str]:
    """Hold the home until the returned file is closed, leaving in it who we are.

    Raises HomeInUse.
    """
    make_home(home)
    path = home / "lock"
    held = path.open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.seek(0)
        holder = held.read().strip() or "another process"
        held.close()
        raise HomeInUse(f"{home} is in use by {holder}") from None
    held.seek(0)
    held.truncate()
    held.write(f"{purpose} (process {os.getpid()})\n")
    held.flush()
    return held
