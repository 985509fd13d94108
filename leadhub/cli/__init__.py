"""The `leadhub` command; each of its commands is a module, imported when called (`up` needs no Django)."""

from importlib import import_module

import click

_COMMANDS = {
    "up": "leadhub.cli.up",
    "demo": "leadhub.cli.demo",
    "org": "leadhub.cli.org",
    "key": "leadhub.cli.key",
    "doctor": "leadhub.cli.doctor",
    "permissions": "leadhub.cli.permissions",
    "tools": "leadhub.cli.tools",
    "migrate": "leadhub.cli.migrate",
    "reseal": "leadhub.cli.reseal",
    "mail-sink": "leadhub.cli.mail_sink",
}


class LazyGroup(click.Group):
    """A group whose commands are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Return the names in the order of use."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(_COMMANDS[cmd_name]).command
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="leadhub")
def main() -> None:
    """LeadHub: every lead caught, scored, routed and followed to revenue."""
