"""Whatever a template makes of somebody's values, they are written to: with a gap, or in plain words."""

from datetime import timedelta

import pytest

from leadhub.accounts.models import Membership
from leadhub.delivery.liquid import TemplateFault
from leadhub.delivery.writing import Kind, Words, find_faults, forget_faults, note_fault, write_anyway
from leadhub.lib.ids import new_id
from tests.desk.leads import make_lead
from tests.personas import NOW

PLAIN = Words(subject="We have your message", body="Hello {{ name }}, we answer soon.")
VALUES = {"name": "Grace", "rooms": "seven", "zero": 0, "many": 10**12}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Hello {{ name }}.", "Hello Grace.\n"),
        ("Rooms: {{ 12 | divided_by: zero }}.", "Rooms: .\n"),
        ("Rooms: {{ 12 | divided_by: zero | plus: 1 }}.", "Rooms: .\n"),
        ("<p>Year {{ many | date: '%Y' }}</p><p>{{ name }}</p>", "Year\nGrace\n"),
        ("{% for i in (1..2) %}{{ i | modulo: zero }}{{ name }}{% endfor %}", "GraceGrace\n"),
    ],
)
def test_what_faults_is_left_out(body: str, text: str) -> None:
    written = write_anyway(words=Words(subject="Hi", body=body), values=VALUES, plain=PLAIN)
    assert written.mail.text == text
    assert bool(written.fault) is (body != "Hello {{ name }}.")


@pytest.mark.parametrize("body", ["{% for i in (1..many) %}x{% endfor %}", "{% if name < zero %}x{% endif %}"])
def test_where_that_is_not_enough_plain_words_answer(body: str) -> None:
    written = write_anyway(words=Words(subject="Hi", body=body), values=VALUES, plain=PLAIN)
    assert (written.mail.subject, written.mail.text) == ("We have your message", "Hello Grace, we answer soon.\n")
    assert written.apology.startswith("Not written as meant. “Words”")
    with pytest.raises(TemplateFault):
        write_anyway(words=Words(subject="Hi", body=body), values=VALUES)


def test_a_subject_that_is_all_gap_is_the_plain_one() -> None:
    words = Words(subject="{{ 1 | divided_by: zero }}", body="Hello {{ name }}")
    written = write_anyway(words=words, values=VALUES, plain=PLAIN)
    assert (written.mail.subject, written.mail.text) == ("We have your message", "Hello Grace\n")


@pytest.mark.usefixtures("in_scope")
def test_a_template_keeps_one_row_that_counts(ada: Membership) -> None:
    template_id, lead = new_id(), make_lead(owner=ada, now=NOW)
    for hours in range(3):
        at = NOW + timedelta(hours=hours)
        note_fault(kind=Kind.FORM, template_id=template_id, fault=f"Fault {hours}", lead=lead, now=at)
    fault = find_faults(kind=Kind.FORM, template_ids=[template_id])[template_id]
    assert (fault.times, fault.message, fault.first_at) == (3, "Fault 2", NOW)
    assert find_faults(kind=Kind.STEP, template_ids=[template_id]) == {}
    forget_faults(kind=Kind.FORM, template_id=template_id)
    assert find_faults(kind=Kind.FORM, template_ids=[template_id]) == {}
