"""Celery's settings. Each was measured to matter; PostgreSQL keeps the work, Celery only rings."""

from typing import Any

from django.conf import settings
from kombu import Queue

broker_url = settings.REDIS_URL
# The workers' own connections: softer than a door's. A Redis that freezes is noticed by a reply to BRPOP that is a
# second overdue, asked for each second; then each try to connect takes as long as the socket waits.
broker_transport_options: dict[str, Any] = {
    "visibility_timeout": 300,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 1,
    # between two tries to connect: each second
    "interval_start": 1,
    "interval_step": 0,
    "interval_max": 1,
}
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
broker_channel_error_retry = True
task_acks_late = True
task_reject_on_worker_lost = True
task_ignore_result = True
task_publish_retry = False
# The routing key tells the lanes apart: without one every queue is bound to the default key and hears each bell.
task_queues = [Queue(lane, routing_key=lane) for lane in ("speed", "mail", "webhook", "bulk")]
task_default_queue = "bulk"
worker_prefetch_multiplier = 1
worker_consumer = "leadhub.work.consumer:Consumer"
worker_soft_shutdown_timeout = 30
worker_cancel_long_running_tasks_on_connection_loss = False
worker_hijack_root_logger = False
timezone = "UTC"
# Beat only says "claim what is due". Two beats or ten workers are harmless; what nobody fetched in time expires.
beat_schedule = {
    "drain-speed": {
        "task": "leadhub.drain_lane",
        "schedule": 1.0,
        "kwargs": {"lane": "speed"},
        "options": {"queue": "speed", "expires": 5},
    },
    "drain-mail": {
        "task": "leadhub.drain_lane",
        "schedule": 2.0,
        "kwargs": {"lane": "mail"},
        "options": {"queue": "mail", "expires": 10},
    },
    "drain-webhook": {
        "task": "leadhub.drain_lane",
        "schedule": 2.0,
        "kwargs": {"lane": "webhook"},
        "options": {"queue": "webhook", "expires": 10},
    },
    "drain-bulk": {
        "task": "leadhub.drain_lane",
        "schedule": 5.0,
        "kwargs": {"lane": "bulk"},
        "options": {"queue": "bulk", "expires": 20},
    },
    "prune": {
        "task": "leadhub.ask_for_pruning",
        "schedule": 86400.0,
        "options": {"queue": "bulk", "expires": 3600},
    },
}
beat_max_loop_interval = 1.0
