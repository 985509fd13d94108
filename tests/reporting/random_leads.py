"""Leads of every stage, owner, channel and instant, for the tests that say that the parts sum to the whole."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings

from leadhub.accounts.models import Membership
from leadhub.leads.models import Channel, Inquiry, Intent, Lead, Stage, Verdict
from leadhub.leads.stage_dates import REACHED_AT
from leadhub.tenancy.scope import scope
from tests.desk.leads import add_inquiry
from tests.factories import CAPTURED_AT, LeadFactory

CHANNELS = (Channel.PAID_SEARCH, Channel.PAID_SOCIAL, Channel.EMAIL, Channel.UNKNOWN)
SERVICES = ("Roof", "Siding", "")
LATER = list(REACHED_AT)[1:]


def examples(count: int) -> settings:
    """Return the settings of a property that is tried on a database, so many times."""
    return settings(max_examples=count, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def undone() -> Iterator[None]:
    """Run the block and take back what it wrote, so that each example begins with nothing."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fill_march(owners: list[Membership], *, seed: int, count: int, days: int = 14) -> None:
    """Write random leads so many days around the middle of March."""
    chance = random.Random(seed)
    with scope(owners[0].organization_id):
        for _ in range(count):
            make_random_lead(chance, owners=owners, around=CAPTURED_AT + timedelta(days=15), days=days)


def make_random_lead(chance: random.Random, *, owners: list[Membership], around: datetime, days: int) -> Lead:
    """Write a lead somewhere in the days around an instant, as far as chance takes it, with an inquiry."""
    captured_at = around + timedelta(seconds=chance.randint(-days * 86_400, days * 86_400))
    dates: dict[str, Any] = {}
    at = captured_at
    for stage in LATER[: chance.randint(0, len(LATER))]:
        at += timedelta(seconds=chance.randint(0, 5 * 86_400))
        if stage != Stage.SQL or chance.random() < 0.7:
            dates[REACHED_AT[stage]] = at
    lead: Lead = LeadFactory.create(
        owner=chance.choice(owners),
        channel=chance.choice(CHANNELS),
        captured_at=captured_at,
        verdict=chance.choice(Verdict.values),
        is_test=chance.random() < 0.1,
        quote_value=chance.choice([None, Decimal(chance.randint(1, 900_000)) / 100]),
        **dates,
        **_end(chance, dates, at),
    )
    add_random_inquiry(chance, lead)
    return lead


def add_random_inquiry(chance: random.Random, lead: Lead) -> Inquiry:
    """Write the lead's inquiry: answered in time, late, not at all, or without a promise."""
    attempt_at = lead.captured_at + timedelta(seconds=chance.randint(0, 20_000))
    is_answered = chance.random() < 0.7
    return add_inquiry(
        lead,
        arrived_at=lead.captured_at,
        due_at=chance.choice([None, lead.captured_at + timedelta(hours=chance.randint(1, 9))]),
        first_attempt_at=attempt_at if is_answered else None,
        response_seconds=(attempt_at - lead.captured_at).seconds if is_answered else None,
        first_contact_at=attempt_at if is_answered and chance.random() < 0.5 else None,
        intent=chance.choice(Intent.values),
        service=chance.choice(SERVICES),
    )


def _end(chance: random.Random, dates: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return the stage that the dates allow: where it got to, recycled or disqualified."""
    if "customer_at" in dates:
        return {"stage": Stage.CUSTOMER, "sales_value": Decimal(chance.randint(1, 9_000_000)) / 100}
    end = chance.choice([None, None, Stage.RECYCLED, Stage.DISQUALIFIED])
    if end is None:
        reached = [stage for stage in LATER if REACHED_AT[stage] in dates]
        return {"stage": reached[-1] if reached else Stage.NEW}
    code = chance.choice(["competitor", "cold"] if end == Stage.RECYCLED else ["no_fit", "do_not_contact"])
    return {"stage": end, f"{end}_at": at + timedelta(days=1), "disposition": code}
