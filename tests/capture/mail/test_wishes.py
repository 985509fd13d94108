"""A mail that is nothing but the wish to be left alone is one, whatever stands around it; any other word is read."""

import pytest

from capture.mail.reading import read_mail
from tests.capture.mail.letters import write_letter

QUOTE = "\n\nOn Wed, Mar 4, 2026 at 3:05 PM Northwind <no-reply@northwind.example> wrote:\n> Hello Zoe\n> We have news"
OUTLOOK = (
    "\n\n-----Original Message-----\nFrom: Northwind <a@b.example>\nSent: Monday\nTo: Zoe\nSubject: Hello\n\nHello Zoe"
)
WISHES = {
    "below a greeting": "Hi there,\n\nplease remove me from your mailing list.",
    "below a greeting by name": "Good morning, Mr. O'Neil,\nremove me please",
    "below one of everybody": "hi all\nno more emails",
    "in one short line": "Hello, please unsubscribe",
    "in one line": "Hello, please stop emailing me. Thanks!",
    "with an apostrophe": "Please don’t contact me again",
    "over two lines": "Please remove me\nfrom this list",
    "above a separator": "Unsubscribe\n\n-- \nZoe Client\nWe sell roofs. Call us!\nhttps://lead.example",
    "above a separator cut short": "STOP\n--\nZoe",
    "above a quote": f"Please remove me.{QUOTE}",
    "above what Outlook quotes": f"unsubscribe{OUTLOOK}",
    "above a name and a quote": f"Opt out\n\nThanks,\nZoe{QUOTE}",
    "above a quote of one line": "Stop\n\n> Hello Zoe",
    "below a quote": f"{QUOTE.strip()}\n\nUnsubscribe",
    "above a phone's line": "Stop\n\nSent from my iPhone",
    "above whose it is": "Unsubscribe\n\nBest regards, Zoe Client\nIT and Sales\nSeattle, US\n+1 206 555 0100",
    "above a place": "Unsubscribe\n\nZoe Client\nHead of Sales\nRue de la Paix 5\nm: +33 1 555 0100, lead.example",
    "above a bare name": "remove me please\nZoe",
}
OTHERS = {
    "a greeting that asks for a call": "Hi please call me\nStop the newsletters",
    "a greeting that is interested": "Hello, very interested!\nPlease stop the newsletter",
    "a greeting in capitals": "HI PLEASE CALL ME\nNO MORE EMAILS",
    "a question": "Stop?",
    "another sentence below": "Stop.\n\nI would rather talk: call me on Tuesday",
    "another sentence below the name": "Please remove me\nZoe\nbut keep my colleague Bob",
    "a postscript": "Unsubscribe\n\nThanks,\nZoe\nPS: call me about the roof",
    "an errand below the name": "Remove\nZoe\nRoof quote for 12 Main St asap",
    "a name to call": "Stop\nCall Zoe\n+1 206 555 0100",
    "more below the quote": f"Stop{QUOTE}\n\nBut the roof leaks: come on Tuesday",
    "a thanks that goes on": "Stop\nThanks\nSend the offer again on Tuesday",
    "a name that goes on": "Stop\nZoe will call tomorrow",
    "of something else": "Please remove me from the quote and add Bob",
    "of a thing": "Stop the works on the roof",
    "an order not to stop": "Please do not stop",
    "answers between the lines": "> Shall we stop or go on?\nStop\n> When do we talk?\nTuesday",
    "quoted only": f"Call me{QUOTE}\n> Unsubscribe",
    "nothing": "",
}


@pytest.mark.parametrize("text", WISHES.values(), ids=WISHES)
def test_nothing_but_the_wish_is_one(text: str) -> None:
    assert read_mail(write_letter(text=text)).asks_to_leave


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_whatever_says_more_is_a_reply(text: str) -> None:
    assert not read_mail(write_letter(text=text)).asks_to_leave
