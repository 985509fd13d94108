"""`leadhub key`: API keys."""

import click

from leadhub.cli.django_setup import set_up_database
from leadhub.cli.org import show


@click.group("key")
def command() -> None:
    """API keys of an organization."""


@command.command("create")
@click.argument("organization")
@click.option("--name", default="Key", show_default=True, help="What it is for.")
@click.option("--member", "email", help="The log-in it acts as. [default: the organization's first admin]")
@click.option("--scope", "scopes", multiple=True, help="Repeat for several. [default: all]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def create(*, organization: str, name: str, email: str | None, scopes: tuple[str, ...], as_json: bool) -> None:
    """Create an API key for the ORGANIZATION (its slug); it is shown now and never again."""
    set_up_database()
    from leadhub.accounts.apikeys import SCOPES, create_api_key
    from leadhub.accounts.models import Membership, Role
    from leadhub.lib.clock import utc_now
    from leadhub.lib.errors import DomainError
    from leadhub.tenancy.models import Organization
    from leadhub.tenancy.scope import scope

    found = Organization.objects.filter(slug=organization).first()
    if found is None:
        raise click.ClickException(f"There is no organization {organization}.")
    live = Membership.objects.filter(organization=found, is_active=True, user__is_active=True)
    members = live.order_by("created_at")
    member = (members.filter(user__email=email.lower()) if email else members.filter(role=Role.ADMIN)).first()
    if member is None:
        raise click.ClickException(f"{email or 'An admin'} is no member of {found.name}.")
    try:
        with scope(found.id):
            made = create_api_key(name=name, scopes=list(scopes or SCOPES), member=member, actor=None, now=utc_now())
    except DomainError as error:
        raise click.ClickException(error.message) from error
    show({"key_id": str(made.key.id), "api_key": made.secret}, as_json=as_json)
