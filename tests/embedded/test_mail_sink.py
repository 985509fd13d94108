"""The local mail server keeps what it gets and shows it."""

import http.client
import smtplib
import threading
import urllib.error
import urllib.request
from collections.abc import Generator
from email.message import EmailMessage
from pathlib import Path

import pytest

from leadhub.embedded.mail_sink import serve_inbox, start_smtp
from leadhub.embedded.ports import choose_port


@pytest.fixture
def smtp_port(tmp_path: Path) -> Generator[int, None, None]:
    port = choose_port(home=tmp_path, name="smtp")
    smtp = start_smtp(folder=tmp_path / "mail", host="127.0.0.1", port=port)
    yield port
    smtp.stop()


@pytest.fixture
def inbox_url(tmp_path: Path, smtp_port: int) -> Generator[str, None, None]:
    server = serve_inbox(folder=tmp_path / "mail", host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def read(url: str) -> str:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 (our own page)
        content: bytes = answer.read()
    return content.decode()


def send(port: int, *, subject: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "hub@acme.example", "zoë@lead.example", subject
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.sendmail("hub@acme.example", "zoe@lead.example", message.as_bytes())


def test_mail_is_listed_and_shown_and_its_markup_is_text(smtp_port: int, inbox_url: str) -> None:
    send(smtp_port, subject="Your <b>quote</b>", text="Thank you, <script>alert(1)</script> Zoë")

    page = read(inbox_url)
    link = page.split('<a href="')[1].split('"')[0]
    message = read(inbox_url + link)

    assert "Your &lt;b&gt;quote&lt;/b&gt;" in page
    assert "Thank you, &lt;script&gt;alert(1)&lt;/script&gt; Zoë" in message


@pytest.mark.parametrize(("host", "status"), [("localhost:8025", 200), ("[::1]:8025", 200), ("evil.example", 403)])
def test_a_site_that_was_rebound_to_this_machine_reads_nothing(inbox_url: str, host: str, status: int) -> None:
    connection = http.client.HTTPConnection(inbox_url.removeprefix("http://"))
    connection.request("GET", "/", headers={"Host": host})
    assert connection.getresponse().status == status
    connection.close()


def test_an_unknown_message_is_not_found(inbox_url: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404") as caught:
        read(f"{inbox_url}/..%2f..%2fsecrets.json")
    caught.value.close()
