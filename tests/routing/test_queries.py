"""The team's load and the lead's story."""

from datetime import datetime, timedelta

from pytest_django import DjangoAssertNumQueries

from leadhub.accounts.models import Membership
from leadhub.leads.models import Intent, Outcome
from leadhub.leads.outcomes import log_outcome
from leadhub.work.runner import run_due
from routing.answers import reroute
from routing.models import Pool
from routing.queries import late_leads, list_assignment_stories, list_member_loads
from routing.reassignment import reassign
from tests.routing.conftest import Arrive


def test_loads_say_who_is_late_and_what_nobody_touched(
    arrive: Arrive,
    sales: Pool,
    ria: Membership,
    raj: Membership,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    first, _second, third = (arrive(email=f"p{number}@x.example") for number in range(3))
    arrive(email="nurture@x.example", intent=Intent.CONTENT)
    assert first.lead is not None
    assert third.lead is not None
    log_outcome(lead=first.lead, outcome=Outcome.CONNECTED, actor=ria, now=now)
    third.lead.cooling_at = now
    third.lead.save()
    with django_assert_num_queries(6):
        loads = {load.member.name: load for load in list_member_loads(now=now + timedelta(minutes=6))}
    ria_load = loads["Ria"]
    assert (ria_load.open, ria_load.late, ria_load.untouched, ria_load.cooling) == (2, 1, 1, 1)
    assert (loads["Raj"].open, loads["Raj"].late, loads["Raj"].waiting) == (1, 1, 1)
    assert (loads["Ada"].open, loads["Ada"].late, loads["Ada"].untouched) == (1, 0, 0)


def test_a_download_is_late_once_sales_has_it(arrive: Arrive, sales: Pool, ria: Membership, now: datetime) -> None:
    lead = arrive(email="nurture@x.example", intent=Intent.CONTENT).lead
    later = now + timedelta(days=9)
    assert lead is not None
    assert not late_leads(now=later).exists()
    reassign(lead=lead, member=ria, actor=ria, now=now)
    run_due(now=now)
    assert late_leads(now=later).get() == lead


def test_the_story_of_a_lead_reads_back_to_its_first_owner(arrive: Arrive, sales: Pool, ria: Membership) -> None:
    walk = arrive()
    assert walk.lead is not None
    reroute(lead=walk.lead, actor=ria, note="Not my product", now=walk.now + timedelta(minutes=1))
    stories = list_assignment_stories(lead=walk.lead)
    assert [story.sentence for story in stories] == ["Raj: next turn in Sales", "Ria: next turn in Sales"]
    assert stories[0].receipt.skipped[0].why == "has had this lead already"
