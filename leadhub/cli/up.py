"""`leadhub up`: run one whole installation in the foreground."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from leadhub.embedded.environment import get_home
from leadhub.embedded.installation import Installation
from leadhub.embedded.launch import Measure, OwnerUnknown, PortTaken, StepFailed, run_installation
from leadhub.embedded.lock import HomeInUse, make_home
from leadhub.embedded.postgres import ClusterNotMade
from leadhub.embedded.postgres_programs import ProgramsMissing
from leadhub.embedded.servers import ServerFailed
from leadhub.embedded.service_user import NoServiceUser

_ANTICIPATED = (
    HomeInUse,
    PortTaken,
    OwnerUnknown,
    StepFailed,
    ServerFailed,
    ClusterNotMade,
    ProgramsMissing,
    NoServiceUser,
)


@click.command("up")
@click.option("--port", type=int, envvar="PORT", default=8000, show_default=True, help="Where the web listens.")
@click.option(
    "--host", envvar="LEADHUB_HOST", default="127.0.0.1", show_default=True, help="The address it listens on."
)
@click.option("--home", type=click.Path(path_type=Path), help="Where everything is kept. [default: ./.leadhub]")
@click.option("--no-demo", is_flag=True, help="Do not load the demo organization into an empty installation.")
def command(*, port: int, host: str, home: Path | None, no_demo: bool) -> None:
    """Start everything on this machine and keep it running; Ctrl-C stops it, the database last."""
    if home:
        os.environ["LEADHUB_HOME"] = str(home.absolute())
    installation_home = get_home()
    make_home(installation_home)
    console = Console(highlight=False, soft_wrap=True)
    given = {name: value for name, value in os.environ.items() if value}
    installation = Installation(home=installation_home, host=host, port=port, given=given)
    try:
        with_bar = console.is_terminal
        run_installation(
            installation,
            demo=not no_demo,
            say=console.print,
            wait=lambda what: show_bar(what, console=console) if with_bar else say_first(what, console=console),
        )
    except _ANTICIPATED as error:
        click.echo(str(error), err=True)
        sys.exit(1)


@contextmanager
def show_bar(what: str, *, console: Console) -> Iterator[Measure]:
    """Show a bar while something takes its time; it pulses until it is told how far it has come."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task(f"{what} …", total=None)
        yield lambda done, total: progress.update(bar, completed=done, total=total)


@contextmanager
def say_first(what: str, *, console: Console) -> Iterator[Measure]:
    """Say what takes its time, where no terminal could show a bar."""
    console.print(f"{what} …")
    yield lambda _done, _total: None
