"""Route a run of leads among equal reps: leads a second, whether it is linear, and how even the shares are."""

import time
from datetime import UTC, datetime
from uuid import UUID

from benchmarks.figures import Figure
from benchmarks.scale import Scale

SMALL, LARGE = 2_000, 20_000
CHUNK = 1000  # as an import's chunks: the pool is held for one chunk at a time


def measure_routing(scale: Scale) -> list[Figure]:
    """Route 2,000 and 20,000 leads in organizations of their own, rolled back after."""
    (small, _), (large, spread) = _route(scale.organizations[0], SMALL), _route(scale.organizations[-1], LARGE)
    rate = LARGE / large
    return [
        Figure(name=f"routing run of {SMALL:,} leads", unit="leads/s", value=SMALL / small, at_least=400),
        Figure(name=f"routing run of {LARGE:,} leads", unit="leads/s", value=rate, at_least=400),
        Figure(name="time for ten times the leads (10 is linear)", unit="×", value=large / small),
        Figure(name="equal reps: most minus fewest leads", unit="leads", value=spread, at_most=1),
    ]


def _route(organization_id: UUID, count: int) -> tuple[float, int]:
    from django.db import transaction

    from leadhub.tenancy.scope import scope

    with scope(organization_id):
        ids = _make_leads(count)
        seconds = _time_routing(ids)
        spread = _measure_spread(ids)
        transaction.set_rollback(True)
    return seconds, spread


def _make_leads(count: int) -> list[UUID]:
    from leadhub.accounts.models import Membership
    from leadhub.leads.models import Lead, Person
    from leadhub.tenancy.scope import get_organization_id

    now = datetime.now(UTC)
    owner = Membership.objects.get(organization_id=get_organization_id(), is_marketing_owner=True)
    people = Person.objects.bulk_create(Person(first_name=f"Run {number}", created_at=now) for number in range(count))
    ready = {"stage": "mql", "mql_at": now, "mql_reason": "member", "verdict": "qualified", "verdict_at": now}
    leads = Lead.objects.bulk_create(
        Lead(person=person, number=1, owner=owner, captured_at=now, updated_at=now, currency="USD", **ready)
        for person in people
    )
    return [lead.pk for lead in leads]


def _time_routing(ids: list[UUID]) -> float:
    from routing.many import route_leads

    began_at = time.perf_counter()
    for start in range(0, len(ids), CHUNK):
        route_leads(lead_ids=ids[start : start + CHUNK], now=datetime.now(UTC))
    return time.perf_counter() - began_at


def _measure_spread(ids: list[UUID]) -> int:
    from django.db.models import Count

    from leadhub.leads.models import Lead

    rows = Lead.objects.filter(pk__in=ids).values("owner").annotate(leads=Count("id")).values_list("leads", flat=True)
    counts = list(rows)
    return max(counts) - min(counts)
