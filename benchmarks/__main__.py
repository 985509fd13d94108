"""`python -m benchmarks`: print one table of this machine's figures and write them as JSON."""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.alerts import measure_alerts
from benchmarks.installation import Installation, start_installation
from benchmarks.limit import measure_limit
from benchmarks.load import post_forms, quantile

RESULTS = Path(__file__).parent / "results"
SECONDS = 10
Figure = tuple[str, str, float]


def main() -> None:
    """Measure, print, write."""
    console = Console()
    with start_installation() as installation:
        figures = [*measure_alert_latency(installation), *measure_doors(installation, console)]
    table = Table("figure", "unit", "measured", title="LeadHub on this machine")
    for name, unit, value in figures:
        table.add_row(name, unit, f"{value:,.1f}")
    console.print(table)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps([{"figure": name, "unit": unit, "value": value} for name, unit, value in figures]))
    console.print(f"Written to {path}")


def measure_alert_latency(installation: Installation) -> list[Figure]:
    """Measure post → alert with nothing else to do."""
    stream_url = make_stream_url(installation)
    latencies = measure_alerts(installation=installation, stream_url=stream_url, posts=100)
    return [
        ("post → alert in the stream, p50", "ms", quantile(latencies, 0.5) * 1000),
        ("post → alert in the stream, p99", "ms", quantile(latencies, 0.99) * 1000),
    ]


def measure_doors(installation: Installation, console: Console) -> list[Figure]:
    """Measure posts at 1, 8 and 32 connections, and at 8 as a share of the same run's pgbench limit."""
    owner_url = installation.read("owner.json")["DATABASE_OWNER_URL"]
    figures: list[Figure] = []
    for connections in (1, 8, 32):
        load = post_forms(
            port=installation.port, form_key=installation.keys["form_key"], connections=connections, seconds=SECONDS
        )
        if load.refused:
            console.print(f"[red]{load.refused} posts were refused[/red]")
        figures += [
            (f"form posts at {connections} connections", "posts/s", load.rate),
            (f"form posts at {connections} connections, p99", "ms", load.quantile(0.99)),
        ]
        time.sleep(2)
    limit = measure_limit(owner_url=owner_url, connections=8, seconds=SECONDS)
    rate = next(value for name, _, value in figures if name == "form posts at 8 connections")
    return [
        *figures,
        ("pgbench: lead + touch upsert at 8 connections", "tps", limit),
        ("form posts at 8 connections, share of the pgbench limit", "%", 100 * rate / limit),
    ]


def make_stream_url(installation: Installation) -> str:
    """Return the admin's event stream: the only member, so every lead is theirs."""
    os.environ["LEADHUB_HOME"] = str(installation.home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "leadhub.settings"
    import django

    django.setup()
    from leadhub.accounts.models import Membership
    from leadhub.live.tokens import make_token

    member = Membership.objects.get(user__email="bench@example.com")
    token = make_token(organization_id=member.organization_id, member_id=member.id, now=datetime.now(UTC))
    return f"{installation.read('environment.json')['LIVE_URL'].format(host='127.0.0.1')}/live/stream?token={token}"


if __name__ == "__main__":
    main()
