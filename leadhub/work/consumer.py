"""A Celery worker that does its lanes' work without Redis as well, each second, and hears Redis as soon as it returns.

Named by `celery_settings.worker_consumer`. Redis is only the doorbell: what is due stands in PostgreSQL.
"""

import logging
from typing import Any

import kombu
from celery.worker import consumer
from celery.worker.state import maybe_shutdown
from django.db import connections

from leadhub.work.tasks import drain_lane

_log = logging.getLogger(__name__)


class Consumer(consumer.Consumer):
    """Celery's consumer, but for what it does while Redis is away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Spare the second of asking after other workers; `heartbeats.WorkerSigns` stands for Celery's heartbeat."""
        unwanted = ("without_mingle", "without_gossip", "without_heartbeat")
        kwargs["worker_options"] = {**kwargs["worker_options"], **dict.fromkeys(unwanted, True)}
        super().__init__(*args, **kwargs)

    def ensure_connected(self, conn: kombu.Connection) -> kombu.Connection:
        """Connect; after each try in vain do what is due, in this process, whose children hear only through Redis."""
        was_told = False

        def do_what_is_due(error: Exception, _wait: float) -> None:
            nonlocal was_told
            if not was_told:
                _log.warning("Redis does not answer (%s); looking for work each second", type(error).__name__)
            was_told = True
            self._drain()

        conn = conn.ensure_connection(do_what_is_due, callback=maybe_shutdown)
        if was_told:
            connections.close_all()  # a child that is forked from now on has none of this process's
            _log.warning("Redis answers again")
        self.first_connection_attempt = False
        return conn

    def _drain(self) -> None:
        try:
            for lane in self.app.amqp.queues.consume_from:
                drain_lane(lane=lane)
        except Exception:  # noqa: BLE001 (whatever it was, Redis must be asked again)
            _log.exception("A lane could not be worked through")
