"""What every test shares: the databases, made by the owner and used by the app's role."""

from collections.abc import Generator

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

from tests.emptying import empty_tables

pytest_plugins = ["tests.personas", "tests.own_valkey"]


def pytest_configure() -> None:
    """Hash the personas' passwords quickly: Argon2 is slow on purpose, and every test makes log-ins.

    And let tests begin any number of downloads: their clients leave them open.
    """
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.DOWNLOADS_AT_ONCE = 10_000


# The first two run side by side: one that mostly waits for the database beside the one with a whole installation.
LONGEST = (
    "tests/journeys/test_guide.py",
    "tests/contracts/test_faults.py",
    "tests/journeys/test_every_page.py",
    "tests/embedded/test_up.py",
    "tests/journeys/test_story.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no worker is left with one when the other has nothing to do."""
    order = {file: number for number, file in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.nodeid.partition("::")[0], len(LONGEST)))


END_SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND pg_has_role(usesysid, 'MEMBER')
"""


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Generator[None, None, None]:
    """Create the test database through `owner`; `default` mirrors it as the app's role.

    pytest-django creates only the aliases that tests name, which leaves out the owner of a mirror.
    """
    with django_db_blocker.unblock():
        config = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        yield
    with django_db_blocker.unblock():
        for alias in ("default", "owner"):  # each role may end its own sessions only
            with connections[alias].cursor() as cursor:
                cursor.execute(END_SESSIONS)  # of a thread, a browser's event loop, or a process left behind
        connections.close_all()  # the mirror's connection would keep the database from being dropped
        teardown_databases(config, verbosity=0)
