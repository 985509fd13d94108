"""`python -m benchmarks`: print one table of this machine's figures and write them as JSON.

Short by default; `FULL=1` for a million leads and ten million events in 50 organizations, and longer runs.
`ONLY=pages,routing` measures some of it.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.alerts import measure_alerts
from benchmarks.doors import measure_doors, measure_line
from benchmarks.figures import Figure
from benchmarks.imports import measure_import
from benchmarks.installation import Installation, start_installation
from benchmarks.pages import measure_pages
from benchmarks.routing_run import measure_routing
from benchmarks.scale import Scale, fill, settle
from benchmarks.scoring_run import measure_scoring

RESULTS = Path(__file__).parent / "results"
IS_FULL = os.environ.get("FULL") == "1"
ORGANIZATIONS, LEADS_EACH = (50, 20_000) if IS_FULL else (10, 2_000)
SECONDS, POSTS, ROWS = (20, 300, 50_000) if IS_FULL else (6, 100, 10_000)

AtScale = Callable[[Scale], list[Figure]]
SERVING: dict[str, Callable[[Installation], list[Figure]]] = {
    "alerts": lambda installation: measure_alerts(installation=installation, posts=POSTS),
    "doors": lambda installation: measure_doors(installation=installation, seconds=SECONDS),
    "line": lambda _: measure_line(),
}
AT_SCALE: dict[str, AtScale] = {
    "import": lambda scale: measure_import(scale, rows=ROWS),
    "scoring": measure_scoring,
    "pages": measure_pages,
    "routing": measure_routing,
}


def main() -> None:
    """Measure, print, write."""
    console = Console(width=None if sys.stdout.isatty() else 130)
    wanted = [name for name in os.environ.get("ONLY", "").split(",") if name] or [*SERVING, *AT_SCALE]
    with start_installation() as installation:
        installation.set_up_django()
        figures = list(_measure(installation, wanted, console))
    console.print(_draw(figures))
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps([figure.to_json() for figure in figures], indent=1))
    console.print(f"Written to {path}")


def _measure(installation: Installation, wanted: list[str], console: Console) -> Iterable[Figure]:
    """Measure what is served first, then what needs data at scale."""
    for name, measure in SERVING.items():
        if name in wanted:
            console.print(f"Measuring {name} …")
            yield from measure(installation)
    if not set(wanted) & set(AT_SCALE):
        return
    console.print(f"Filling {ORGANIZATIONS} organizations with {LEADS_EACH:,} leads each …")
    owner_url = installation.read("owner.json")["DATABASE_OWNER_URL"]
    settle(owner_url=owner_url)
    scale = fill(owner_url=owner_url, organizations=ORGANIZATIONS, leads_each=LEADS_EACH)
    for name, measure_at_scale in AT_SCALE.items():
        if name in wanted:
            settle(owner_url=owner_url)
            console.print(f"Measuring {name} …")
            yield from measure_at_scale(scale)


def _draw(figures: Iterable[Figure]) -> Table:
    table = Table("figure", "measured", "unit", "target", "", "", title="LeadHub on this machine")
    for figure in figures:
        style = {"met": "green", "missed": "red"}.get(figure.verdict, "")
        value = f"{figure.value:,.1f}"
        table.add_row(figure.name, value, figure.unit, figure.target, figure.verdict, figure.note, style=style)
    return table


if __name__ == "__main__":
    main()
