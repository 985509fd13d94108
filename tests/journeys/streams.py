"""The live process of the browser tests: the real one, on a free port, reading the test's database."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

STARTS_WITHIN_SECONDS = 30


def write_database_url() -> str:
    """Return the address of the test's database, as the app's role."""
    address = urlsplit(os.environ["DATABASE_URL"])
    return address._replace(path=f"/{connections['default'].settings_dict['NAME']}").geturl()


@contextmanager
def run_live_process() -> Generator[int, None, None]:
    """Run the live process; yields its port."""
    port = choose_free_port()
    variables = {
        **os.environ,
        "DATABASE_URL": write_database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "LIVE_URL": f"http://{{host}}:{port}",
    }
    serve = ["granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    command = [sys.executable, "-m", *serve, "leadhub.live.server:application"]
    process = subprocess.Popen(
        command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_until_it_answers(process, port)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # its worker as well, streams or not
        process.wait()


def choose_free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Wait for the process to serve. Raises RuntimeError when it ends or stays silent."""
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the live process does not answer")
