"""Whatever is added, moved and removed under running enrollments, the parts of a sequence sum to its whole."""

import random
from datetime import datetime, timedelta

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.models import EventKind
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.runner import run_due
from nurture.exits import stop_enrollment
from nurture.links import Link
from nurture.models import Enrollment, Message, Sequence
from nurture.statistics import NUMBERS, PARTED, get_statistics, list_behind
from nurture.steps import add_step, list_steps, move_step, remove_step
from nurture.unsubscribing import unsubscribe
from tests.answers import read
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
from tests.personas import NOW, ClientOf

pytestmark = pytest.mark.usefixtures("in_scope")
PLANS = (HELLO, THREE_DAYS, AGAIN, CALL)


@pytest.fixture
def sequence(in_scope: object) -> Sequence:
    set_rules()
    return make_sequence(HELLO, THREE_DAYS, AGAIN, THREE_DAYS, CALL, exit_events=("mail_replied",))


def play(sequence: Sequence, *, chance: random.Random, ada: Membership) -> None:
    """Let ten weeks pass: leads come, steps change, people open, answer and leave."""
    for day in range(0, 70, 2):
        now = NOW + timedelta(days=day)
        if day < 50:
            put_in(sequence, make_new_lead(ada, name=f"Lead N{day}"), actor=ada, now=now)
        change(sequence, chance=chance, ada=ada, now=now)
        react(sequence, chance=chance, ada=ada, now=now)
        run_due(now=now)


def change(sequence: Sequence, *, chance: random.Random, ada: Membership, now: datetime) -> None:
    """Add, move or remove a step."""
    steps = list_steps(sequence=sequence)
    act = chance.choice(["add", "move", "remove", "leave", "leave"])
    if act == "add":
        place = chance.randint(0, len(steps))
        add_step(sequence=sequence, plan=chance.choice(PLANS), actor=ada, now=now, position=place)
    elif act == "move":
        move_step(step=chance.choice(steps), to_position=chance.randrange(len(steps)), actor=ada, now=now)
    elif act == "remove" and len(steps) > 2:
        remove_step(step=chance.choice(steps), actor=ada, now=now)


def react(sequence: Sequence, *, chance: random.Random, ada: Membership, now: datetime) -> None:
    """Let people open, click, answer, unsubscribe, and a colleague stop somebody."""
    for message in Message.objects.select_related("lead__person").order_by("written_at", "id"):
        fate = chance.random()
        if fate < 0.1:
            Message.objects.filter(pk=message.pk).update(opened_at=now, clicked_at=now if fate < 0.05 else None)
        elif fate > 0.97:
            happen(message.lead, EventKind.MAIL_REPLIED, now=now)
        elif fate > 0.95:
            unsubscribe(link=Link(organization_id=get_organization_id(), message_id=message.pk), now=now)
    active = Enrollment.objects.filter(sequence=sequence, state="active").order_by("entered_at").first()
    if active and chance.random() < 0.1:
        stop_enrollment(enrollment=active, actor=ada, now=now)


@pytest.mark.parametrize("seed", range(4))
def test_the_parts_sum_to_the_whole(sequence: Sequence, ada: Membership, seed: int) -> None:
    play(sequence, chance=random.Random(seed), ada=ada)
    statistics = get_statistics(sequence=sequence)
    whole, parts = statistics.whole, [*statistics.steps, *statistics.removed]
    assert statistics.removed
    assert whole.sent > len(statistics.steps)
    for name in PARTED:
        assert getattr(whole, name) == sum(getattr(each.numbers, name) for each in parts), name
    assert whole.entered == whole.waiting + whole.finished + whole.exited + whole.stopped
    for each in statistics.removed:
        for name in (*NUMBERS, "stopped"):
            listed = list_behind(sequence=sequence, number=name, step=each.step)
            assert listed.count() == getattr(each.numbers, name), name


def test_removed_steps_are_folded_and_lead_to_their_people(
    sequence: Sequence, ada: Membership, client_of: ClientOf
) -> None:
    put_in(sequence, make_new_lead(ada, name="Zoe Client"), actor=ada)
    client = client_of(ada)
    assert "Removed steps" not in read(client.get(f"/sequences/{sequence.pk}/"))
    first = list_steps(sequence=sequence)[0]
    never = add_step(sequence=sequence, plan=CALL, actor=ada, now=NOW)
    for step in (first, never):
        remove_step(step=step, actor=ada, now=NOW)
    page = read(client.get(f"/sequences/{sequence.pk}/"))
    assert "Removed steps: 1" in page
    link = f"/sequences/{sequence.pk}/people/?number=sent&step={first.pk}"
    assert link in page.replace("&amp;", "&")
    people = read(client.get(link))
    assert "Zoe Client" in people
    assert "Removed: Hello" in people
