"""`leadhub up`: servers, migrations, demo, processes; then watch until told to stop, the database last."""

import http.client
import re
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType

from leadhub.embedded.children import Command, read_end, start_child
from leadhub.embedded.environment import write_environment, write_owner_url
from leadhub.embedded.installation import Installation
from leadhub.embedded.lock import lock_home
from leadhub.embedded.ports import is_free
from leadhub.embedded.servers import start_servers
from leadhub.embedded.supervisor import Say, Supervisor

# Shows that something takes its time: given its name, it returns a context whose value is told (done, total).
Measure = Callable[[int, int], None]
Wait = Callable[[str], AbstractContextManager[Measure]]
_COUNT = re.compile(r"^(\d+)/(\d+)$")
_WARMING_REQUESTS = 16
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class PortTaken(Exception):
    """Another program listens on the port."""


class OwnerUnknown(Exception):
    """The environment names a database but not its owner, whom migrations need."""


class StepFailed(Exception):
    """A command that prepares the installation failed; the message carries the end of its log."""


class StopRequested(BaseException):
    """Ctrl-C or a signal: stop everything cleanly."""


def wait_in_silence(_what: str) -> AbstractContextManager[Measure]:
    """Show nothing while something takes its time."""
    return nullcontext(lambda _done, _total: None)


def run_installation(installation: Installation, *, demo: bool, say: Say, wait: Wait = wait_in_silence) -> None:
    """Run one home in the foreground until a signal.

    Raises HomeInUse, PortTaken, OwnerUnknown, ServerFailed, StepFailed.
    """
    with lock_home(home=installation.home, purpose="leadhub up"):
        _require_environment(installation)
        supervisor = Supervisor(record=installation.home / "processes.json", say=say)
        with _stop_on_signal(supervisor, say=say):
            _start(installation, supervisor, say=say, wait=wait)
            _introduce_demo(installation, supervisor, is_wanted=demo, say=say, wait=wait)
            supervisor.watch_for_ever()


def _start(installation: Installation, supervisor: Supervisor, *, say: Say, wait: Wait) -> None:
    """Start all of it and say where it is."""
    started_at = time.monotonic()
    with wait("Starting the database"):
        servers = start_servers(home=installation.home, given=installation.given, say=say)
    supervisor.adopt_servers(servers.children)
    installation.variables = installation.complete(servers.variables)
    write_owner_url(installation.home, installation.variables["DATABASE_OWNER_URL"])
    shared = {name: text for name, text in installation.variables.items() if name != "DATABASE_OWNER_URL"}
    write_environment(shared, home=installation.home)
    with wait("Migrating"):
        _run_step(installation.owner_command("migrate", "leadhub.cli", "migrate"), supervisor)
    for command in installation.list_front():
        supervisor.start(command)
    with wait("Starting web, live, workers and beat"):
        _wait_for_web(installation, supervisor)
        _warm_up(installation.port)
    for command in installation.list_back():
        supervisor.start(command)
    say(f"LeadHub is ready after {time.monotonic() - started_at:.0f} s: {installation.url}")
    if installation.inbox_url:
        say(f"Mail is kept, not delivered: {installation.inbox_url}")


def _introduce_demo(
    installation: Installation, supervisor: Supervisor, *, is_wanted: bool, say: Say, wait: Wait
) -> None:
    """Load the demo into an empty installation, and say who can log in. A demo that fails stops nothing else."""
    logins = installation.home / "demo-logins.txt"
    if is_wanted and not logins.exists():
        say("Loading the demo organization, unless there is an organization already …")
        try:
            command = installation.command("demo", "leadhub.cli", "demo", "--if-empty", "--count")
            with wait("Loading the demo") as measure:
                _run_step(command, supervisor, measure=measure)
        except StepFailed as error:
            say(str(error))
    if logins.exists():
        say(logins.read_text())


def _require_environment(installation: Installation) -> None:
    """Refuse what would fail later and be harder to understand."""
    if not is_free(port=installation.port, host=installation.host):
        raise PortTaken(f"Port {installation.port} is taken; choose another one: PORT=8123 make up")
    if installation.given.get("DATABASE_URL") and not installation.given.get("DATABASE_OWNER_URL"):
        raise OwnerUnknown("DATABASE_URL is set: set DATABASE_OWNER_URL too, the role that migrates.")


def _run_step(command: Command, supervisor: Supervisor, *, measure: Measure | None = None) -> None:
    """Run a command to its end while watching the servers; the `done/total` that it prints last is told on."""
    child = start_child(command)
    try:
        while child.exit_code is None:
            supervisor.look()
            count = _COUNT.search(read_end(command.log, lines=1)) if measure else None
            if measure and count:
                measure(int(count[1]), int(count[2]))
            time.sleep(0.05)
    finally:
        child.stop()
    if child.exit_code:
        raise StepFailed(f"{command.name} failed:\n{read_end(command.log, lines=20)}\nAll of it: {command.log}")


def _wait_for_web(installation: Installation, supervisor: Supervisor) -> None:
    """Wait until the web process answers; it is restarted meanwhile if it must be."""
    while not _answers(installation.port):
        supervisor.look()
        time.sleep(0.1)


def _warm_up(port: int) -> None:
    """Have each thread of the web open its database connection now, rather than while the first posts wait."""
    with ThreadPoolExecutor(_WARMING_REQUESTS) as requests:
        list(requests.map(lambda _: _answers(port, path="/readyz"), range(2 * _WARMING_REQUESTS)))


def _answers(port: int, *, path: str = "/healthz") -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _stop_on_signal(supervisor: Supervisor, *, say: Say) -> Iterator[None]:
    """Turn the first signal into a clean stop, and the second into a hurried one."""

    def request_stop(_number: int, _frame: FrameType | None) -> None:
        for number in _SIGNALS:
            signal.signal(number, lambda *_: supervisor.hurry())
        raise StopRequested

    former = {number: signal.signal(number, request_stop) for number in _SIGNALS}
    try:
        yield
    except StopRequested:
        say("Stopping …")
    finally:
        supervisor.stop()
        for number, handler in former.items():
            signal.signal(number, handler)
    say("Stopped.")
