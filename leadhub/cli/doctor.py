"""`leadhub doctor`: what works, what does not, and what to do about it."""

import sys

import click
from rich.console import Console

from leadhub.cli.django_setup import set_up_django


@click.command("doctor")
def command() -> None:
    """Check database, isolation, migrations, Redis, workers, beat and mail; exits 1 where one fails."""
    set_up_django()
    from leadhub.health.checks import ALL

    console = Console(highlight=False, soft_wrap=True)
    findings = []
    with console.status("Checking …"):
        for check in ALL:
            finding = check()
            findings.append(finding)
            mark = "[green]✔[/green]" if finding.is_fine else "[red]✘[/red]"
            console.print(f"{mark} {finding.name}:", end=" ")
            console.print(finding.says, markup=False)
            if not finding.is_fine:
                console.print(f"    {finding.advice}", markup=False)
    sys.exit(0 if all(finding.is_fine for finding in findings) else 1)
