"""What the tests of acts share: Ria's browser, and a hot lead that was offered to her."""

from datetime import timedelta

import pytest
from django.test import Client

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from tests.desk.leads import add_inquiry, add_score, make_lead, offer
from tests.personas import ClientOf


@pytest.fixture
def lead(in_scope: Organization, ria: Membership) -> Lead:
    """Ria's hot MQL, offered and not yet answered."""
    now = utc_now()
    hot = make_lead(owner=ria, now=now, captured_at=now - timedelta(minutes=3), quote_value=900)
    add_inquiry(hot, arrived_at=hot.captured_at, due_at=now + timedelta(minutes=2))
    add_score(hot, now=now)
    offer(hot, now=now)
    return hot


@pytest.fixture
def browser(client_of: ClientOf, ria: Membership) -> Client:
    """Ria's browser."""
    return client_of(ria)
