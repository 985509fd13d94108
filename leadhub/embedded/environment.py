"""What one installation's processes must agree on: server addresses and secrets, kept in its home.

Written by the supervisor (`leadhub up`), read by the settings of every process and command of that home.
"""

import json
import os
from pathlib import Path


def get_home() -> Path:
    """Return the installation's folder: LEADHUB_HOME, or `.leadhub` in the current folder."""
    return Path(os.environ.get("LEADHUB_HOME") or ".leadhub").absolute()


def read_environment() -> dict[str, str]:
    """Return the variables recorded in the home; empty where nothing was ever started there."""
    path = get_home() / "environment.json"
    if not path.exists():
        return {}
    recorded: dict[str, str] = json.loads(path.read_text())
    return recorded


def write_environment(variables: dict[str, str]) -> None:
    """Record the variables, readable by this user only, replacing the file in one step."""
    path = get_home() / "environment.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(variables, indent=1))
    part.replace(path)
