"""After a crash: the database recovers, and a misleading pid file does not stop it."""

import os
import signal
import time
from pathlib import Path

import psycopg

from leadhub.embedded.recovery import clear_postmaster_pid, list_processes_in
from leadhub.embedded.servers import Servers
from leadhub.embedded.service_user import find_service_user, place_for_data
from tests.embedded.conftest import StartServers


def cluster_of(home: Path) -> Path:
    return place_for_data(home=home, user=find_service_user()) / "data"


def kill_database(servers: Servers) -> None:
    postgres = servers.children[0]
    postgres.process.kill()
    postgres.process.wait()


def test_what_was_committed_survives_a_killed_server(tmp_path: Path, start: StartServers) -> None:
    home = tmp_path / "home"
    servers = start(home)
    with psycopg.connect(servers.variables["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id")
    kill_database(servers)

    again = start(home)

    with psycopg.connect(again.variables["DATABASE_OWNER_URL"]) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_a_pid_file_that_names_another_process_is_removed(tmp_path: Path, start: StartServers) -> None:
    home = tmp_path / "home"
    start(home).stop()
    stale = cluster_of(home) / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{stale.parent}\n")

    again = start(home)

    with psycopg.connect(again.variables["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_an_unreadable_pid_file_is_left_to_postgres(tmp_path: Path) -> None:
    (tmp_path / "postmaster.pid").write_text("nonsense")

    clear_postmaster_pid(cluster=tmp_path)

    assert (tmp_path / "postmaster.pid").exists()


def test_an_orphaned_server_is_stopped_before_another_starts(tmp_path: Path, start: StartServers) -> None:
    home = tmp_path / "home"
    orphan = start(home)
    cluster = cluster_of(home)

    clear_postmaster_pid(cluster=cluster)

    assert list_processes_in(cluster=cluster) == set()
    assert orphan.children[0].process.wait(timeout=10) == 0


def test_no_second_server_while_the_killed_ones_processes_still_work(tmp_path: Path, start: StartServers) -> None:
    home = tmp_path / "home"
    servers = start(home)
    cluster = cluster_of(home)
    stopped = next(pid for pid in list_processes_in(cluster=cluster) if pid != servers.children[0].process.pid)
    os.kill(stopped, signal.SIGSTOP)
    try:
        kill_database(servers)
        pid = os.fork()
        if pid == 0:
            clear_postmaster_pid(cluster=cluster)
            os._exit(0)
        time.sleep(0.3)
        assert os.waitpid(pid, os.WNOHANG) == (0, 0), "it must wait for the process that still works in the cluster"
    finally:
        os.kill(stopped, signal.SIGCONT)
    assert os.waitpid(pid, 0)[1] == 0
