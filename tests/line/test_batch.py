"""The bulk line: many leads scored, qualified and routed in sets, in silence."""

from datetime import datetime

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.models import Door, Intent, Lead, Stage
from leadhub.leads.walk import Batch
from leadhub.line.batch import walk_batch
from leadhub.live.models import Alert
from leadhub.work.models import Job
from routing.models import Assignment
from scoring.models import LeadScore
from tests.leads.arrivals import arrive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]


def arrive_many(count: int, *, intent: Intent, now: datetime, assign_to: Membership | None = None) -> Batch:
    """Return the batch of several arrivals of an import."""
    received = [arrive(f"p{number}@client.example", door=Door.IMPORT, intent=intent) for number in range(count)]
    return Batch(
        lead_ids=tuple(one.lead.pk for one in received),
        inquiry_ids=tuple(one.inquiry.pk for one in received),
        now=now,
        assign_to=assign_to.pk if assign_to else None,
    )


def test_raised_hands_become_mqls_with_an_owner_in_sales_and_nobody_is_alerted(now: datetime) -> None:
    walk_batch(arrive_many(3, intent=Intent.HOT, now=now))
    assert set(Lead.objects.values_list("stage", flat=True)) == {Stage.MQL}
    assert Assignment.objects.filter(is_sales=True, ended_at=None).count() == 3
    assert LeadScore.objects.count() == 3
    assert not Alert.objects.exists()


def test_downloads_stay_with_marketing(now: datetime) -> None:
    walk_batch(arrive_many(2, intent=Intent.CONTENT, now=now))
    assert set(Lead.objects.values_list("stage", flat=True)) == {Stage.NEW}
    assert Assignment.objects.filter(is_sales=False, ended_at=None).count() == 2


def test_named_member_gets_them_all(raj: Membership, now: datetime) -> None:
    walk_batch(arrive_many(2, intent=Intent.HOT, now=now, assign_to=raj))
    assert set(Lead.objects.values_list("owner", flat=True)) == {raj.pk}


def test_nobody_is_chased_for_an_import(raj: Membership, now: datetime) -> None:
    walk_batch(arrive_many(2, intent=Intent.HOT, now=now))
    assert set(Assignment.objects.values_list("expires_at", flat=True)) == {None}
    assert not Job.objects.filter(kind__startswith="routing.").exists()


def test_marketing_keeps_what_the_import_leaves_with_it(ada: Membership, now: datetime) -> None:
    walk_batch(arrive_many(2, intent=Intent.HOT, now=now, assign_to=ada))
    assert set(Assignment.objects.values_list("is_sales", "reason")) == {(False, "marketing_owner")}


def test_walking_twice_changes_nothing(now: datetime) -> None:
    batch = arrive_many(3, intent=Intent.HOT, now=now)
    walk_batch(batch)
    owners = dict(Lead.objects.values_list("pk", "owner"))
    walk_batch(batch)
    assert dict(Lead.objects.values_list("pk", "owner")) == owners
    assert Assignment.objects.count() == 3
