"""Call other people's servers over HTTP without being led astray: what leaves by HTTP leaves by `get` and `post`.

The name is resolved once and the connection goes to the address that was judged (`public_addresses`), so that a second
answer of the DNS changes nothing; TLS still asks for a certificate of the name. No redirect is followed, nothing but
https is spoken, and time and size are bounded, whatever the other side does. Hosts of LEADHUB_PRIVATE_HOSTS are the
exception: they may be private and speak http. The standard library alone: clients hide which address they connect to.
"""

import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from leadhub.lib.public_addresses import is_public


class CallFailed(Exception):
    """There is no answer; the message says why, in words for the admin."""


class UrlRefused(CallFailed):
    """We never call this: not https, or not an address of the public internet."""


class NotReached(CallFailed):
    """The other side was certainly not told: no such name, no connection, no valid certificate."""


class NoAnswer(CallFailed):
    """The other side may have been told: it was too slow, or broke off."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long a call may take, in all and in each step, and how much of the answer's body is read."""

    seconds: float = 15
    step_seconds: float = 5
    body_bytes: int = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, whatever its status. Names of headers are in lower case; `is_cut`: the body was longer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False

    @property
    def is_success(self) -> bool:
        """Say whether the status is a 2xx."""
        return 200 <= self.status < 300


_USUAL = Limits()


def get(url: str, *, headers: Mapping[str, str] | None = None, limits: Limits = _USUAL) -> Answer:
    """Return the answer to a GET. Raises `UrlRefused`, `NotReached`, `NoAnswer`."""
    return _call("GET", url, body=None, headers=headers or {}, limits=limits)


def post(url: str, *, body: bytes, headers: Mapping[str, str] | None = None, limits: Limits = _USUAL) -> Answer:
    """Return the answer to a POST. Raises `UrlRefused`, `NotReached`, `NoAnswer`."""
    return _call("POST", url, body=body, headers=headers or {}, limits=limits)


def require_callable(url: str) -> SplitResult:
    """Return the parts of a URL that may be called, as far as it shows without asking the DNS. Raises `UrlRefused`."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError:
        raise UrlRefused("This is no address of a web server.") from None
    if not host or port == 0 or parts.scheme not in {"https", "http"}:
        raise UrlRefused("This is no address of a web server: it begins with https://.")
    if parts.username is not None or parts.password is not None:
        raise UrlRefused("An address with a user name or password is not called.")
    if parts.scheme == "http" and not _is_excepted(host):
        raise UrlRefused("Only https:// is called.")
    if _is_address(host) and not _is_excepted(host) and not is_public(host):
        raise UrlRefused("This address is not one of the public internet.")
    return parts


def _call(method: str, url: str, *, body: bytes | None, headers: Mapping[str, str], limits: Limits) -> Answer:
    parts, ends_at = require_callable(url), time.monotonic() + limits.seconds
    raw = _connect(parts, ends_at=ends_at, step_seconds=limits.step_seconds)
    with _stopped_at(ends_at, raw):
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or _usual_port(parts))
        try:
            connection.sock = _secure(raw, parts) if parts.scheme == "https" else raw
            connection.request(method, _write_target(parts), body=body, headers={**headers, "Host": _write_host(parts)})
            answer = _read(connection.getresponse(), limits=limits)
            if time.monotonic() >= ends_at:
                raise TimeoutError  # hung up: what was read may end anywhere
            return answer
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(_describe(error, ends_at=ends_at)) from error
        finally:
            connection.close()
            raw.close()


def _connect(parts: SplitResult, *, ends_at: float, step_seconds: float) -> socket.socket:
    """Connect to the first of the name's public addresses that listens."""
    host, port, failure = parts.hostname or "", parts.port or _usual_port(parts), ""
    for address in _resolve(host, port=port, seconds=step_seconds):
        left = min(step_seconds, ends_at - time.monotonic())
        if left <= 0:
            break
        try:
            return socket.create_connection((address, port), timeout=left)
        except OSError as error:
            failure = _describe(error, ends_at=ends_at)
    raise NotReached(f"{host} does not listen: {failure or 'it took too long'}.")


def _resolve(host: str, *, port: int, seconds: float) -> list[str]:
    """Return the addresses of the name that may be called, asked for once. Raises `NotReached`, `UrlRefused`."""
    found = _ask_for_addresses(host, port=port, seconds=seconds)
    allowed = found if _is_excepted(host) else [address for address in found if is_public(address)]
    if not allowed:
        raise UrlRefused(f"{host} is not in the public internet.")
    return allowed


def _ask_for_addresses(host: str, *, port: int, seconds: float) -> list[str]:
    """Ask the resolver, in a thread that is left alone where it takes too long: it cannot be told to hurry."""
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(each[4][0]) for each in found)))
        except (OSError, UnicodeError) as error:
            answers.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise NotReached(f"{host} was not found within {seconds:g} seconds.") from None
    if isinstance(answer, OSError):
        raise NotReached(f"{host} was not found.") from answer
    return answer


def _secure(raw: socket.socket, parts: SplitResult) -> socket.socket:
    """Speak TLS, with a certificate of the name. Nothing was sent where that fails."""
    try:
        return _load_trust().wrap_socket(raw, server_hostname=parts.hostname)
    except ssl.SSLCertVerificationError as error:
        raise NotReached(f"The certificate of {parts.hostname} is not valid: {error.verify_message}.") from error
    except (OSError, ValueError) as error:
        raise NotReached(f"{parts.hostname} does not speak TLS as it should.") from error


@contextmanager
def _stopped_at(ends_at: float, raw: socket.socket) -> Iterator[None]:
    """Hang up at the instant: each step's time limit begins anew with every byte that drips in.

    The duplicate is the same connection, also once TLS has taken the socket over.
    """
    line = raw.dup()

    def hang_up() -> None:
        try:
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other side was quicker

    timer = threading.Timer(max(0.0, ends_at - time.monotonic()), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        line.close()


def _read(response: http.client.HTTPResponse, *, limits: Limits) -> Answer:
    body = response.read(limits.body_bytes + 1)
    if response.length and len(body) <= limits.body_bytes:
        raise http.client.IncompleteRead(body)
    return Answer(
        status=response.status,
        headers={name.lower(): value for name, value in response.getheaders()},
        body=body[: limits.body_bytes],
        is_cut=len(body) > limits.body_bytes,
    )


def _describe(error: Exception, *, ends_at: float) -> str:
    if isinstance(error, TimeoutError) or time.monotonic() >= ends_at:
        return "it took too long"
    if isinstance(error, http.client.HTTPException):
        return f"it broke off, or spoke no HTTP ({type(error).__name__})"
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else type(error).__name__


def _write_target(parts: SplitResult) -> str:
    """Return what is asked for, in ASCII (RFC 3987 section 3.1)."""
    return iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _write_host(parts: SplitResult) -> str:
    """Return the Host header: the name, and the port where it is not the scheme's own."""
    name = (parts.hostname or "").encode("idna").decode()
    host = f"[{name}]" if ":" in name else name
    return host if parts.port in {None, _usual_port(parts)} else f"{host}:{parts.port}"


def _usual_port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _is_excepted(host: str) -> bool:
    """Say whether the installation lets this host be private and speak http."""
    return host.casefold() in settings.PRIVATE_HOSTS


def _is_address(host: str) -> bool:
    try:
        is_public(host)
    except ValueError:
        return False
    return True


@cache
def _load_trust() -> ssl.SSLContext:
    """Trust whom the machine trusts; SSL_CERT_FILE names others. Read once: it takes longer than a call."""
    return ssl.create_default_context()
