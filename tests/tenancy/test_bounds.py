"""A statement that takes too long is stopped, at no cost in messages; whoever asked for it learns what to do."""

from collections.abc import Generator

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from leadhub.accounts.models import Membership
from leadhub.desk.founding import Founded
from leadhub.tenancy.bounds import bound_statements, is_overrun
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import execute_repeatable, scope
from tests.api.conftest import Caller
from tests.personas import ClientOf

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def bounded() -> Generator[None, None, None]:
    """A process whose statements may take a tenth of a second."""
    bound_statements(seconds=0.1)
    yield
    bound_statements(seconds=0)
    connection.close()


@pytest.fixture
def pooled(settings: Settings) -> Generator[None, None, None]:
    """The same behind PgBouncer."""
    settings.BEHIND_PGBOUNCER = True
    bound_statements(seconds=0.1)
    yield
    bound_statements(seconds=0)


@pytest.fixture
def locked(founded: Founded, ada: Membership, bounded: None) -> Generator[None, None, None]:
    """Somebody keeps everybody from reading leads."""
    with transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            cursor.execute("LOCK TABLE lead IN ACCESS EXCLUSIVE MODE")
        yield


def read_bound(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


def test_the_bounds_hold_wherever_the_connection_is_used(acme: Organization, bounded: None) -> None:
    with CaptureQueriesContext(connection) as queries, scope(acme.id):
        assert read_bound("statement_timeout") == "100ms"
    assert [query["sql"] for query in queries][1] == f"SET LOCAL leadhub.organization_id = '{acme.id}'"
    assert read_bound("statement_timeout") == "100ms"
    assert read_bound("idle_in_transaction_session_timeout") == "5min"
    with pytest.raises(OperationalError) as caught, connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
    assert is_overrun(caught.value)
    bound_statements(seconds=0)
    assert read_bound("statement_timeout") == "0"
    assert read_bound("idle_in_transaction_session_timeout") == "0"


def test_options_of_the_database_s_url_stay(bounded: None) -> None:
    options = connection.settings_dict["OPTIONS"]
    connection.settings_dict["OPTIONS"] = {"options": "-c work_mem=5MB"}
    bound_statements(seconds=0.2)
    assert (read_bound("work_mem"), read_bound("statement_timeout")) == ("5MB", "200ms")
    connection.settings_dict["OPTIONS"] = options


def test_behind_pgbouncer_the_bounds_come_with_the_scope_and_go_with_it(acme: Organization, pooled: None) -> None:
    with CaptureQueriesContext(connection) as queries, scope(acme.id):
        pass
    assert len(queries) == 3  # BEGIN, what the scope tells, COMMIT
    with scope(acme.id):
        assert read_bound("statement_timeout") == "100ms"
        assert read_bound("idle_in_transaction_session_timeout") == "5min"
    assert read_bound("statement_timeout") == "0"
    bound_statements(seconds=0)
    with scope(acme.id):
        assert read_bound("statement_timeout") == "0"


@pytest.mark.parametrize("kind", ["bounded", "pooled"])
def test_a_door_s_one_message_is_bounded_as_well(acme: Organization, kind: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(kind)
    execute_repeatable(acme.id, "SELECT set_config('test.bound', current_setting('statement_timeout'), false)", {})
    assert read_bound("test.bound") == "100ms"
    with pytest.raises(OperationalError) as caught:
        execute_repeatable(acme.id, "SELECT pg_sleep(%(seconds)s)", {"seconds": 5})
    assert is_overrun(caught.value)
    assert not is_overrun(OperationalError("the connection broke"))


def test_a_page_that_takes_too_long_says_what_to_do(ada: Membership, locked: None, client_of: ClientOf) -> None:
    client = client_of(ada)
    client.raise_request_exception = False
    answer = client.get(reverse("lead_list"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Choose a shorter period" in answer.content.decode()


def test_a_call_that_takes_too_long_is_a_problem(founded: Founded, locked: None) -> None:
    answer = Caller(founded.api_key).get("leads/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "took too long" in answer.json()["detail"]
