"""What one installation's processes must agree on: server addresses and secrets, kept in its home.

Written by the supervisor (`leadhub up`), read by the settings of every process and command of that home. The
owner's address is kept apart: only migrations may use it.
"""

import json
import os
from pathlib import Path

from leadhub.embedded.secrets import write_private


def get_home() -> Path:
    """Return the installation's folder: LEADHUB_HOME, or `.leadhub` in the current folder."""
    return Path(os.environ.get("LEADHUB_HOME") or ".leadhub").absolute()


def read_environment() -> dict[str, str]:
    """Return the variables recorded in the home; empty where nothing was ever started there."""
    return _read(get_home() / "environment.json")


def write_environment(variables: dict[str, str], *, home: Path) -> None:
    """Record the variables, readable by this user only."""
    write_private(path=home / "environment.json", text=json.dumps(variables, indent=1))


def read_owner_url() -> str:
    """Return the address of the database's owner; empty where none is known."""
    return os.environ.get("DATABASE_OWNER_URL") or _read(get_home() / "owner.json").get("DATABASE_OWNER_URL", "")


def write_owner_url(home: Path, url: str) -> None:
    """Record the owner's address, readable by this user only."""
    write_private(path=home / "owner.json", text=json.dumps({"DATABASE_OWNER_URL": url}))


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    recorded: dict[str, str] = json.loads(path.read_text())
    return recorded
