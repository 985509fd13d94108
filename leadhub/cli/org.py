"""`leadhub org`: found organizations."""

import json
import sys
from typing import Any

import click

from leadhub.cli.django_setup import set_up_database


@click.group("org")
def command() -> None:
    """Organizations, the tenants of this installation."""


@command.command("create")
@click.argument("name")
@click.option("--admin-email", required=True, help="Who logs in first; an existing log-in is joined.")
@click.option("--admin-password", prompt=True, hide_input=True, help="Ten characters or more; asked for if not given.")
@click.option("--admin-name", default="", help="As colleagues and leads see it.")
@click.option("--time-zone", default="UTC", show_default=True, help="IANA name, such as Europe/Berlin.")
@click.option("--currency", default="USD", show_default=True, help="ISO 4217 code.")
@click.option(
    "--country", default="US", show_default=True, help="Name or ISO 3166 code: how bare phone numbers are read."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def create(*, as_json: bool, **wanted: Any) -> None:
    """Create an organization that works at once; prints its keys, the API key for the only time."""
    set_up_database()
    from leadhub.desk.founding import found_organization
    from leadhub.lib.clock import utc_now
    from leadhub.lib.countries import read_country
    from leadhub.lib.errors import DomainError

    wanted["country"] = read_country(wanted["country"]) or ""
    _validate(**wanted)
    try:
        founded = found_organization(now=utc_now(), **wanted)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    shown = {
        "organization_id": str(founded.organization.id),
        "slug": founded.organization.slug,
        "api_key": founded.api_key,
        "form_key": founded.form_key,
        "site_key": founded.site_key,
    }
    show(shown, as_json=as_json)


def show(values: dict[str, str], *, as_json: bool) -> None:
    """Print the values for a program, or for a person."""
    if as_json:
        click.echo(json.dumps(values))
        return
    width = max(len(name) for name in values)
    for name, text in values.items():
        click.echo(f"{name:{width}}  {text}")


def _validate(*, admin_email: str, admin_password: str, time_zone: str, currency: str, country: str, **_: str) -> None:
    """Refuse what the database would, with a sentence for each fault."""
    from zoneinfo import available_timezones

    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    faults: list[str] = []
    for validate, text in ((validate_email, admin_email), (validate_password, admin_password)):
        try:
            validate(text)
        except ValidationError as error:
            faults += error.messages
    if time_zone not in available_timezones():
        faults.append(f"There is no time zone {time_zone}.")
    if not (len(currency) == 3 and currency.isalpha() and currency.isupper()):
        faults.append("A currency is three capital letters, such as EUR.")
    if not country:
        faults.append("Give a country's name or its two letters, such as Germany or DE.")
    if faults:
        click.echo("\n".join(faults), err=True)
        sys.exit(2)
