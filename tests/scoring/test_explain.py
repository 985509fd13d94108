"""A score explains itself: each rule, its points, its age and what is left, as of any date."""

from datetime import datetime, timedelta

import pytest

from leadhub.leads.models import EventKind
from leadhub.tenancy.models import Organization
from scoring.explain import explain_score
from tests.scoring.arrivals import act, arrive, live

pytestmark = pytest.mark.django_db


def test_every_point_is_explained(in_scope: Organization, now: datetime) -> None:
    lead = arrive(email="pat@builders.test", phone="+12025550134", now=now - timedelta(days=14)).lead
    act(lead, EventKind.CALL_INBOUND, now=now)
    act(lead, EventKind.CALL_INBOUND, now=now, ago=timedelta(days=28))
    told = explain_score(lead=lead, as_of=now)
    assert [(line.label, line.points) for line in told.fit_lines] == [
        ("Writes from a company address", 15),
        ("Can be called", 15),
    ]
    assert told.fit_lines[1].sentence == "Phone is known"
    assert [(total.label, total.times, total.points) for total in told.totals] == [
        ("Called us", 2, 50),
        ("Submitted a form", 1, 20),
    ]
    assert [round(line.left, 2) for line in told.engagement_lines] == [25, 10, 6.25]
    assert told.engagement == pytest.approx(live(lead).engagement)
    assert (told.grade, told.treatment, told.meets_bar) == ("B2", "Route now", True)
    assert told.cools_at == live(lead).cools_at


def test_the_past_is_told_as_it_was(in_scope: Organization, now: datetime) -> None:
    lead = arrive(email="pat@builders.test", now=now - timedelta(days=14)).lead
    act(lead, EventKind.CALL_INBOUND, now=now)
    then = explain_score(lead=lead, as_of=now - timedelta(days=7))
    assert [line.label for line in then.engagement_lines] == ["Submitted a form"]
    assert then.engagement == pytest.approx(20 * 0.5**0.5)
    assert explain_score(lead=lead, as_of=now - timedelta(days=20)).engagement == 0
