"""`leadhub demo`: load a believable business, entered through the doors."""

import click

from leadhub.cli.django_setup import set_up_database
from leadhub.embedded.environment import get_home

LOGINS = "demo-logins.txt"


@click.command("demo")
@click.option("--leads", type=click.IntRange(1, 20_000), default=200, show_default=True, help="How many arrive.")
@click.option("--days", type=click.IntRange(1, 730), default=30, show_default=True, help="Over how many days.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed tells the same story.")
@click.option("--if-empty", is_flag=True, help="Do nothing when there is an organization already.")
def command(*, leads: int, days: int, seed: int, if_empty: bool) -> None:
    """Load one more demo organization: leads with their sources, calls, deals and sales, up to this minute."""
    set_up_database()
    from leadhub.demo.load import has_organizations, load_demo
    from leadhub.lib.clock import utc_now

    if if_empty and has_organizations():
        click.echo("There is an organization already: no demo loaded.")
        return
    from rich.progress import Progress

    with Progress() as progress:
        bar = progress.add_task(f"{leads} leads over {days} days", total=leads)
        loaded = load_demo(now=utc_now(), leads=leads, days=days, seed=seed, step=lambda: progress.advance(bar))
    click.echo(f"{loaded.organization.name}: {loaded.leads} leads. Its form: /f/{loaded.form_key}")
    click.echo(write_logins(form_key=loaded.form_key))


def write_logins(*, form_key: str) -> str:
    """Return who can log in, and keep it in the home, where `leadhub up` reads it."""
    from leadhub.demo.story import PASSWORD
    from leadhub.demo.team import list_logins

    people = "\n".join(f"  {email:24} {role}" for email, role in list_logins())
    text = f"Demo log-ins, all with the password «{PASSWORD}»:\n{people}\nIts public form: /f/{form_key}\n"
    home = get_home()
    if home.is_dir():
        (home / LOGINS).write_text(text)
    return text
