"""A sequence's numbers, whole and per step, are true, add up, cost few statements, and each can be listed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.lifecycle import move_lead
from leadhub.leads.models import EventKind, Lead, Stage
from leadhub.work.runner import run_due
from nurture.enrollments import list_enrollments, list_messages, list_of_lead, read_path
from nurture.exits import stop_enrollment
from nurture.models import Message, Sequence
from nurture.statistics import NUMBERS, count_all, get_statistics, list_behind
from nurture.steps import list_steps
from tests.nurture.programmes import (
    AGAIN,
    CALL,
    HELLO,
    THREE_DAYS,
    happen,
    make_new_lead,
    make_sequence,
    put_in,
    set_rules,
)
from tests.personas import NOW

pytestmark = pytest.mark.usefixtures("in_scope")


@pytest.fixture
def sequence(ada: Membership) -> Sequence:
    """Five leads: one replied, one became MQL and left, one was stopped, one waits, one finished."""
    set_rules()
    sequence = make_sequence(HELLO, THREE_DAYS, AGAIN, CALL, exit_stages=("mql",))
    names = ["Re Plied", "Em Quel", "St Opped", "Wa Its", "Fin Ished"]
    leads = [make_new_lead(ada, name=name) for name in names]
    enrollments = {}
    for lead in leads[:3] + leads[4:]:
        enrollments[lead.pk] = put_in(sequence, lead, actor=ada)
    happen(leads[0], EventKind.MAIL_REPLIED, now=NOW + timedelta(hours=1))
    move_lead(lead=leads[1], to_stage=Stage.MQL, now=NOW + timedelta(hours=1), actor=ada)
    run_due(now=NOW + timedelta(hours=1))
    stop_enrollment(enrollment=enrollments[leads[2].pk], actor=ada, now=NOW + timedelta(hours=1))
    run_due(now=NOW + timedelta(days=3))
    put_in(sequence, leads[3], actor=ada, now=NOW + timedelta(days=4))
    Message.objects.filter(lead=leads[4]).update(opened_at=NOW, clicked_at=NOW)
    return sequence


def test_the_whole(sequence: Sequence) -> None:
    whole = get_statistics(sequence=sequence).whole
    assert (whole.entered, whole.waiting, whole.finished, whole.exited, whole.stopped) == (5, 1, 1, 2, 1)
    assert whole.entered == whole.waiting + whole.finished + whole.exited + whole.stopped
    assert (whole.sent, whole.opened, whole.clicked, whole.replied, whole.mql) == (6, 2, 2, 1, 1)
    assert whole.share("replied") == pytest.approx(1 / 6)
    assert count_all() == {sequence.pk: whole}


def test_an_mql_of_before_is_none_of_the_sequence_s(sequence: Sequence) -> None:
    Lead.objects.filter(mql_at__isnull=False).update(mql_at=NOW - timedelta(hours=1))
    statistics = get_statistics(sequence=sequence)
    assert (statistics.whole.mql, [each.numbers.mql for each in statistics.steps]) == (0, [0, 0, 0, 0])


def test_each_step(sequence: Sequence) -> None:
    steps = [each.numbers for each in get_statistics(sequence=sequence).steps]
    assert [(n.entered, n.waiting, n.finished, n.exited, n.stopped) for n in steps] == [
        (5, 0, 5, 0, 0),
        (5, 1, 1, 2, 1),
        (1, 0, 1, 0, 0),
        (1, 0, 1, 0, 0),
    ]
    assert [n.sent for n in steps] == [5, 0, 1, 0]
    assert [n.mql for n in steps] == [1, 0, 0, 0]


def test_each_number_can_be_listed(sequence: Sequence) -> None:
    statistics = get_statistics(sequence=sequence)
    for number in (*NUMBERS, "stopped"):
        for each in statistics.steps:
            listed = list_behind(sequence=sequence, number=number, step=each.step)
            assert listed.count() == getattr(each.numbers, number), (number, each.step)
    for number in ("entered", "waiting", "replied", "unsubscribed", "mql", "finished", "exited", "stopped"):
        assert list_behind(sequence=sequence, number=number).count() == getattr(statistics.whole, number), number


def test_they_cost_a_statement_each_however_many_steps(sequence: Sequence) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        get_statistics(sequence=sequence)
    assert len(queries) == 5


def test_a_mail_that_never_left_is_not_sent(sequence: Sequence) -> None:
    Delivery.objects.filter(purpose="nurture").update(state=Delivery.State.IN_DOUBT)
    assert get_statistics(sequence=sequence).whole.sent == 0


def test_enrollments_are_found_with_their_paths_and_mails(sequence: Sequence) -> None:
    [found] = list_enrollments(sequence=sequence, search="fin ish", state="finished")
    assert [move.kind for move in read_path(enrollment=found)][-2:] == ["tasked", "finished"]
    assert [message.step.position for message in list_messages(enrollments=[found])] == [0, 2]
    assert list(list_of_lead(lead=found.lead)) == [found]
    assert len(list_steps(sequence=sequence)) == 4
