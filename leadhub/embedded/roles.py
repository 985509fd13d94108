"""The two database roles of an installation and its database, made again on every start, so never missing.

`leadhub_owner` migrates and backs up, `leadhub_app` serves: neither owner nor superuser, so that row security
holds for it.
"""

import psycopg
from psycopg import sql

from leadhub.embedded.secrets import HomeSecrets

_OWNER = "LOGIN CREATEDB BYPASSRLS NOSUPERUSER NOCREATEROLE"
_APP = "LOGIN NOCREATEDB NOBYPASSRLS NOSUPERUSER NOCREATEROLE"


def ensure_roles(*, superuser_url: str, database: str, secrets: HomeSecrets) -> None:
    """Make the roles with this home's passwords, and the database of the owner."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        _ensure_role(connection, name="leadhub_owner", attributes=_OWNER, password=secrets.owner_password)
        _ensure_role(connection, name="leadhub_app", attributes=_APP, password=secrets.app_password)
        connection.execute("GRANT leadhub_app TO leadhub_owner")  # so that it may end the app's sessions
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if not found:
            statement = sql.SQL("CREATE DATABASE {} OWNER leadhub_owner")
            connection.execute(statement.format(sql.Identifier(database)))


def _ensure_role(
    connection: "psycopg.Connection[tuple[object, ...]]", *, name: str, attributes: str, password: str
) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    statement = sql.SQL("{verb} ROLE {name} {attributes} PASSWORD {password}")
    connection.execute(
        statement.format(
            verb=sql.SQL("ALTER" if found else "CREATE"),
            name=sql.Identifier(name),
            attributes=sql.SQL(attributes),
            password=sql.Literal(password),
        )
    )
