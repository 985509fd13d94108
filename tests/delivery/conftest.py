"""A mail server on loopback that answers as a test tells it, and deliveries to send through it."""

import socketserver
import threading
from collections.abc import Generator
from dataclasses import dataclass, field

import pytest
from django.conf import LazySettings

from leadhub.delivery import purposes
from leadhub.delivery.channels import smtp
from leadhub.delivery.purposes import Purpose, Ruling


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks just enough SMTP (RFC 5321). `answers` gives the reply to a verb; None breaks the connection off."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.answers: dict[str, bytes | None] = {}
        self.received: list[bytes] = []
        self.connections = 0


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        self.wfile.write(b"220 ready\r\n")
        is_greeted = False
        while line := self.rfile.readline():
            verb = line.split()[0].upper().decode() if line.split() else ""
            is_greeted = is_greeted or verb in {"EHLO", "HELO"}
            usual = b"354 go on" if verb == "DATA" else b"250 ok"
            if not self.reply(verb, usual if is_greeted or verb in {"NOOP", "QUIT"} else b"503 send HELO first"):
                return
            if verb == "DATA" and not self.take_body():
                return

    def reply(self, verb: str, usual: bytes) -> bool:
        answer = self.server.answers.get(verb, usual)
        if answer is None:
            return False
        self.wfile.write(answer + b"\r\n")
        return True

    def take_body(self) -> bool:
        if self.server.answers.get("DATA", b"354").startswith(b"354") is False:  # type: ignore[union-attr]
            return True
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        self.server.received.append(b"".join(lines))
        return self.reply("BODY", b"250 queued")


@pytest.fixture
def mail_server(settings: LazySettings) -> Generator[MailServer, None, None]:
    """A running mail server that the settings name."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.EMAIL_BACKEND = "leadhub.delivery.channels.smtp.KeptSmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address[:2]
        smtp.forget_kept_connection()
        yield server
        smtp.forget_kept_connection()
        server.shutdown()


@dataclass
class Author:
    """Who writes the purpose "test": rules as a test says, and notes what came of its mails."""

    ruling: Ruling = field(default_factory=Ruling)
    heard: list[str] = field(default_factory=list)


@pytest.fixture
def author(monkeypatch: pytest.MonkeyPatch) -> Author:
    author = Author()
    purpose = Purpose(
        rule=lambda _delivery, _now: author.ruling,
        note_sent=lambda _delivery, _now: author.heard.append("sent"),
        note_unsent=lambda _delivery, _now: author.heard.append("unsent"),
    )
    monkeypatch.setitem(purposes._purposes, "test", purpose)
    return author
