"""A mail is read whatever it looks like: who, what, to which mail of ours, and whether a human wrote it."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.mail.reading import MailUnreadable, read_mail
from leadhub.lib.ids import new_id
from tests.capture.mail.letters import BUSY, MANY_PARTS, write_letter, write_notice, write_report

OURS = UUID("01a2022e-0b25-7151-8c02-584ba2c9f077")
QUOTED = """Yes, please call me.

Zoe

On Wed, Mar 4, 2026 at 3:05 PM Northwind <no-reply@northwind.example> wrote:

> Hello Zoe
> We have your message
"""
HTML = b"""From: zoe@lead.example
Subject: =?utf-8?q?Re=3A_Gr=C3=BC=C3=9Fe?=
Content-Type: text/html; charset=utf-8

<p>Yes, <b>please</b></p><script>x()</script><p>Zoe</p>
"""


def test_a_reply_names_what_it_answers_and_says_its_own_words() -> None:
    mail = read_mail(write_letter(text=QUOTED, answers=OURS))
    assert (mail.sender, mail.name, mail.subject) == ("zoe@lead.example", "Zoe Client", "Re: Hello")
    assert mail.text == "Yes, please call me.\n\nZoe"
    assert mail.answers == (OURS,)
    assert (mail.machine, mail.asks_to_leave, mail.bounce) == ("", False, None)


def test_what_is_written_below_a_quote_is_read_as_well() -> None:
    assert read_mail(write_letter(text=f"{QUOTED}\nOr mail Bob.")).text == "Yes, please call me.\n\nZoe\n\nOr mail Bob."


def test_the_thread_is_read_backwards_and_others_ids_are_nobodys() -> None:
    older = new_id()
    references = f"<{older}@localhost> <CAF-x@mail.gmail.example> <{OURS}@localhost>"
    assert read_mail(write_letter(References=references)).answers == (OURS, older)


def test_html_is_read_as_text_and_headers_are_decoded() -> None:
    mail = read_mail(HTML)
    assert mail.subject == "Re: Grüße"
    assert mail.text == "Yes, please\nZoe"


def test_where_the_plain_text_is_empty_the_html_speaks() -> None:
    raw = (
        b'From: z@lead.example\nContent-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/plain\n\n'
        b" \n--b\nContent-Type: text/html\n\n<p>said</p>\n--b--\n"
    )
    assert read_mail(raw).text == "said"


def test_an_attached_text_is_not_what_they_say() -> None:
    raw = (
        b'From: z@lead.example\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n'
        b"Content-Disposition: attachment; filename=a.txt\n\nattached\n--b\nContent-Type: text/plain\n\nsaid\n--b--\n"
    )
    assert read_mail(raw).text == "said"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "An automatic answer"),
        ({"Precedence": "bulk"}, "Sent in bulk"),
        ({"Precedence": "auto_reply"}, "Sent in bulk"),
        ({"X_Autoreply": "yes"}, "An autoresponder"),
        ({"Return_Path": "<>"}, "Nobody to answer to"),
        ({"sender": "MAILER-DAEMON@mx.example"}, "A robot's address"),
        ({"Auto_Submitted": "no"}, ""),
        ({"sender": "Norepinephrine Ltd <norbert@lead.example>"}, ""),
    ],
)
def test_machines_are_known_by_their_signs(headers: dict[str, str], reason: str) -> None:
    assert read_mail(write_letter(**headers)).machine == reason


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_names_the_mail_that_came_back(returned: str) -> None:
    mail = read_mail(write_report(OURS, returned=returned))
    assert mail.answers == (OURS,)
    assert mail.bounce is not None
    assert (mail.bounce.status, mail.bounce.words, mail.bounce.is_hard) == ("5.1.1", "550 no such user", True)


@pytest.mark.parametrize(
    ("status", "is_hard"),
    [
        ("5.1.1", True),
        ("5.2.1", True),
        ("5.2.2", False),
        ("4.2.2", False),
        ("5.7.1", False),
        ("5.6.1", False),
        ("5.2.3", False),
        ("5.3.4", False),
    ],
)
def test_only_an_address_that_takes_no_mail_is_hard(status: str, *, is_hard: bool) -> None:
    bounce = read_mail(write_report(OURS, status=status)).bounce
    assert bounce is not None
    assert bounce.is_hard is is_hard


def test_a_delay_is_a_report_and_no_bounce() -> None:
    mail = read_mail(write_report(OURS, action="delayed", status="4.4.1"))
    assert mail.bounce is None
    assert mail.machine == "A report of the mail system"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("192.0.2.7 said: 550 5.1.1 no such user", "5.1.1"),
        ("Sorry, no mailbox here by that name. (#5.1.1)", "5.1.1"),
        ("550-5.2.1 The account is disabled.", "5.2.1"),
        ("host 5.1.1.9 said: 421 4.4.2 try later, then 5.4.7", ""),
        ("5.1.1.9 does not like the recipient", ""),
        ("I have no words for it", ""),
    ],
)
def test_a_mail_systems_words_are_a_bounce_by_their_status_code(words: str, status: str) -> None:
    mail = read_mail(write_notice(OURS, words=words))
    assert mail.answers == (OURS,)
    assert (mail.bounce.status if mail.bounce else "") == status
    assert mail.machine == ("Could not be delivered" if status else "Nobody to answer to")


@pytest.mark.parametrize("head", [{"sender": "zoe@lead.example"}, {"return_path": "<zoe@lead.example>"}])
def test_a_status_code_in_anybody_elses_words_is_none(head: dict[str, str]) -> None:
    mail = read_mail(write_notice(OURS, **head))
    assert (mail.bounce, mail.answers) == (None, ())


@pytest.mark.parametrize(
    ("subject", "text", "wish"),
    [
        (f"unsubscribe {OURS}", "", True),
        ("Unsubscribe", "", True),
        ("Unsubscribe", "Thanks", True),
        ("Re: unsubscribe", "", True),
        ("Re: No more e-mails", "Please do write: call me about the roof", False),
        ("RE: Hello", "STOP.", True),
        ("Re: Hello", "Please do not stop: call me", False),
        ("How do I unsubscribe?", "Tell me", False),
    ],
)
def test_a_wish_to_be_left_alone_is_the_whole_subject_or_text(subject: str, text: str, *, wish: bool) -> None:
    mail = read_mail(write_letter(subject=subject, text=text))
    assert mail.asks_to_leave is wish
    assert mail.answers == ((OURS,) if str(OURS) in subject else ())


def test_a_wish_that_the_mail_program_writes_by_itself_is_one() -> None:
    mail = read_mail(write_letter(subject=f"unsubscribe {OURS}", text="", Auto_Submitted="auto-generated"))
    assert (mail.asks_to_leave, mail.machine, mail.answers) == (True, "", (OURS,))


@pytest.mark.parametrize("raw", BUSY.values(), ids=BUSY)
def test_a_mail_made_to_keep_us_busy_is_read_all_the_same(raw: bytes) -> None:
    assert read_mail(raw).sender == "zoe@lead.example"


@pytest.mark.parametrize("raw", MANY_PARTS.values(), ids=MANY_PARTS)
def test_a_mail_of_too_many_parts_is_held(raw: bytes) -> None:
    with pytest.raises(MailUnreadable, match="too many parts"):
        read_mail(raw)


@pytest.mark.parametrize("parameter", [b";", b';"', b';a="b\\"', b";\r\n b=c"])
def test_a_mail_whose_header_has_no_end_is_held(parameter: bytes) -> None:
    with pytest.raises(MailUnreadable, match="too long"):
        read_mail(b"From: zoe@lead.example\r\nContent-Type: text/plain" + parameter * 100_000 + b"\r\n\r\nhi")


@given(st.binary(max_size=400), st.sampled_from([b"", b"From: ", b"Subject: =?", b"Content-Type: multipart/report;"]))
def test_any_bytes_are_read_or_refused_in_words(raw: bytes, head: bytes) -> None:
    try:
        mail = read_mail(head + raw)
    except MailUnreadable as fault:
        assert "could not be read" in str(fault)  # noqa: PT017
    else:
        assert "\x00" not in mail.sender + mail.subject + mail.text
