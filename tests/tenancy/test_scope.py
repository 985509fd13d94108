"""The scope opens a tenant, and nothing else does."""

import pytest
from django.db import connection

from leadhub.leads.models import Person
from leadhub.lib.clock import utc_now
from leadhub.tenancy.isolation import list_isolation_faults
from leadhub.tenancy.scope import NoScope, ScopeConflict, scope
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


def test_isolation_is_in_force() -> None:
    assert list_isolation_faults() == []


def test_query_outside_scope_raises() -> None:
    with pytest.raises(NoScope):
        Person.objects.count()


def test_people_of_another_organization_are_not_seen() -> None:
    ours, theirs = make_organization("ours"), make_organization("theirs")
    with scope(theirs.id):
        Person.objects.create(first_name="Eve", created_at=utc_now())
    with scope(ours.id):
        Person.objects.create(first_name="Ada", created_at=utc_now())
        assert [person.first_name for person in Person.objects.all()] == ["Ada"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT first_name FROM person")
            assert cursor.fetchall() == [("Ada",)]


def test_update_leaves_the_organization_alone() -> None:
    ours = make_organization("ours")
    with scope(ours.id):
        person = Person.objects.create(first_name="Ada", created_at=utc_now())
        person.first_name = "Adele"
        person.save()
        assert Person.objects.get(pk=person.pk).first_name == "Adele"


def test_scope_refuses_another_organization() -> None:
    ours, theirs = make_organization("ours"), make_organization("theirs")
    with scope(ours.id), scope(ours.id), pytest.raises(ScopeConflict), scope(theirs.id):
        pass
