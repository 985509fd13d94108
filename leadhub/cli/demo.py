"""`leadhub demo`: load a believable business, entered through the doors."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from leadhub.cli.django_setup import set_up_database
from leadhub.embedded.environment import get_home

LOGINS = "demo-logins.txt"


@click.command("demo")
@click.option("--leads", type=click.IntRange(1, 20_000), default=300, show_default=True, help="How many arrive.")
@click.option("--days", type=click.IntRange(1, 730), default=90, show_default=True, help="Over how many days.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed tells the same story.")
@click.option("--if-empty", is_flag=True, help="Do nothing when there is an organization already.")
@click.option("--count", is_flag=True, help="Print `done/total` a line instead of a bar.")
def command(*, leads: int, days: int, seed: int, if_empty: bool, count: bool) -> None:
    """Load one more demo organization: leads with their sources, calls, deals and sales, up to this minute."""
    set_up_database()
    from leadhub.demo.load import has_organizations, load_demo
    from leadhub.lib.clock import utc_now

    if if_empty and has_organizations():
        click.echo("There is an organization already: no demo loaded.")
        return
    with show_progress(leads=leads, as_lines=count) as step:
        loaded = load_demo(now=utc_now(), leads=leads, days=days, seed=seed, step=step)
    click.echo(f"{loaded.organization.name}: {loaded.leads} leads. Its form: /f/{loaded.form_key}")
    click.echo(write_logins(form_key=loaded.form_key))


@contextmanager
def show_progress(*, leads: int, as_lines: bool) -> Iterator[Callable[[], None]]:
    """Show how many leads have arrived; what it yields is called after each."""
    from rich.progress import Progress

    if as_lines:
        numbers = itertools.count(1)
        yield lambda: click.echo(f"{next(numbers)}/{leads}")
        return
    with Progress() as progress:
        bar = progress.add_task(f"{leads} leads", total=leads)
        yield lambda: progress.advance(bar)


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
