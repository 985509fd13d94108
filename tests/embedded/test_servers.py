"""The servers of a home: their roles, their places, two side by side, a clean stop."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
import redis

from leadhub.embedded.servers import start_servers
from tests.embedded.conftest import StartServers


def test_app_role_can_neither_bypass_row_security_nor_create(tmp_path: Path, start: StartServers) -> None:
    servers = start(tmp_path / "home")

    with psycopg.connect(servers.variables["DATABASE_URL"]) as connection:
        role = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert role == ("leadhub_app", False, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id int)")


def test_owner_role_owns_the_database_and_is_no_superuser(tmp_path: Path, start: StartServers) -> None:
    servers = start(tmp_path / "home")

    with psycopg.connect(servers.variables["DATABASE_OWNER_URL"]) as connection:
        role = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert role == (False, True, True)
    assert owner == ("leadhub_owner",)


def test_a_wrong_password_opens_neither_server(tmp_path: Path, start: StartServers) -> None:
    servers = start(tmp_path / "home")
    database, doorbell = (servers.variables[name] for name in ("DATABASE_URL", "REDIS_URL"))

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(database.replace(str(urlsplit(database).password), "wrong"))
    with redis.Redis(port=int(urlsplit(doorbell).port or 0)) as client, pytest.raises(redis.AuthenticationError):
        client.ping()


def test_two_homes_run_side_by_side(tmp_path: Path, start: StartServers) -> None:
    first, second = start(tmp_path / "first"), start(tmp_path / "second")

    with psycopg.connect(first.variables["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE only_here (id int)")
    with psycopg.connect(second.variables["DATABASE_OWNER_URL"]) as connection:
        found = connection.execute("SELECT to_regclass('only_here')").fetchone()
    assert found == (None,)
    assert first.variables["REDIS_URL"] != second.variables["REDIS_URL"]


def test_a_path_with_spaces_and_signs_works(tmp_path: Path, start: StartServers) -> None:
    servers = start(tmp_path / 'the "lead" hub @ home')

    with psycopg.connect(servers.variables["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_long_path_gets_its_socket_in_a_short_private_folder(tmp_path: Path, start: StartServers) -> None:
    servers = start(tmp_path / ("long" * 30))

    with psycopg.connect(servers.variables["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    host = unquote(urlsplit(servers.variables["DATABASE_URL"]).netloc.rsplit("@", 1)[1])
    assert len(host.encode()) <= 90
    assert Path(host).stat().st_mode & 0o077 == 0


def test_data_and_addresses_survive_a_restart(tmp_path: Path, start: StartServers) -> None:
    home = tmp_path / "home"
    servers = start(home)
    with psycopg.connect(servers.variables["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    servers.stop()

    again = start(home)

    assert again.variables == servers.variables
    with psycopg.connect(again.variables["DATABASE_OWNER_URL"]) as connection:
        assert connection.execute("SELECT to_regclass('kept')::text").fetchone() == ("kept",)


def test_stopping_shuts_the_database_down_cleanly_while_clients_are_connected(
    tmp_path: Path, start: StartServers
) -> None:
    home = tmp_path / "home"
    servers = start(home)
    client = psycopg.connect(servers.variables["DATABASE_URL"])

    servers.stop()

    log = (home / "log" / "postgres.log").read_text()
    assert log.strip().endswith("database system is shut down")
    with pytest.raises(psycopg.OperationalError):
        client.execute("SELECT 1")
    client.close()


def test_servers_that_the_environment_names_are_not_started(tmp_path: Path) -> None:
    servers = start_servers(home=tmp_path, given={"DATABASE_URL": "postgres://x/y", "REDIS_URL": "redis://x"})

    assert (servers.children, servers.variables) == ([], {})
