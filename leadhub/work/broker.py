"""Celery's connections, which ask an absent Redis again each second. `leadhub.celery` gives them to workers and beat.

Celery itself waits longer after each try, up to half a minute, and has no setting for it. The intervals are Kombu's
transport options (`celery_settings`), which Kombu heeds for its channels but not for the connection itself.
"""

from typing import Any, Self

import celery
import kombu
from celery.app.amqp import AMQP

_INTERVALS = ("interval_start", "interval_step", "interval_max")


class Connection(kombu.Connection):
    """A connection that waits between tries as the transport options say."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Self:
        """Connect, or try again; see Kombu."""
        options = self.transport_options or {}
        intervals = {name: options[name] for name in _INTERVALS}
        return super().ensure_connection(*args, **{**intervals, **kwargs})


class Task(celery.Task):  # type: ignore[type-arg]
    """What every task of ours is, wherever it is written."""

    Request = "leadhub.work.pokes:Poke"


class Amqp(AMQP):
    """Where Celery takes its connections from."""

    Connection = Connection
