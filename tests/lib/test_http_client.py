"""Calls to other people's servers: only public addresses, only the one that was judged, and never for long."""

import datetime
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from leadhub.lib import http_client
from leadhub.lib.http_client import Limits, NoAnswer, NotReached, UrlRefused, get, post, require_callable
from leadhub.lib.public_addresses import is_public
from tests.listening import Listener, Reply, listen

QUICK = Limits(seconds=0.6, step_seconds=0.3, body_bytes=100)


@pytest.fixture
def server(settings: Any) -> Iterator[Listener]:
    settings.PRIVATE_HOSTS = frozenset({"localhost"})
    with listen() as listener:
        yield listener


def answer_names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let the DNS give these answers, one after the other and the last for ever; return the names it is asked for."""
    asked: list[str] = []

    def find(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if host[0].isdigit():  # an address is its own answer
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", find)
    return asked


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("64:ff9b::5db8:d822", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.100.100.200", False),
        ("169.254.169.254", False),
        ("168.63.129.16", False),
        ("192.0.0.192", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("::ffff:93.184.216.34", True),
        ("::7f00:1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
        ("2001:db8::1", False),
    ],
)
def test_only_the_public_internet_is_public(address: str, expected: bool) -> None:
    assert is_public(address) is expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "http://hooks.example/",
        "https://",
        "https://user:secret@hooks.example/",
        "https://hooks.example:0/",
        "https://hooks.example:99999/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        f"https://{'a' * 70}.example/",
    ],
)
def test_url_that_is_never_called(url: str) -> None:
    with pytest.raises(UrlRefused):
        require_callable(url)


@pytest.mark.parametrize("url", ["https://localhost:1/", "https://127.1:1/", "https://2130706433:1/"])
def test_name_of_a_private_address_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused, match="not in the public internet"):
        get(url, limits=QUICK)


def test_private_answer_of_the_dns_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answer_names(monkeypatch, ["10.0.0.1", "::ffff:192.168.0.1", "169.254.169.254"])
    with pytest.raises(UrlRefused):
        post("https://hooks.example/", body=b"{}", limits=QUICK)


def test_rebinding_name_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second answer of the DNS would be loopback: nobody asks for it, and the first is what is called."""
    called: list[Any] = []

    def refuse(address: Any, **_: Any) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    asked = answer_names(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(NotReached):
        get("https://hooks.example/", limits=QUICK)
    assert asked == ["hooks.example"]
    assert called == [("93.184.216.34", 443)]


def test_body_and_headers_arrive(server: Listener) -> None:
    server.reply_with(Reply(status=201, body=b"made", headers={"Retry-After": "7"}))
    url = f"http://localhost:{server.port}/höok?a=1 2"
    answer = post(url, body=b'{"a": 1}', headers={"Content-Type": "application/json"})
    assert (answer.status, answer.is_success, answer.body, answer.is_cut) == (201, True, b"made", False)
    assert answer.headers["retry-after"] == "7"
    assert (server.heard[0].path, server.heard[0].body) == ("/h%C3%B6ok?a=1%202", b'{"a": 1}')
    assert server.heard[0].headers["host"] == f"localhost:{server.port}"
    assert server.heard[0].headers["content-type"] == "application/json"


def test_redirect_is_an_answer_and_not_followed(server: Listener) -> None:
    server.reply_with(Reply(status=302, headers={"Location": "/elsewhere"}))
    assert get(server.url).status == 302
    assert len(server.heard) == 1


def test_long_answer_is_cut(server: Listener) -> None:
    server.reply_with(Reply(body=b"x" * 10_000))
    answer = get(server.url, limits=QUICK)
    assert (len(answer.body), answer.is_cut) == (100, True)


def test_broken_answer_is_none(server: Listener) -> None:
    server.reply_with(Reply(body=b"x", headers={"Content-Length": "50"}))
    with pytest.raises(NoAnswer):
        get(server.url, limits=QUICK)


@pytest.mark.parametrize("reply", [Reply(stalls=True), Reply(drips=True, body=b"x" * 90)])
def test_slow_answer_is_waited_for_no_longer_than_allowed(server: Listener, reply: Reply) -> None:
    server.reply_with(reply)
    began = time.monotonic()
    with pytest.raises(NoAnswer, match="too long"):
        get(server.url, limits=QUICK)
    assert time.monotonic() - began < 2


def test_nobody_listens(settings: Any) -> None:
    settings.PRIVATE_HOSTS = frozenset({"localhost"})
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotReached):
        get(f"http://localhost:{port}/", limits=QUICK)


def make_certificate(folder: Path, *, name: str) -> Path:
    """Write a key and its certificate, signed by itself, into one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    names: list[x509.GeneralName] = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("192.0.2.1"))]
    certificate = (
        x509.CertificateBuilder(issuer_name=who, subject_name=who, public_key=key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = folder / "both.pem"
    path.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + certificate.public_bytes(pem))
    return path


def test_certificate_must_be_of_the_name_though_the_address_is_pinned(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.PRIVATE_HOSTS = frozenset({"hooks.example", "other.example"})
    path = make_certificate(tmp_path, name="hooks.example")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    http_client._load_trust.cache_clear()
    answer_names(monkeypatch, ["127.0.0.1"])
    with listen(tls) as server:
        assert get(f"https://hooks.example:{server.port}/").status == 200
        with pytest.raises(NotReached, match="certificate"):
            get(f"https://other.example:{server.port}/", limits=QUICK)
        monkeypatch.delenv("SSL_CERT_FILE")
        http_client._load_trust.cache_clear()
        with pytest.raises(NotReached, match="certificate"):
            get(f"https://hooks.example:{server.port}/", limits=QUICK)
