"""What one lead's walk may cost: statements from the claim to the end of the line. More of them is a slower alert."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capture.doors import Arrival, store_submission
from capture.models import Form, Submission
from leadhub.accounts.models import Membership
from leadhub.leads.models import Door, EventKind, Lead
from leadhub.leads.timeline import record_event
from leadhub.lib.ids import new_id
from leadhub.live.models import Alert
from leadhub.tenancy.models import Organization
from leadhub.work.models import Lane
from leadhub.work.runner import run_due

pytestmark = pytest.mark.django_db

NEW_LEAD = 43
PAGE_VIEW = 22


def post(number: int, *, now: datetime) -> None:
    """Let the door store a hot inquiry of a new person at a company of their own."""
    form = Form.objects.filter(intent="hot").first()
    store_submission(
        submission_id=new_id(),
        arrival=Arrival(
            door=Door.FORM,
            form_id=form.pk if form else None,
            body=b"{}",
            values={
                "email": f"jane@client{number}.example",
                "phone": f"+1206555{number:04}",
                "message": "Please call.",
                "utm_source": "google",
                "utm_medium": "cpc",
            },
        ),
        status=Submission.Status.PENDING,
        reasons=[],
        now=now,
    )


def count_statements(now: datetime) -> int:
    """Do what is due for the speed lane and return the statements it took, the last claim left out."""
    with CaptureQueriesContext(connection) as statements:
        run_due(now=now, lanes=[Lane.SPEED])
    return len(statements) - 1


def test_new_lead_stays_within_its_budget(in_scope: Organization, ria: Membership, now: datetime) -> None:
    post(1, now=now)
    run_due(now=now)
    post(2, now=now)
    assert count_statements(now) <= NEW_LEAD
    assert Lead.objects.count() == 2
    assert Alert.objects.filter(kind=Alert.Kind.ASSIGNED).count() == 2


def test_page_view_stays_within_its_budget(in_scope: Organization, ria: Membership, now: datetime) -> None:
    post(1, now=now)
    run_due(now=now)
    lead = Lead.objects.get()
    later = now + timedelta(minutes=1)
    record_event(person=lead.person, lead=lead, kind=EventKind.PAGE_VIEWED, occurred_at=later, now=later)
    assert count_statements(later) <= PAGE_VIEW
