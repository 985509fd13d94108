"""A pool's page shows what its forms would do before they are saved, and saves nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from routing.models import BusinessHours, Holiday, Pool, PoolMember, SlaPolicy
from tests.desk.leads import add_inquiry, make_lead, offer
from tests.personas import ClientOf

WEEK = {f"{day}-0-{end}": at for day in range(7) for end, at in (("opens", "00:00"), ("closes", "23:59"))}


@pytest.fixture
def pool(acme: Organization) -> Pool:
    with scope(acme.id):
        found: Pool = Pool.objects.get(is_fallback=True)
        return found


@pytest.fixture
def promised(ada: Membership, ria: Membership, pool: Pool) -> datetime:
    """Ria answered one hot inquiry after 8 minutes, promised within 5; returns when it came."""
    now = utc_now()
    asked_at = now - timedelta(days=8)
    with scope(ada.organization_id):
        lead = make_lead(owner=ria, now=now)
        minutes = timedelta(minutes=1)
        add_inquiry(lead, arrived_at=asked_at, due_at=asked_at + 5 * minutes, first_attempt_at=asked_at + 8 * minutes)
    return asked_at


def see(client: Any, pool: Pool, **posted: str) -> Any:
    """Post a form of the pool's page as "See the effect" does."""
    response = client.post(reverse("pool_detail", args=[pool.pk]), posted)
    assert response.status_code == 200
    return response


SETTINGS = {"name": "X", "time_zone": "UTC", "works_always": "on", "is_active": "on"}


@pytest.mark.parametrize(
    ("posted", "kept", "words"),
    [
        ({"see": "promises", "hot": "10"}, 1, "By these promises, <b>1</b> would have been, and 0 broken."),
        ({"see": "promises", "hot": "6"}, 0, "By these promises, <b>0</b> would have been, and 1 broken."),
        ({"see": "pool", **SETTINGS}, 0, "Working round the clock in UTC, <b>0</b> would have been"),
    ],
)
def test_promises_and_hours_show_their_effect_and_save_nothing(
    client_of: ClientOf, ada: Membership, pool: Pool, promised: datetime, posted: dict[str, str], kept: int, words: str
) -> None:
    page = see(client_of(ada), pool, **posted)
    total = page.context["promise_effect"].total
    assert (total.asked, total.kept.live, total.kept.draft) == (1, 0, kept)
    assert words in " ".join(page.content.decode().split())
    with scope(ada.organization_id):
        assert SlaPolicy.objects.get(intent="hot").minutes == 5
        assert not AuditEntry.objects.filter(action="pool.changed").exists()


def test_a_holiday_is_tried_on_the_days_of_its_weekday(
    client_of: ClientOf, ada: Membership, pool: Pool, promised: datetime
) -> None:
    on = promised.date() + timedelta(weeks=9)
    page = see(client_of(ada), pool, see="holiday", on=f"{on:%Y-%m-%d}")
    total = page.context["promise_effect"].total
    assert f"{on:%A}s" in page.context["as_though"]
    assert (total.kept.draft, total.outside.live, total.outside.draft) == (1, 0, 1)
    assert "0% came while the pool was closed; that would have been 100%." in page.content.decode()


def test_a_holiday_to_come_is_taken_back_on_the_days_of_its_weekday(
    client_of: ClientOf, ada: Membership, pool: Pool, promised: datetime
) -> None:
    on = promised.date() + timedelta(weeks=9)
    with scope(ada.organization_id):
        holiday = Holiday.objects.create(pool=pool, on=on, name="Fair")
    page = see(client_of(ada), pool, see="drop_holiday", holiday=str(holiday.pk))
    total = page.context["promise_effect"].total
    assert (total.kept.live, total.kept.draft, total.outside.live, total.outside.draft) == (1, 0, 1, 0)
    words = " ".join(page.content.decode().split())
    assert f"{on:%A}s, as this day is to be, 1 of this pool's 1 promise would have been kept." in words
    assert (
        "Open, as it was, <b>0</b> were, and 1 broken. 100% would have come while the pool was closed; 0% did" in words
    )
    with scope(ada.organization_id):
        assert Holiday.objects.filter(pk=holiday.pk).exists()


