"""`leadhub migrate`: bring the database up to date, as its owner. `up` and a deployment call it."""

import time
from typing import TYPE_CHECKING

import click

from leadhub.cli.django_setup import set_up_database

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

_OLDEST_POSTGRES = 150000
_LOCK = 0x1EAD
_LOOK_EVERY_SECONDS = 0.5


@click.command("migrate")
def command() -> None:
    """Bring the database up to date; safe to run twice, or twice at once."""
    set_up_database(as_owner=True)
    from django.core.management import call_command
    from django.db import connections

    from leadhub.cli.half_built import drop_half_built

    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
        if version < _OLDEST_POSTGRES:
            raise click.ClickException(f"PostgreSQL 15 or later is needed, this is {version // 10000}.")
        while not _take_lock(cursor):
            time.sleep(_LOOK_EVERY_SECONDS)
        drop_half_built(connection)
        call_command("migrate", database="owner", interactive=False)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _take_lock(cursor: "CursorWrapper") -> bool:
    """Say whether this is the only one that migrates. A statement that waited would hold up building an index."""
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
    return bool(cursor.fetchone()[0])
