"""Score every lead anew, as publishing a model does: organization after organization, in sets."""

import time
from datetime import UTC, datetime

from benchmarks.figures import Figure
from benchmarks.scale import Scale

MILLION = 1_000_000


def measure_scoring(scale: Scale) -> list[Figure]:
    """Score all leads the first time and again; a million are to take 15 seconds."""
    first, again = _score_all(scale), _score_all(scale)
    return [
        Figure(name=f"score {scale.leads:,} leads the first time", unit="s", value=first),
        Figure(name=f"score {scale.leads:,} leads again", unit="s", value=again),
        Figure(name="scored again, for a million leads", unit="s", value=again * MILLION / scale.leads, at_most=15),
    ]


def _score_all(scale: Scale) -> float:
    from leadhub.leads.models import Lead
    from leadhub.tenancy.scope import scope
    from scoring.many import score_leads
    from scoring.rescoring import BATCH

    began_at = time.perf_counter()
    for organization_id in scale.organizations:
        with scope(organization_id):
            ids = list(Lead.objects.order_by("id").values_list("id", flat=True))
        for start in range(0, len(ids), BATCH):
            with scope(organization_id):
                score_leads(lead_ids=ids[start : start + BATCH], now=datetime.now(UTC))
    return time.perf_counter() - began_at
