"""Form posts over real sockets: how many a second, how long the slowest wait, as a share of the machine's own limit."""

import time

from benchmarks.figures import Figure
from benchmarks.installation import Installation
from benchmarks.limit import measure_limit
from benchmarks.load import post_forms

CONNECTIONS = (1, 8, 32)
HELD_AGAINST = 8  # the connections that the targets speak of


def measure_doors(*, installation: Installation, seconds: float) -> list[Figure]:
    """Post as fast as it is answered while the workers drain, then take the same run's pgbench limit."""
    figures: list[Figure] = []
    rate = 0.0
    for connections in CONNECTIONS:
        load = post_forms(
            port=installation.port, form_key=installation.keys["form_key"], connections=connections, seconds=seconds
        )
        is_held = connections == HELD_AGAINST
        rate = load.rate if is_held else rate
        name = f"form posts, {connections} connections"
        refused = f"{load.refused} refused" if load.refused else ""
        p99 = load.quantile(0.99)
        figures += [
            Figure(name=name, unit="posts/s", value=load.rate, at_least=600 if is_held else None, note=refused),
            Figure(name=f"{name}, p99", unit="ms", value=p99, at_most=40 if is_held else None),
        ]
        time.sleep(2)
    owner_url = installation.read("owner.json")["DATABASE_OWNER_URL"]
    limit = measure_limit(owner_url=owner_url, connections=HELD_AGAINST, seconds=int(seconds))
    return [
        *figures,
        Figure(name="pgbench: lead + touch upsert, 8 connections", unit="tps", value=limit),
        Figure(name="form posts, share of the pgbench limit", unit="%", value=100 * rate / limit, at_least=12),
    ]


def measure_line() -> list[Figure]:
    """Wait until the line has drained what the doors stored, and say how many leads a second it walked."""
    from leadhub.work.models import Job, Lane

    waiting = Job.objects.filter(lane=Lane.SPEED, kind="line.walk_submission", dead_at=None)
    before, began_at = waiting.count(), time.perf_counter()
    while (left := waiting.count()) and time.perf_counter() - began_at < 30:
        time.sleep(0.5)
    seconds = time.perf_counter() - began_at
    walked = f"{before - left:,} walked, {left:,} left"
    return [Figure(name="leads walked along the line", unit="leads/s", value=(before - left) / seconds, note=walked)]
