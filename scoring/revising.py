"""Bring scores from one version of the model to another in a few statements. Called by the rescoring job.

What the versions share is kept, so that little is read and little written. A moved bar needs only the scores
themselves. Other fit rules need the leads, not their events. Other points or another half-life need the ledger, which
stays as it is; of the events only those are read whose rules are new or ask for something else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet

from leadhub.leads.models import OPEN_STAGES, Lead
from leadhub.tenancy.scope import get_organization_id
from scoring.models import EngagementPoint, LeadScore
from scoring.rules import EngagementRule, Rules
from scoring.statement import (
    MODEL,
    OF_TOTALS,
    Sql,
    describe_model,
    half_lives_sql,
    judge_leads,
    list_rules,
    rewrite_scores,
    score_events,
)

_OPEN = [stage.value for stage in OPEN_STAGES]
_DECAYED = half_lives_sql(now="model.moment", since="lead_score.as_of", half_life_days="lead_score.half_life_days")
_AGED = half_lives_sql(now="model.moment", since="point.occurred_at", half_life_days="model.half_life")
_KEPT_ENGAGEMENT = f"lead_score.engagement * power(0.5::float8, {_DECAYED})"
# "Is true" has the open leads looked up in a hash of their own. As a join, the planner, which knows nothing of a new
# version, would look up each in turn.
_OPEN_OF_VERSION = """lead_score.model_version = %s AND (lead_score.lead_id IN (
    SELECT id FROM lead WHERE organization_id = %s AND id > %s AND id <= %s AND stage = ANY(%s)
)) IS TRUE"""
_KEPT_FIT = f"""
    SELECT lead_id, fit, 0::float8 FROM lead_score
    WHERE organization_id = %s AND lead_id > %s AND lead_id <= %s AND {_OPEN_OF_VERSION}"""  # noqa: S608 (our own text)
_NEW_FIT = "SELECT id, fit, 0::float8 FROM judged"
# Rows put below each other: no join with a CTE, of which the planner knows too little. It would compare every row with
# every other.
_RECKONED = """
totals (lead_id, fit, engagement) AS MATERIALIZED (
    SELECT lead_id, max(fit), sum(points) FROM (
        {fitted}
        UNION ALL
        SELECT point.lead_id, NULL, rules.points * power(0.5::float8, {half_lives})
        FROM model CROSS JOIN engagement_point AS point JOIN rules ON rules.key = point.rule_key
        WHERE point.organization_id = %s AND point.lead_id > %s AND point.lead_id <= %s
    ) AS parts (lead_id, fit, points)
    GROUP BY lead_id HAVING max(fit) IS NOT NULL
)"""
_ADD_POINTS = """
WITH {scored}
INSERT INTO engagement_point (organization_id, id, lead_id, event_id, rule_key, occurred_at)
SELECT %s, gen_random_uuid(), lead_id, event_id, rule_key, occurred_at FROM scored WHERE event_id IS NOT NULL
ON CONFLICT (organization_id, event_id, rule_key) DO NOTHING
"""
_LOCK = """
SELECT count(*) FROM (
    SELECT FROM lead_score WHERE organization_id = %s AND lead_id > %s AND lead_id <= %s AND model_version = %s
    ORDER BY lead_id FOR NO KEY UPDATE
) AS held
"""


@dataclass(frozen=True, kw_only=True)
class Range:
    """The leads behind one id up to another."""

    after: UUID
    upto: UUID

    @property
    def params(self) -> tuple[UUID, ...]:
        """Return the organization and both ends."""
        return (get_organization_id(), self.after, self.upto)

    def leads(self) -> QuerySet[Lead]:
        """Return the open leads in it."""
        return Lead.objects.open().filter(id__gt=self.after, id__lte=self.upto)


def revise_scores(*, within: Range, former: Rules, rules: Rules, now: datetime) -> dict[UUID, datetime]:
    """Bring the range's open leads from one version to the other; return when those at the bar will cool.

    The scores are locked first by a statement of its own: the next ones see what the line added meanwhile, and it
    waits with what it adds now.
    """
    _execute(Sql(_LOCK, [*within.params, former.version]))
    leads = within.leads().filter(live_score__model_version=former.version)
    _revise_ledger(leads, within=within, former=former, rules=rules, now=now)
    written = _compile_revision(leads, within=within, former=former, rules=rules, now=now)
    warm = "SELECT lead_id, cools_at FROM written WHERE cools_at IS NOT NULL"
    return dict(_execute(Sql(f"WITH {written.text} {warm}", written.params)))


def _revise_ledger(leads: QuerySet[Lead], *, within: Range, former: Rules, rules: Rules, now: datetime) -> None:
    """Take out of the ledger what rules gave that are gone or ask for something else, and put in what they find now."""
    old, new = _index(former.engagement), _index(rules.engagement)
    stale = [key for key, asked in old.items() if new.get(key) != asked]
    fresh = [rule for rule in rules.engagement if old.get(rule.key) != new[rule.key]]
    if stale:
        points = EngagementPoint.objects.filter(lead__in=leads.values("pk"), rule_key__in=stale)
        points._raw_delete(DEFAULT_DB_ALIAS)
    if fresh:
        asked = replace(rules, fit=(), engagement=tuple(fresh))
        scored = score_events(
            leads, rules=asked, now=now, people=leads.values("person_id"), within=(within.after, within.upto)
        )
        _execute(Sql(_ADD_POINTS.format(scored=scored.text), [*scored.params, get_organization_id()]))


def _compile_revision(leads: QuerySet[Lead], *, within: Range, former: Rules, rules: Rules, now: datetime) -> Sql:
    """Return the CTEs that end with `written`: fit kept or from the leads, engagement kept or from the ledger."""
    model = Sql(MODEL, describe_model(rules, now=now))
    still_open = [former.version, *within.params, _OPEN]
    is_fit_kept, is_worth_the_same = former.fit == rules.fit, _are_worth_the_same(former, rules)
    if is_fit_kept and is_worth_the_same:
        text = rewrite_scores(
            source="model", chosen=_OPEN_OF_VERSION, fit="lead_score.fit", engagement=_KEPT_ENGAGEMENT
        )
        return _chain(model, Sql(text, [*within.params, *still_open]))
    if is_fit_kept:
        return _chain(model, *_reckon(rules, within=within, fitted=Sql(_KEPT_FIT, [*within.params, *still_open])))
    asked = replace(rules, engagement=())
    judged = judge_leads(leads, rules=asked, now=now, people=leads.values("person_id"))
    if not is_worth_the_same:
        return _chain(judged, model, *_reckon(rules, within=within, fitted=Sql(_NEW_FIT, [])))
    text = rewrite_scores(
        source="judged, model", chosen="lead_id = judged.id", fit="judged.fit", engagement=_KEPT_ENGAGEMENT
    )
    return _chain(judged, model, Sql(text, list(within.params)))


def _reckon(rules: Rules, *, within: Range, fitted: Sql) -> list[Sql]:
    """Return the CTEs that add the ledger up for the leads whose fit the SELECT tells, and write both."""
    totals = Sql(_RECKONED.format(fitted=fitted.text, half_lives=_AGED), [*fitted.params, *within.params])
    text = rewrite_scores(source="totals, model", chosen="lead_score.lead_id = totals.lead_id", **OF_TOTALS)
    return [list_rules(rules), totals, Sql(text, list(within.params))]


def _chain(*parts: Sql) -> Sql:
    return Sql(", ".join(part.text for part in parts), [value for part in parts for value in part.params])


def _index(rules: Collection[EngagementRule]) -> Mapping[str, Any]:
    """Return by key what each rule asks of an event and its lead: while that is the same, its ledger is."""
    return {rule.key: (rule.event_kind, rule.detail, rule.condition) for rule in rules}


def _are_worth_the_same(former: Rules, rules: Rules) -> bool:
    """Say whether every event counts for as much as before, now and later."""
    old, new = ({rule.key: rule.points for rule in each.engagement} for each in (former, rules))
    is_same = _index(former.engagement) == _index(rules.engagement)
    return is_same and old == new and former.half_life_days == rules.half_life_days


def _execute(statement: Sql) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.params)
        return cursor.fetchall() if cursor.description else []


def list_versions_within(within: Range) -> set[int | None]:
    """Return the versions that the range's open leads are scored by, None where one never was."""
    versions: Any = within.leads().order_by().values_list("live_score__model_version", flat=True)
    return set(versions.distinct())


def has_other_versions(within: Range, *, version: int) -> bool:
    """Say whether an open lead of the range has a score by any other version than this one."""
    scores = LeadScore.objects.filter(lead__gt=within.after, lead__lte=within.upto).exclude(model_version=version)
    return scores.filter(lead__stage__in=OPEN_STAGES).exists()
