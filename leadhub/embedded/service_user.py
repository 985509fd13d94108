"""Which user PostgreSQL runs as: it refuses root, so root lends it an unprivileged one.

That user must reach the binaries and the data. Where it cannot, they are put under /var/lib/leadhub; the
permissions of a folder that is not ours are never changed.
"""

import hashlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

SHARED_FOLDER = Path("/var/lib/leadhub")
_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, kw_only=True)
class ServiceUser:
    """An unprivileged user that root starts PostgreSQL as."""

    name: str
    uid: int
    gid: int

    def can(self, *, test: str, path: Path) -> bool:
        """Tell whether this user passes `test(1)` (`-x`, `-r`, …) on the path, parents included."""
        checked = subprocess.run(
            ["/usr/bin/test", test, str(path)],
            user=self.uid,
            group=self.gid,
            extra_groups=[],
            check=False,
            cwd="/",
        )
        return checked.returncode == 0

    def make_folder(self, path: Path) -> None:
        """Make a folder that this user owns and no other user may enter."""
        path.mkdir(mode=0o700, exist_ok=True)
        os.chown(path, self.uid, self.gid)


class NoServiceUser(Exception):
    """Root needs an unprivileged user for PostgreSQL and this machine has none that we know."""


def find_service_user() -> ServiceUser | None:
    """Return the user PostgreSQL must run as; None when it may run as ourselves.

    Raises NoServiceUser.
    """
    if os.geteuid() != 0:
        return None
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServiceUser(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise NoServiceUser(f"PostgreSQL cannot run as root and there is no user named {' or '.join(_CANDIDATES)}.")


def place_for_data(*, home: Path, user: ServiceUser | None) -> Path:
    """Return the folder for the database of this home, made and reachable by its user."""
    folder = home / "postgres"
    if user is None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
    if not user.can(test="-x", path=home):
        _make_shared_folder()
        folder = SHARED_FOLDER / hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
    user.make_folder(folder)
    return folder


def place_for_programs() -> Path:
    """Return the folder for programs copied to where any user can run them, made."""
    _make_shared_folder()
    return SHARED_FOLDER


def _make_shared_folder() -> None:
    """Make /var/lib/leadhub, which every user may enter whatever our umask is."""
    if not SHARED_FOLDER.exists():
        SHARED_FOLDER.mkdir(parents=True)
        SHARED_FOLDER.chmod(0o755)
