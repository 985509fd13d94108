"""Free loopback ports, kept from start to start in the home so that bookmarks and logs stay true."""

import json
import socket
from pathlib import Path

from leadhub.embedded.secrets import write_private


def choose_port(*, home: Path, name: str) -> int:
    """Return the port recorded for the name when it is free, else a new free one, recorded."""
    path = home / "ports.json"
    recorded: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
    if name in recorded and is_free(port=recorded[name]):
        return recorded[name]
    taken = {port for other, port in recorded.items() if other != name}
    port = _find_free_port()
    while port in taken:
        port = _find_free_port()
    write_private(path=path, text=json.dumps({**recorded, name: port}, indent=1))
    return port


def is_free(*, port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
