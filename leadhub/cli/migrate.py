"""`leadhub migrate`: bring the database up to date, as its owner. `up` and a deployment call it."""

import click

from leadhub.cli.django_setup import set_up_database

_OLDEST_POSTGRES = 150000
_LOCK = 0x1EAD


@click.command("migrate")
def command() -> None:
    """Bring the database up to date; safe to run twice, or twice at once."""
    set_up_database(as_owner=True)
    from django.core.management import call_command
    from django.db import connections

    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
        if version < _OLDEST_POSTGRES:
            raise click.ClickException(f"PostgreSQL 15 or later is needed, this is {version // 10000}.")
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        call_command("migrate", database="owner", interactive=False)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
