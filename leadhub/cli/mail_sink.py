"""`leadhub mail-sink`: the local mail server and its inbox page, for `up` and docker-compose.yml."""

from pathlib import Path

import click


@click.command("mail-sink")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--smtp-port", default=1025, show_default=True, help="Takes mail here.")
@click.option("--inbox-port", default=8025, show_default=True, help="Shows it here.")
@click.option("--folder", type=click.Path(path_type=Path), required=True, help="The maildir that keeps it.")
def command(host: str, smtp_port: int, inbox_port: int, folder: Path) -> None:
    """Keep every mail in a maildir instead of delivering it, and show it on a page."""
    from leadhub.embedded.mail_sink import serve_inbox, start_smtp

    smtp = start_smtp(folder=folder, host=host, port=smtp_port)
    try:
        serve_inbox(folder=folder, host=host, port=inbox_port).serve_forever()
    finally:
        smtp.stop()
