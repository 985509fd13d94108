"""`leadhub reseal`: seal stored secrets under the first key, so that former keys can go."""

import click

from leadhub.cli.django_setup import set_up_database


@click.command("reseal")
@click.option("--forget-lost", is_flag=True, help="Delete lost secrets of two-step log-in: the password alone lets in.")
def command(*, forget_lost: bool) -> None:
    """Seal the secrets of two-step log-in and webhooks anew, under the first key; then drop the former ones."""
    set_up_database()
    from allauth.mfa.models import Authenticator

    from leadhub.accounts.second_steps import Seal, count_seals, forget_lost_second_steps, reseal_second_steps
    from leadhub.webhooks.seals import count_endpoint_seals, reseal_endpoints

    changed = reseal_second_steps(Authenticator.objects) + reseal_endpoints()
    click.echo(f"{changed} sealed anew.")
    if forget_lost:
        click.echo(f"{forget_lost_second_steps(Authenticator.objects)} deleted, {Seal.LOST}.")
    lost = count_seals(Authenticator.objects)[Seal.LOST] + count_endpoint_seals()[Seal.LOST]
    if lost:
        raise click.ClickException(f"{lost} stay as they are, {Seal.LOST}: keep the former keys until they are found.")
