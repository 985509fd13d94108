"""Score every lead: the first time from all events, and anew when a published model changes more or less."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from benchmarks.figures import Figure
from benchmarks.scale import Scale, wait_for_workers

if TYPE_CHECKING:
    from scoring.models import ScoreModel

MILLION = 1_000_000
Change = Callable[["ScoreModel"], None]


def measure_scoring(scale: Scale) -> list[Figure]:
    """Score all open leads by the jobs that publishing makes, in all organizations at once."""
    changes: list[tuple[str, Change, float | None]] = [
        ("first time, from all events", _move_bar, None),
        ("a new bar", _move_bar, 15),
        ("new fit points", _change_fit, 15),
        ("new engagement points", _change_points, 15),
        ("a new engagement rule", _add_rule, None),
    ]
    figures = []
    for name, change, at_most in changes:
        wait_for_workers()  # who came to the bar by the change before still walks the line
        seconds, leads = _score(scale, change=change)
        note = f"from {leads:,} open leads in {seconds:.1f} s"
        million = seconds * MILLION / leads
        figures.append(Figure(name=f"score a million: {name}", unit="s", value=million, at_most=at_most, note=note))
    return figures


def _move_bar(draft: "ScoreModel") -> None:
    draft.fit_bar += 1


def _change_fit(draft: "ScoreModel") -> None:
    draft.fit_rules[0]["points"] += 1


def _change_points(draft: "ScoreModel") -> None:
    draft.engagement_rules[0]["points"] += 1


def _add_rule(draft: "ScoreModel") -> None:
    draft.engagement_rules.append({"key": "opened", "label": "Opened a mail", "points": 1, "event_kind": "mail_opened"})


def _score(scale: Scale, *, change: Change) -> tuple[float, int]:
    """Return the seconds that the installation's own workers took until no lead lagged behind, and how many."""
    from leadhub.tenancy.scope import scope
    from leadhub.work.models import Job, Lane
    from scoring.rescoring import count_progress

    began_at = time.perf_counter()
    for organization_id in scale.organizations:
        with scope(organization_id):
            _publish(organization_id, change=change, now=datetime.now(UTC))
    while Job.objects.filter(lane=Lane.BULK, dead_at=None).exists():
        time.sleep(0.02)
    seconds, leads = time.perf_counter() - began_at, 0
    for organization_id in scale.organizations:
        with scope(organization_id):
            done, every = count_progress()
        if done != every:
            raise SystemExit(f"{every - done:,} leads were not scored: see the dead letters of {organization_id}.")
        leads += every
    return seconds, leads


def _publish(organization_id: UUID, *, change: Change, now: datetime) -> None:
    """Put a model in force in the organization in scope that differs from the one before by the change."""
    from leadhub.accounts.models import Membership
    from leadhub.leads.versions import VersionState, find_published
    from scoring.drafts import copy_model
    from scoring.models import ScoreModel
    from scoring.publishing import publish_draft

    actor = Membership.objects.get(organization_id=organization_id, is_marketing_owner=True)
    former = find_published(ScoreModel)
    if former is None:
        raise SystemExit("The organization has no score model.")
    draft = copy_model(former, state=VersionState.DRAFT, actor=actor, now=now)
    change(draft)
    draft.save()
    publish_draft(actor=actor, now=now)
