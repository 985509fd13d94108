"""The supervisor starts again what dies, later each time, and its children never outlive it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from leadhub.embedded.children import Command, start_child
from leadhub.embedded.supervisor import Supervisor

SLEEPER = "import time; time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"


def command(folder: Path, name: str, program: str, *, grace_seconds: float = 5) -> Command:
    return Command(
        name=name,
        arguments=[sys.executable, "-c", program],
        environment=os.environ,
        log=folder / f"{name}.log",
        directory=folder,
        grace_seconds=grace_seconds,
    )


def wait_for(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Generator[Supervisor, None, None]:
    supervisor = Supervisor(record=tmp_path / "processes.json", say=said.append)
    yield supervisor
    supervisor.stop()


def read_record(folder: Path, name: str) -> dict[str, int]:
    found: dict[str, int] = json.loads((folder / "processes.json").read_text())[name]
    return found


def test_a_killed_process_is_started_again(tmp_path: Path, supervisor: Supervisor, said: list[str]) -> None:
    supervisor.start(command(tmp_path, "web", SLEEPER))
    first = read_record(tmp_path, "web")["pid"]
    os.kill(first, signal.SIGKILL)

    def is_back() -> bool:
        supervisor.look()
        return read_record(tmp_path, "web")["restarts"] == 1

    wait_for(is_back)
    assert read_record(tmp_path, "web")["pid"] != first
    assert said[0].startswith("web ended (signal 9)")


def test_a_process_that_keeps_failing_is_started_less_and_less_often(
    tmp_path: Path, supervisor: Supervisor, said: list[str]
) -> None:
    supervisor.start(command(tmp_path, "web", "raise SystemExit(3)"))

    def has_failed_thrice() -> bool:
        supervisor.look()
        return len(said) == 3

    wait_for(has_failed_thrice)
    assert ["0.2 s" in said[0], "0.4 s" in said[1], "0.8 s" in said[2]] == [True, True, True]
    assert "exit code 3" in said[0]


def test_a_process_that_will_not_stop_is_killed_after_its_grace(tmp_path: Path) -> None:
    child = start_child(command(tmp_path, "deaf", DEAF, grace_seconds=0.2))
    wait_for(lambda: "deaf" in (tmp_path / "deaf.log").read_text())

    child.stop()

    assert child.exit_code == -signal.SIGKILL


def test_a_long_log_is_set_aside(tmp_path: Path) -> None:
    long = tmp_path / "web.log"
    with long.open("wb") as log:
        log.truncate(21 * 1024 * 1024)

    start_child(command(tmp_path, "web", "print('new')")).process.wait()

    assert long.read_text() == "new\n"
    assert (tmp_path / "web.old.log").stat().st_size == 21 * 1024 * 1024


def test_what_serves_stops_before_the_servers(tmp_path: Path, said: list[str]) -> None:
    supervisor = Supervisor(record=tmp_path / "processes.json", say=said.append)
    log = tmp_path / "order.log"
    program = f"import signal, time\ndef stop(*_):\n open({str(log)!r}, 'a').write('%s\\n')\n raise SystemExit\n"
    program += "signal.signal(signal.SIGTERM, stop); print('up', flush=True); time.sleep(600)"
    supervisor.adopt_servers([start_child(command(tmp_path, name, program % name)) for name in ("database", "cache")])
    supervisor.start(command(tmp_path, "web", program % "web"))
    wait_for(lambda: all("up" in (tmp_path / f"{n}.log").read_text() for n in ("database", "cache", "web")))

    supervisor.stop()

    assert log.read_text().split() == ["web", "cache", "database"]


def test_children_end_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    program = (
        "import os, sys, time; from pathlib import Path\n"
        "from leadhub.embedded.children import Command, start_child\n"
        f"folder = Path({str(tmp_path)!r})\n"
        f"child = start_child(Command(name='c', arguments=[sys.executable, '-c', {SLEEPER!r}], environment=os.environ,"
        " log=folder / 'c.log', directory=folder))\n"
        "print(child.process.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        parent.kill()

    wait_for(lambda: not is_alive(child))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
