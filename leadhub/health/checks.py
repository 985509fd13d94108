"""What must be in order for the product to work, and what to do where it is not.

/readyz runs the quick ones on every call; `leadhub doctor` runs them all.
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass

import redis
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from leadhub.accounts.second_steps import Seal, count_seals
from leadhub.lib.cache import connect_redis
from leadhub.tenancy.isolation import list_isolation_faults
from leadhub.webhooks.seals import count_endpoint_seals
from leadhub.work.heartbeats import BEAT, read_signs
from leadhub.work.models import Lane


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The outcome of one check: what was found, and what to do when it is not fine."""

    name: str
    is_fine: bool
    says: str
    advice: str = ""


Check = Callable[[], Finding]


def check_database() -> Finding:
    """Ask the database for its version."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        advice = "Start PostgreSQL (`leadhub up`), or mend DATABASE_URL."
        return Finding(name="database", is_fine=False, says=_first_line(error), advice=advice)
    return Finding(name="database", is_fine=True, says=f"PostgreSQL {version}")


def check_migrations() -> Finding:
    """Compare the migrations applied with those of this version."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Finding(name="migrations", is_fine=False, says=_first_line(error), advice="Run `leadhub migrate`.")
    if missing:
        says = f"{len(missing)} are not applied, the first {missing[0][0]}"
        return Finding(name="migrations", is_fine=False, says=says, advice="Run `leadhub migrate`.")
    return Finding(name="migrations", is_fine=True, says="all applied")


def check_isolation() -> Finding:
    """Check the role, the row security and the keys that keep organizations apart."""
    try:
        faults = list_isolation_faults()
    except DatabaseError as error:
        return Finding(name="isolation", is_fine=False, says=_first_line(error), advice="Run `leadhub migrate`.")
    if faults:
        advice = "Connect as leadhub_app, neither owner nor superuser, and run `leadhub migrate` as leadhub_owner."
        return Finding(name="isolation", is_fine=False, says="; ".join(faults), advice=advice)
    return Finding(name="isolation", is_fine=True, says="role, row security and keys are in force")


def check_secret() -> Finding:
    """Check that sessions and links are signed with a key of this installation's own."""
    if settings.SECRET_KEY == settings.INSECURE_SECRET_KEY:
        advice = "Set LEADHUB_SECRET_KEY, for example from `openssl rand -hex 32`."
        return Finding(name="secret key", is_fine=False, says="is the public default", advice=advice)
    return Finding(name="secret key", is_fine=True, says="is set")


_SEALED = "secrets of two-step log-in and webhooks"


def check_seals() -> Finding:
    """Check that the secrets of two-step log-in and of webhooks can be opened."""
    try:
        seals = count_seals(Authenticator.objects) + count_endpoint_seals()
    except DatabaseError as error:
        return Finding(name="seals", is_fine=False, says=_first_line(error), advice="Run `leadhub migrate`.")
    if seals[Seal.LOST]:
        says = f"{seals[Seal.LOST]} of {seals.total()} {_SEALED} are sealed {Seal.LOST}"
        advice = (
            "Put the former key into LEADHUB_SECRET_KEY_FALLBACKS or LEADHUB_ENCRYPTION_KEYS of every process. "
            "Only if it is gone for good: `leadhub reseal --forget-lost`, and new secrets for webhooks."
        )
        return Finding(name="seals", is_fine=False, says=says, advice=advice)
    if seals[Seal.FORMER]:
        says = f"{seals[Seal.FORMER]} {_SEALED} are sealed {Seal.FORMER}"
        return Finding(name="seals", is_fine=False, says=says, advice="Run `leadhub reseal`.")
    return Finding(
        name="seals", is_fine=True, says=f"{seals.total()} secrets of two-step log-in and webhooks can be opened"
    )


def check_redis() -> Finding:
    """Ask Redis for a sign of life."""
    try:
        connect_redis().ping()
    except redis.RedisError as error:
        advice = "Start Redis or Valkey, or mend REDIS_URL. Until then workers look for work each second."
        return Finding(name="redis", is_fine=False, says=_first_line(error), advice=advice)
    return Finding(name="redis", is_fine=True, says="answers")


def check_workers() -> Finding:
    """Look for a worker on every lane."""
    try:
        signs = read_signs(*Lane.values)
    except redis.RedisError:
        return Finding(name="workers", is_fine=False, says="unknown without Redis", advice="Mend Redis first.")
    silent = [lane for lane, is_alive in signs.items() if not is_alive]
    if silent:
        advice = "Start one for each: celery -A leadhub.celery worker -Q LANE."
        return Finding(name="workers", is_fine=False, says=f"none on {', '.join(silent)}", advice=advice)
    return Finding(name="workers", is_fine=True, says=f"one or more on {', '.join(signs)}")


def check_beat() -> Finding:
    """Look for beat, which says every second that what is due is to be done."""
    try:
        is_alive = read_signs(BEAT)[BEAT]
    except redis.RedisError:
        return Finding(name="beat", is_fine=False, says="unknown without Redis", advice="Mend Redis first.")
    if not is_alive:
        advice = "Start one: celery -A leadhub.celery beat."
        return Finding(name="beat", is_fine=False, says="silent", advice=advice)
    return Finding(name="beat", is_fine=True, says="ticks")


def check_mail() -> Finding:
    """Greet the mail server, without sending."""
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=5) as smtp:
            smtp.noop()
    except (OSError, smtplib.SMTPException) as error:
        advice = "Set SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASSWORD and SMTP_TLS."
        return Finding(name="mail", is_fine=False, says=f"{where}: {_first_line(error)}", advice=advice)
    return Finding(name="mail", is_fine=True, says=f"{where} answers")


# Without these nothing works; without the rest doors stay open and work waits.
VITAL: list[Check] = [check_database, check_migrations]
USEFUL: list[Check] = [check_redis, check_workers, check_beat]
ALL: list[Check] = [check_database, check_migrations, check_isolation, check_secret, check_seals, *USEFUL, check_mail]


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
