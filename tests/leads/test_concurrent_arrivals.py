"""Two hundred arrivals of one person at once make one person and one open lead."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from leadhub.leads.models import Identity, Inquiry, Lead, Person
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from tests.leads.arrivals import arrive
from tests.personas import NOW

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
THREADS = 20


def run_together(organization: Organization, calls: list[Callable[[], object]]) -> None:
    """Run each call in a transaction of its own, many at a time."""

    def run(call: Callable[[], object]) -> None:
        try:
            with scope(organization.id):
                call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, calls))


def test_two_hundred_arrivals_of_one_person_make_one_lead(acme: Organization) -> None:
    spellings = ["lea@client.example", " LEA@Client.Example ", "Lea@client.example"]
    run_together(
        acme,
        [
            lambda number=number: arrive(  # type: ignore[misc]
                spellings[number % 3], phone="+14155550132", service=f"service {number % 5}"
            )
            for number in range(200)
        ],
    )
    with scope(acme.id):
        assert Person.objects.count() == 1
        assert Lead.objects.count() == 1
        assert Identity.objects.count() == 2
        assert Inquiry.objects.count() == 200
        assert Inquiry.objects.filter(duplicate_of=None).count() == 5
        assert Inquiry.objects.filter(is_opening=True).count() == 1


def test_one_person_by_two_different_keys_at_once_keeps_one_open_lead(acme: Organization) -> None:
    with scope(acme.id):
        person = arrive("lea@client.example", phone="+14155550132").person
        Lead.objects.update(stage="recycled", disposition="cold")
    later = NOW + timedelta(days=2)
    by_mail = [lambda: arrive("lea@client.example", at=later)] * 20
    by_phone = [lambda: arrive("", phone="+14155550132", at=later)] * 20
    run_together(acme, [call for pair in zip(by_mail, by_phone, strict=True) for call in pair])
    with scope(acme.id):
        assert Person.objects.get() == person
        assert Lead.objects.open().count() == 1
        assert Lead.objects.count() == 2


def test_crossed_keys_do_not_deadlock(acme: Organization) -> None:
    pairs = [("lea@client.example", "+14155550132"), ("ben@client.example", "+14155550133")]
    calls: list[Callable[[], object]] = []
    for number in range(60):
        email, phone = pairs[number % 2][0], pairs[(number + number // 2) % 2][1]
        calls.append(lambda email=email, phone=phone: arrive(email, phone=phone))  # type: ignore[misc]
    run_together(acme, calls)
    with scope(acme.id):
        assert Person.objects.count() == 2
        assert Lead.objects.open().count() == 2
