"""The passwords and keys of one installation: random, made once, readable by its user only."""

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class HomeSecrets:
    """What only the processes of one home may know."""

    superuser_password: str
    owner_password: str
    app_password: str
    redis_password: str
    secret_key: str


def load_secrets(*, home: Path) -> HomeSecrets:
    """Return the home's secrets, making them on the first call."""
    path = home / "secrets.json"
    if path.exists():
        return HomeSecrets(**json.loads(path.read_text()))
    made = HomeSecrets(
        superuser_password=secrets.token_hex(24),
        owner_password=secrets.token_hex(24),
        app_password=secrets.token_hex(24),
        redis_password=secrets.token_hex(24),
        secret_key=secrets.token_urlsafe(48),
    )
    write_private(path=path, text=json.dumps(asdict(made), indent=1))
    return made


def write_private(*, path: Path, text: str) -> None:
    """Write a file that only this user can read, replacing it in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_text(text)
    part.replace(path)
