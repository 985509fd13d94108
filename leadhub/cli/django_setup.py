"""Sets Django up for the commands that need the models."""

import os

import click


def set_up_database(*, as_owner: bool = False) -> None:
    """Set Django up for a command that cannot do without the database.

    Raises click.ClickException when it cannot be reached.
    """
    set_up_django(as_owner=as_owner)
    from django.db import OperationalError, connections

    try:
        connections["owner" if as_owner else "default"].ensure_connection()
    except OperationalError as error:
        advice = "Start it (`leadhub up`), or set DATABASE_URL."
        raise click.ClickException(f"The database does not answer. {advice}\n{error}") from error


def set_up_django(*, as_owner: bool = False) -> None:
    """Load the settings and the apps; as the owner, `owner` is among the databases.

    Raises click.ClickException when the owner's address is not known.
    """
    if as_owner:
        from leadhub.embedded.environment import get_home, read_owner_url

        url = read_owner_url()
        if not url:
            raise click.ClickException(f"No database: set DATABASE_OWNER_URL, or run `leadhub up` ({get_home()}).")
        os.environ["DATABASE_OWNER_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadhub.settings")
    import django

    django.setup()
