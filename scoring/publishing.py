"""Put a version of the score model in force, or an older one back. Audited; past MQLs are never changed.

The thresholds page and the API call it. Every open lead is scored anew by a bulk job; new leads that then meet
the bar become MQLs.
"""

from datetime import datetime
from typing import Any

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.versions import VersionState, get_retired, lock_draft, put_in_force
from scoring.drafts import copy_model, read_numbers
from scoring.models import ScoreModel
from scoring.rescoring import ask_for_rescoring
from scoring.rules import read_rules, require_valid


def publish_draft(*, actor: Membership, now: datetime, note: str = "") -> ScoreModel:
    """Put the draft in force and have every open lead scored by it. Raises `NoDraft`, `RuleInvalid`."""
    draft = lock_draft(ScoreModel)
    require_valid(read_rules(draft))
    return _put_in_force(model=draft, actor=actor, now=now, note=note, action="score_model.published")


def restore_version(*, version: int, actor: Membership, now: datetime) -> ScoreModel:
    """Put a copy of a retired version in force, under a new number; a draft stays. Raises `NoSuchVersion`."""
    former = get_retired(ScoreModel, version=version)
    require_valid(read_rules(former))
    copy = copy_model(former, state=VersionState.RETIRED, actor=actor, now=now)
    note = f"Rolled back to v{version}"
    return _put_in_force(model=copy, actor=actor, now=now, note=note, action="score_model.rolled_back")


def _put_in_force(*, model: ScoreModel, actor: Membership, now: datetime, note: str, action: str) -> ScoreModel:
    former = put_in_force(model, actor=actor, now=now, note=note)
    record_change(
        actor=actor,
        action=action,
        target_kind="score_model",
        target_id=model.pk,
        summary=f"Score model v{model.version} is in force{f': {model.note}' if model.note else ''}"[:300],
        now=now,
        before=_summarise(former) if former else None,
        after=_summarise(model),
    )
    ask_for_rescoring(now=now)
    return model


def _summarise(model: ScoreModel) -> dict[str, Any]:
    """Return the version as JSON for the audit log."""
    rules = {"fit_rules": model.fit_rules, "engagement_rules": model.engagement_rules}
    return {"version": model.version, **read_numbers(model), **rules}
