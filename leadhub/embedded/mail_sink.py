"""A mail server for a machine that has none: it keeps what it gets in a maildir and delivers nothing.

`leadhub up` runs it unless SMTP_HOST names a real server; its inbox page shows what would have been sent.
"""

import email
import email.policy
import html
import ipaddress
import mailbox
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

_SHOWN = 200
_MOST_BYTES = 10 * 1024 * 1024
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}}
td,th{{text-align:left;padding:.3rem .8rem .3rem 0;vertical-align:top}}pre{{white-space:pre-wrap}}</style>
<h1>{title}</h1>{body}</html>"""


def start_smtp(*, folder: Path, host: str, port: int) -> Controller:
    """Take mail on the port into the maildir, in a thread of its own; the caller stops it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    controller = Controller(Mailbox(folder), hostname=host, port=port, data_size_limit=_MOST_BYTES)
    controller.start()
    return controller


def serve_inbox(*, folder: Path, host: str, port: int) -> ThreadingHTTPServer:
    """Return the inbox page's server, which the caller runs."""

    class Handler(InboxHandler):
        maildir = folder

    return ThreadingHTTPServer((host, port), Handler)


class InboxHandler(BaseHTTPRequestHandler):
    """The newest messages, and one message as plain text."""

    maildir: Path

    def do_GET(self) -> None:
        """Answer the list or one message, to whoever asks this machine by a name of its own."""
        if not _is_ours(self.headers.get("Host", "")):
            self.send_error(403, "Ask for localhost")
            return
        key = unquote(self.path).strip("/")
        try:
            page = show_message(folder=self.maildir, key=key) if key else list_messages(folder=self.maildir)
        except MessageMissing:
            self.send_error(404)
            return
        self._answer(page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (http.server's name)
        """Keep the log for errors."""

    def _answer(self, page: str) -> None:
        content = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class MessageMissing(Exception):
    """No message has that key."""


def list_messages(*, folder: Path) -> str:
    """Return the page of the newest messages."""
    files = sorted((folder / "new").glob("*"), key=lambda path: path.stat().st_mtime, reverse=True)
    rows = "".join(_row(path) for path in files[:_SHOWN])
    head = "<tr><th>Date</th><th>To</th><th>Subject</th></tr>"
    body = f"<p>{len(files)} messages, the newest first.</p><table>{head}{rows}</table>"
    return _PAGE.format(title="Mail that LeadHub sent", body=body)


def show_message(*, folder: Path, key: str) -> str:
    """Return the page of one message: its headers and its text, else its source.

    Raises MessageMissing.
    """
    try:
        content = mailbox.Maildir(str(folder), create=False).get_bytes(key)
    except (KeyError, mailbox.NoSuchMailboxError) as error:
        raise MessageMissing(key) from error
    message = _parse(content)
    text = message.get_body(preferencelist=("plain", "html"))
    headers = "".join(f"<tr><th>{_safe(name)}</th><td>{_safe(value)}</td></tr>" for name, value in message.items())
    shown = _safe(text.get_content() if text else content.decode(errors="replace"))
    return _PAGE.format(title=_safe(message.get("Subject", "")), body=f"<table>{headers}</table><pre>{shown}</pre>")


def _is_ours(host: str) -> bool:
    """Say whether a Host header names this machine: a site's name may be rebound to it, and its page read the mail."""
    name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def _row(path: Path) -> str:
    message = _parse(path.read_bytes())
    date, to, subject = (_safe(message.get(name, "")) for name in ("Date", "To", "Subject"))
    link = f'<a href="/{_safe(path.name)}">{subject or "(none)"}</a>'
    return f"<tr><td>{date}</td><td>{to}</td><td>{link}</td></tr>"


def _parse(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 (what this policy makes)
    return message


def _safe(value: object) -> str:
    return html.escape(str(value))
