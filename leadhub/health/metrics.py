"""Figures for Prometheus: jobs due and their lag by lane, posts, deliveries, alerts, who is alive.

They are read from the database on each scrape, so that every web process answers the same. Rows of tenants are
counted from PostgreSQL's own statistics (`pg_stat_user_tables`), which need no scope and cost no scan.
"""

from collections.abc import Iterator

import redis
from django.apps import apps
from django.db import connection
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from leadhub.work.heartbeats import BEAT, read_signs
from leadhub.work.models import Lane

_JOBS_SQL = """
SELECT lane, count(*) FILTER (WHERE dead_at IS NULL AND due_at <= now()), count(*) FILTER (WHERE dead_at IS NULL),
       coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE dead_at IS NULL AND due_at <= now())), 0),
       count(*) FILTER (WHERE dead_at IS NOT NULL)
FROM job GROUP BY lane
"""
_INSERTED_SQL = "SELECT relname, n_tup_ins FROM pg_stat_user_tables WHERE relname = ANY(%s)"
_COUNTED = {
    "capture.Submission": ("leadhub_posts", "Submissions stored at the doors."),
    "leads.Lead": ("leadhub_leads", "Leads opened."),
    "delivery.Delivery": ("leadhub_deliveries", "Outbound calls put into the outbox."),
    "live.Alert": ("leadhub_alerts", "Alerts raised for members."),
}


def render_metrics() -> bytes:
    """Return the figures in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Collector())
    return generate_latest(registry)


class _Collector:
    """Reads everything once per scrape."""

    def collect(self) -> Iterator[Metric]:
        """Yield every family."""
        yield from _collect_jobs()
        yield from _collect_inserted()
        yield from _collect_signs()


def _collect_jobs() -> Iterator[Metric]:
    families = [
        GaugeMetricFamily("leadhub_jobs_due", "Jobs whose time has come, not claimed yet.", labels=["lane"]),
        GaugeMetricFamily("leadhub_jobs_waiting", "Jobs that are due now or later.", labels=["lane"]),
        GaugeMetricFamily("leadhub_job_lag_seconds", "How long the oldest due job has waited.", labels=["lane"]),
        GaugeMetricFamily("leadhub_jobs_dead", "Jobs given up, for an admin to look at.", labels=["lane"]),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_JOBS_SQL)
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    for lane in Lane.values:
        for family, value in zip(families, found.get(lane, (0, 0, 0, 0)), strict=True):
            family.add_metric([lane], float(value))
    yield from families


def _collect_inserted() -> Iterator[Metric]:
    """Count rows ever inserted; a crash of PostgreSQL may set them back, as Prometheus expects of a counter."""
    tables = {apps.get_model(label)._meta.db_table: family for label, family in _COUNTED.items()}
    with connection.cursor() as cursor:
        cursor.execute(_INSERTED_SQL, [list(tables)])
        found = dict(cursor.fetchall())
    for table, (name, documentation) in tables.items():
        yield CounterMetricFamily(name, documentation, value=found.get(table, 0))


def _collect_signs() -> Iterator[Metric]:
    try:
        signs, is_up = read_signs(*Lane.values, BEAT), 1
    except redis.RedisError:
        signs, is_up = dict.fromkeys([*Lane.values, BEAT], False), 0
    yield GaugeMetricFamily("leadhub_redis_up", "Whether Redis answers.", value=is_up)
    alive = GaugeMetricFamily("leadhub_process_up", "Whether a worker of the lane, or beat, lives.", labels=["process"])
    for name, is_alive in signs.items():
        alive.add_metric([name], float(is_alive))
    yield alive
