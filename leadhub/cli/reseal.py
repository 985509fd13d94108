"""`leadhub reseal`: seal stored secrets under the first key, so that former keys can go."""

import click

from leadhub.cli.django_setup import set_up_database


@click.command("reseal")
def command() -> None:
    """Seal the secrets of two-step log-in and webhooks anew, under the first key; then drop the former ones."""
    set_up_database()
    from allauth.mfa.models import Authenticator

    from leadhub.accounts.second_steps import Seal, count_seals, reseal_second_steps
    from leadhub.webhooks.seals import count_endpoint_seals, reseal_endpoints

    changed = reseal_second_steps(Authenticator.objects) + reseal_endpoints()
    lost = count_seals(Authenticator.objects)[Seal.LOST] + count_endpoint_seals()[Seal.LOST]
    click.echo(f"{changed} sealed anew.")
    if lost:
        raise click.ClickException(f"{lost} stay as they are, {Seal.LOST}: keep the former keys until they are found.")
