"""A web server of the test's own on loopback: it keeps what it was sent and answers as it was told."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Heard:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What to answer; `stalls` holds the head back until the server is closed, `drips` sends a byte at a time."""

    status: int = 200
    body: bytes = b"ok"
    headers: dict[str, str] = field(default_factory=dict)
    stalls: bool = False
    drips: bool = False


@dataclass
class Listener:
    """Where it listens, what it heard, and its replies: each once, the last for ever."""

    port: int
    heard: list[Heard] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=lambda: [Reply()])
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/hook"

    def reply_with(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def take_reply(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def listen(tls: ssl.SSLContext | None = None) -> Iterator[Listener]:
    """Listen on a free port until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = False
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    listener = Listener(port=int(server.server_address[1]))
    server.listener = listener  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield listener
    finally:
        listener.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        listener: Listener = self.server.listener  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        heard = Heard(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        listener.heard.append(heard)
        try:
            self.write(listener.take_reply(), closing=listener.closing)
        except OSError:
            return  # the client hung up

    do_GET = do_POST = answer  # noqa: N815 (the base's names)

    def write(self, reply: Reply, *, closing: threading.Event) -> None:
        if reply.stalls:
            closing.wait(10)
        headers = {"Content-Length": len(reply.body), "Connection": "close", **reply.headers}
        lines = [f"HTTP/1.1 {reply.status} Told", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        message = "\r\n".join(lines).encode() + reply.body
        if not reply.drips:
            self.wfile.write(message)
        for byte in message if reply.drips else b"":
            self.wfile.write(bytes([byte]))
            if closing.wait(0.05):
                return
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's name)
        pass
