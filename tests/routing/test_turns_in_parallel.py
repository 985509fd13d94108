"""Two workers never give one turn twice, and equal reps stay within one of each other."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connections

from leadhub.accounts.models import Membership
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import Lead, Person
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from routing.assignment import offer_lead, route
from routing.models import Assignment, Pool, PoolMember
from tests.personas import NOW
from tests.routing.conftest import walk_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
LEADS, WORKERS = 30, 6


@pytest.fixture
def reps(acme: Organization, ria: Membership, raj: Membership, mia: Membership) -> list[Membership]:
    """Three equal members of the fallback pool."""
    with scope(acme.id):
        pool = Pool.objects.get(is_fallback=True)
        PoolMember.objects.filter(pool=pool).delete()
        PoolMember.objects.bulk_create(PoolMember(pool=pool, member=member) for member in (ria, raj, mia))
    return [ria, raj, mia]


def make_leads(organization: Organization, owner: Membership, count: int) -> list[UUID]:
    with scope(organization.id):
        people = Person.objects.bulk_create(Person(first_name=f"P{number}", created_at=NOW) for number in range(count))
        leads = Lead.objects.bulk_create(
            Lead(
                person=person,
                number=1,
                owner=owner,
                stage="mql",
                mql_at=NOW,
                mql_reason="member",
                captured_at=NOW,
                updated_at=NOW,
                currency="USD",
            )
            for person in people
        )
        return [lead.pk for lead in leads]


def test_thirty_leads_at_once_are_shared_fairly(acme: Organization, ada: Membership, reps: list[Membership]) -> None:
    lead_ids = make_leads(acme, ada, LEADS)

    def offer(lead_id: UUID) -> None:
        try:
            with scope(acme.id):
                lead = lock_lead(Lead.objects.select_related("person", "owner").get(pk=lead_id))
                offer_lead(lead=lead, inquiry=None, now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as workers:
        list(workers.map(offer, lead_ids))
    with scope(acme.id):
        shares = Counter(Assignment.objects.values_list("member__name", flat=True))
        assert shares == {"Ria": LEADS // 3, "Raj": LEADS // 3, "Mia": LEADS // 3}
        assert set(PoolMember.objects.values_list("turns", "current_weight")) == {(LEADS // 3, 0)}


def test_one_lead_walked_by_many_workers_has_one_owner(
    acme: Organization, ada: Membership, reps: list[Membership]
) -> None:
    (lead_id,) = make_leads(acme, ada, 1)

    def walk(_: int) -> None:
        try:
            with scope(acme.id):
                route(walk_of(lock_lead(Lead.objects.select_related("person", "owner").get(pk=lead_id))))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as workers:
        list(workers.map(walk, range(WORKERS * 2)))
    with scope(acme.id):
        assert Assignment.objects.count() == 1
        assert sum(PoolMember.objects.values_list("turns", flat=True)) == 1
