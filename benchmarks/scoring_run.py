"""Score every lead: the first time from all events, and anew when a published model moves the bar."""

import time
from datetime import UTC, datetime
from uuid import UUID

from benchmarks.figures import Figure
from benchmarks.scale import Scale

MILLION = 1_000_000


def measure_scoring(scale: Scale) -> list[Figure]:
    """Score all open leads by the jobs that publishing makes, organization after organization, on one connection."""
    first, leads = _score(scale, publish=_publish_rule)
    again, _ = _score(scale, publish=_publish_bar)
    return [
        Figure(name=f"new rules: score {leads:,} open leads from their events", unit="s", value=first),
        Figure(name="the same for a million leads", unit="s", value=first * MILLION / leads),
        Figure(name=f"a new bar: score {leads:,} open leads", unit="s", value=again),
        Figure(name="the same for a million leads", unit="s", value=again * MILLION / leads, at_most=15),
    ]


def _score(scale: Scale, *, publish: "Publish") -> tuple[float, int]:
    from leadhub.leads.models import Lead
    from leadhub.tenancy.scope import scope
    from leadhub.work.models import Lane
    from leadhub.work.runner import run_due

    seconds, leads = 0.0, 0
    for organization_id in scale.organizations:
        now = datetime.now(UTC)
        with scope(organization_id):
            publish(organization_id, now)
            leads += Lead.objects.open().count()
        began_at = time.perf_counter()
        run_due(now=now, organization_id=organization_id, lanes=[Lane.BULK])
        seconds += time.perf_counter() - began_at
    return seconds, leads


class Publish:
    """Puts a model in force that differs from the one before in its bar, or in a rule as well."""

    def __init__(self, *, with_rule: bool) -> None:
        self._with_rule = with_rule

    def __call__(self, organization_id: UUID, now: datetime) -> None:
        """Publish it in the organization in scope."""
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
        draft.fit_bar += 1
        if self._with_rule:
            draft.engagement_rules[0]["points"] += 1
        draft.save()
        publish_draft(actor=actor, now=now)


_publish_rule, _publish_bar = Publish(with_rule=True), Publish(with_rule=False)
