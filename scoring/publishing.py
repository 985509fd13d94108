"""Put a version of the score model in force, or an older one back. Audited; past MQLs are never changed.

The thresholds page and the API call it. Every open lead is scored anew by a bulk job; new leads that then meet
the bar become MQLs.
"""

from datetime import datetime
from typing import Any

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.lib.errors import DomainError
from scoring.drafts import COPIED, copy_model, lock_draft
from scoring.models import ScoreModel, VersionState
from scoring.rescoring import ask_for_rescoring
from scoring.rules import read_rules, require_valid


class NoSuchVersion(DomainError):
    """The version was never published, or is in force already."""

    def __init__(self, version: int) -> None:
        super().__init__(f"Version {version} cannot be put back: it was never published, or is in force already.")


def publish_draft(*, actor: Membership, now: datetime, note: str = "") -> ScoreModel:
    """Put the draft in force and have every open lead scored by it. Raises `NoDraft`, `RuleInvalid`."""
    draft = lock_draft()
    require_valid(read_rules(draft))
    draft.note = note.strip()[:300]
    draft.save(update_fields=["note"])
    return _put_in_force(model=draft, actor=actor, now=now, action="score_model.published")


def restore_version(*, version: int, actor: Membership, now: datetime) -> ScoreModel:
    """Put a copy of a retired version in force, under a new number; a draft stays. Raises `NoSuchVersion`."""
    former = ScoreModel.objects.filter(version=version, state=VersionState.RETIRED).first()
    if former is None:
        raise NoSuchVersion(version)
    require_valid(read_rules(former))
    copy = copy_model(former, state=VersionState.RETIRED, actor=actor, now=now)
    copy.note = f"Rolled back to v{version}"
    copy.save(update_fields=["note"])
    return _put_in_force(model=copy, actor=actor, now=now, action="score_model.rolled_back")


def _put_in_force(*, model: ScoreModel, actor: Membership, now: datetime, action: str) -> ScoreModel:
    former = ScoreModel.objects.select_for_update().filter(state=VersionState.PUBLISHED).first()
    if former:
        former.state = VersionState.RETIRED
        former.save(update_fields=["state"])
    model.state, model.published_at, model.published_by = VersionState.PUBLISHED, now, actor
    model.save(update_fields=["state", "published_at", "published_by"])
    record_change(
        actor=actor,
        action=action,
        target_kind="score_model",
        target_id=model.pk,
        summary=model.note or f"Score model v{model.version} is in force",
        now=now,
        before=_summarise(former) if former else None,
        after=_summarise(model),
    )
    ask_for_rescoring(now=now)
    return model


def _summarise(model: ScoreModel) -> dict[str, Any]:
    """Return the version as JSON for the audit log."""
    values = {name: getattr(model, name) for name in COPIED}
    numbers = {name: str(values[name]) for name in ("half_life_days", "fit_bar", "engagement_bar", "sql_bar")}
    return {"version": model.version, **values, **numbers}
