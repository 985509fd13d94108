"""Sets Django up for the commands that need the models."""

import os

import click


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