def test_todays_holiday_is_taken_back_on_the_day_itself(client_of: ClientOf, ada: Membership, pool: Pool) -> None:
    with scope(ada.organization_id):
        holiday = Holiday.objects.create(pool=pool, on=utc_now().date())
    page = see(client_of(ada), pool, see="drop_holiday", holiday=str(holiday.pk))
    assert page.context["as_though"] == f"Open on {holiday.on:%d %b}"
    assert not page.context["was_open"]
    assert client_of(ada).post(reverse("pool_detail", args=[pool.pk]), {"see": "drop_holiday"}).status_code == 404


def test_hours_keep_what_was_typed(client_of: ClientOf, ada: Membership, pool: Pool, promised: datetime) -> None:
    client = client_of(ada)
    assert "change nothing while the pool works round the clock" in see(client, pool, see="hours").content.decode()
    with scope(ada.organization_id):
        Pool.objects.update(works_always=False)
    page = see(client, pool, see="hours", **WEEK)
    assert page.context["promise_effect"].total.outside.draft == 0
    assert page.content.decode().count('value="23:59"') == 7
    wrong = see(client, pool, see="hours", **{"2-0-opens": "09:30", "2-0-closes": "08:15"}).content.decode()
    assert "Each stretch must end after it starts" in wrong
    assert 'value="08:15"' in wrong
    with scope(ada.organization_id):
        assert BusinessHours.objects.count() == 5


def test_a_member_s_turns_show_their_effect(
    client_of: ClientOf, ada: Membership, ria: Membership, raj: Membership, pool: Pool
) -> None:
    client, now = client_of(ada), utc_now()
    with scope(ada.organization_id):
        for index, owner in enumerate((ada, ada, ria)):
            lead = make_lead(owner=owner, now=now, name=f"Pat {index}")
            offer(lead, now=now, receipt={"round": {str(owner.pk): 1}})
    page = see(client, pool, see="member", member=str(ada.pk), weight="3", capacity="1")
    effect = page.context["turn_effect"]
    assert (effect.leads, effect.nobody.draft) == (3, 2)
    words = " ".join(page.content.decode().split())
    assert "With weight 3 and at most 1 open, Ada would have got <b>1</b> of them, instead of 2." in words
    assert "For 2 nobody would have taken a turn" in words
    assert 'value="3"' in words  # what was typed stays
    added = see(client, pool, see="newcomer", member=str(raj.pk), weight="2").context["turn_effect"]
    assert {count.member: count.leads.draft for count in added.people} == {raj: 2, ada: 1, ria: 0}
    with scope(ada.organization_id):
        assert list(PoolMember.objects.values_list("member", "weight", "capacity")) == [(ada.pk, 1, None)]
    wrong = see(client, pool, see="member", member=str(ada.pk), weight="101").content.decode()
    assert "Weight: Ensure this value is less than or equal to 100." in wrong


def test_what_is_wrong_or_empty_is_said(client_of: ClientOf, ada: Membership, pool: Pool) -> None:
    client = client_of(ada)
    assert "greater than or equal to 1" in see(client, pool, see="promises", hot="0").content.decode()
    assert "Nothing was promised here" in see(client, pool, see="promises", hot="9").content.decode()
    assert "This field is required" in see(client, pool, see="holiday").content.decode()
    assert "This field is required" in see(client, pool, see="newcomer", weight="1").content.decode()
    assert (
        "No lead came to these turns"
        in see(client, pool, see="member", member=str(ada.pk), weight="2").content.decode()
    )


def test_who_may_not_save_sees_no_effect(client_of: ClientOf, ria: Membership, pool: Pool) -> None:
    client, url = client_of(ria), reverse("pool_detail", args=[pool.pk])
    assert client.post(url, {"see": "promises", "hot": "9"}).status_code == 403
    assert "See the effect" not in client.get(url).content.decode()
