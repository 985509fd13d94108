"""An SMTP connection kept open per worker process, which knows whether a lost answer leaves a mail in doubt.

It is Django's mail backend (`EMAIL_BACKEND`), so that a test's in-memory outbox takes its place.
"""

import os
import re
import smtplib
import threading
import time
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from leadhub.delivery.channels.failures import InDoubt, PermanentFailure, TransientFailure

_KEPT_SECONDS = 60
_PERMANENT = 500


class KeptSmtpBackend(EmailBackend):
    """Django's SMTP backend, open between mails; its failures say whether the mail may have gone out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._used_at = 0.0

    def send_messages(self, email_messages: Any) -> int:
        """Send the messages over the open connection. Raises `SendFailure`s."""
        with self._lock:
            self._open_usable()
            for message in email_messages:
                self._transfer(message)
            self._used_at = time.monotonic()
        return len(email_messages)

    def _open_usable(self) -> None:
        """Connect, unless the open connection still answers."""
        if self.connection is not None and not self._is_alive():
            self._drop()
        try:
            self.open()
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            raise TransientFailure(f"The mail server refuses the log-in: {error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise TransientFailure(f"The mail server does not answer: {error}") from error

    @property
    def _server(self) -> smtplib.SMTP:
        """The open connection; without one, the failure that smtplib itself would raise."""
        if self.connection is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        return self.connection

    def _is_alive(self) -> bool:
        if time.monotonic() - self._used_at > _KEPT_SECONDS:
            return False
        try:
            return bool(self._server.noop()[0] == 250)
        except (OSError, smtplib.SMTPException):
            return False

    def _transfer(self, message: EmailMessage) -> None:
        """Hand one message over. Until the body is sent nothing can have gone out; after it, it may have."""
        sender, *recipients = _read_addresses(message)
        body = re.sub(rb"\r\n|\r|\n", b"\r\n", message.message().as_bytes())
        try:
            self._server.ehlo_or_helo_if_needed()
            self._expect(250, *self._server.mail(sender))
            for recipient in recipients:
                self._expect(250, *self._server.rcpt(recipient))
            self._expect(354, *self._server.docmd("data"))
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise TransientFailure(f"The mail server broke off before the mail: {error}") from error
        self._require_in_time(message)
        self._send_body(body)

    def _require_in_time(self, message: EmailMessage) -> None:
        """Give the mail up where its claim is too old: an admin may be told by now that nobody is at it."""
        leave_by = getattr(message, "leave_by", None)
        if leave_by is not None and time.monotonic() > leave_by:
            self._drop()
            raise TransientFailure("The mail server took too long to ask for the mail.")

    def _send_body(self, body: bytes) -> None:
        quoted = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in body.split(b"\r\n"))
        try:
            self._server.send(quoted.rstrip(b"\r\n") + b"\r\n.\r\n")
            code, answer = self._server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise InDoubt(f"The mail server broke off after the mail: {error}") from error
        self._expect(250, code, answer)

    def _expect(self, wanted: int, code: int, answer: bytes) -> None:
        """Raise what the server's code means (RFC 5321 section 4.2.1): 4yz later, 5yz never."""
        if code == wanted or (wanted == 250 and code == 251):
            return
        self._drop()
        text = f"{code} {answer.decode(errors='replace')}"
        raise PermanentFailure(text) if code >= _PERMANENT else TransientFailure(text)

    def _drop(self) -> None:
        """Close without a word; the next mail opens anew."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()


def _read_addresses(message: EmailMessage) -> list[str]:
    """Return the bare addresses of the sender and the recipients; one that is none is refused for good."""
    encoding = message.encoding or "utf-8"
    written = [message.from_email, *message.recipients()]
    try:
        return [parseaddr(sanitize_address(address, encoding))[1] for address in written]
    except ValueError as error:
        raise PermanentFailure(f"This is no address that mail could be sent to: {error}") from error


_kept = threading.local()


def get_kept_connection() -> BaseEmailBackend:
    """Return this process's and thread's mail backend, made by the settings."""
    key = os.getpid()
    if getattr(_kept, "key", None) != key:
        _kept.key, _kept.backend = key, get_connection()
    backend: BaseEmailBackend = _kept.backend
    return backend


def forget_kept_connection() -> None:
    """Close this thread's connection; the next mail reads the settings anew. For tests, which change them."""
    backend = getattr(_kept, "backend", None)
    if backend is not None:
        backend.close()
    _kept.__dict__.clear()
