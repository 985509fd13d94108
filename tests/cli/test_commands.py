"""Every command explains itself; doctor's exit code tells a script how things are."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from leadhub.cli import main
from leadhub.lib.cache import connect_redis
from leadhub.work.heartbeats import leave_sign
from leadhub.work.models import Lane


def list_commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    """Yield the path of every command below the group."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from list_commands(command, *path, name)


@pytest.mark.parametrize("path", list(list_commands(main)), ids=" ".join)
def test_every_command_has_help(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*path, "--help"], catch_exceptions=False)

    assert shown.exit_code == 0
    assert len(shown.stdout.splitlines()) > 4


@pytest.mark.django_db
def test_doctor_names_what_is_missing_and_what_to_do() -> None:
    connect_redis().flushdb()

    shown = CliRunner().invoke(main, ["doctor"], catch_exceptions=False)

    assert shown.exit_code == 1
    assert "✘ workers: none on speed, mail, webhook, bulk" in shown.stdout
    assert "celery -A leadhub.celery worker -Q LANE" in shown.stdout
    assert "✔ isolation" in shown.stdout


@pytest.mark.django_db
def test_doctor_sees_workers_and_beat() -> None:
    leave_sign(*Lane.values, "beat")

    shown = CliRunner().invoke(main, ["doctor"], catch_exceptions=False)

    assert "✔ workers" in shown.stdout
    assert "✔ beat" in shown.stdout


def test_without_a_database_a_command_says_what_to_do(tmp_path: Path) -> None:
    environment = {**os.environ, "LEADHUB_HOME": str(tmp_path), "DATABASE_URL": "postgres://x@%2Fnowhere/x"}
    command = [sys.executable, "-m", "leadhub.cli", "key", "create", "acme"]

    failed = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert failed.returncode == 1
    assert "leadhub up" in failed.stderr
    assert "Traceback" not in failed.stderr
