"""Where PostgreSQL's socket lies: beside its data, or in a short private folder when that path is too long.

A socket's path may have 107 bytes (`unix(7)`), and PostgreSQL adds the file's name.
"""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from leadhub.embedded.service_user import ServiceUser

_LONGEST_BYTES = 90


def choose_socket_folder(*, folder: Path, user: ServiceUser | None) -> Path:
    """Return a folder for the socket that only its user may enter, made."""
    near = folder / "socket"
    if len(os.fsencode(near)) > _LONGEST_BYTES:
        digest = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
        near = Path(tempfile.gettempdir()) / f"leadhub-{digest}"
    owner = user.uid if user else os.geteuid()
    if near.exists() and not _is_private(near, owner=owner):
        near = Path(tempfile.mkdtemp(prefix="leadhub-"))
    if user:
        user.make_folder(near)
    else:
        near.mkdir(mode=0o700, exist_ok=True)
    return near


def _is_private(path: Path, *, owner: int) -> bool:
    """Tell whether the folder is the owner's and nobody else's, no link that another user may have left."""
    found = path.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o077
