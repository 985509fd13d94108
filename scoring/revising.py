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
    Sql,
    cools_at_sql,
    describe_model,
    grade_total,
    half_lives_sql,
    judge_leads,
    score_events,
)

_DECAYED = half_lives_sql(now="model.moment", since="former.as_of", half_life_days="former.half_life_days")
_AGED = half_lives_sql(now="model.moment", since="point.occurred_at", half_life_days="model.half_life")
_KEPT = """
totals (lead_id, fit, engagement) AS (
    SELECT former.lead_id, {fit}, former.engagement * power(0.5::float8, {half_lives})
    FROM model CROSS JOIN lead_score AS former {join}
    WHERE former.organization_id = %s AND former.lead_id > %s AND former.lead_id <= %s
        AND former.model_version = %s {narrowed}
)"""
_RECKONED = """
totals (lead_id, fit, engagement) AS (
    SELECT judged.id, judged.fit, coalesce(sum(rules.points * power(0.5::float8, {half_lives})), 0)
    FROM judged CROSS JOIN model LEFT JOIN (engagement_point AS point JOIN rules ON rules.key = point.rule_key)
        ON point.organization_id = %s AND point.lead_id > %s AND point.lead_id <= %s AND point.lead_id = judged.id
    GROUP BY judged.id, judged.fit
)"""
_WRITTEN = """
written AS (
    UPDATE lead_score AS live SET fit = totals.fit, engagement = totals.engagement, as_of = model.moment,
        half_life_days = model.half_life, grade = {grade}, cools_at = {cools_at},
        model_version = model.version
    FROM totals, model
    WHERE live.organization_id = %s AND live.lead_id > %s AND live.lead_id <= %s AND live.lead_id = totals.lead_id
    RETURNING live.lead_id, live.cools_at
)
SELECT lead_id, cools_at FROM written WHERE cools_at IS NOT NULL
"""
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
    def params(self) -> tuple[UUID, UUID, UUID]:
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
    totals = _compile_totals(leads, within=within, former=former, rules=rules, now=now)
    written = _WRITTEN.format(grade=grade_total(), cools_at=cools_at_sql())
    return dict(_execute(Sql(f"WITH {totals.text},{written}", [*totals.params, *within.params])))


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
        scored = score_events(leads, rules=asked, now=now, people=leads.values("person_id"), within=within.params[1:])
        _execute(Sql(_ADD_POINTS.format(scored=scored.text), [*scored.params, get_organization_id()]))


def _compile_totals(leads: QuerySet[Lead], *, within: Range, former: Rules, rules: Rules, now: datetime) -> Sql:
    """Return the CTEs that end with `totals`: from the scores, from the leads, or from leads and ledger."""
    model = describe_model(rules, now=now)
    scores = [*within.params, former.version]
    if not _are_worth_the_same(former, rules):
        judged = judge_leads(leads, rules=rules, now=now, people=leads.values("person_id"))
        reckoned = _RECKONED.format(half_lives=_AGED)
        return Sql(f"{judged.text}, {MODEL}, {reckoned}", [*judged.params, *model, *within.params])
    if former.fit != rules.fit:
        judged = judge_leads(leads, rules=replace(rules, engagement=()), now=now, people=leads.values("person_id"))
        kept = _KEPT.format(
            fit="judged.fit", half_lives=_DECAYED, join="JOIN judged ON judged.id = former.lead_id", narrowed=""
        )
        return Sql(f"{judged.text}, {MODEL}, {kept}", [*judged.params, *model, *scores])
    same = "JOIN lead ON lead.organization_id = former.organization_id AND lead.id = former.lead_id"
    is_open = "AND lead.stage = ANY(%s)"
    kept = _KEPT.format(fit="former.fit", half_lives=_DECAYED, join=same, narrowed=is_open)
    return Sql(f"{MODEL}, {kept}", [*model, *scores, [stage.value for stage in OPEN_STAGES]])


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


def list_versions_within(within: Range) -> list[int]:
    """Return the versions that the range's open leads are scored by."""
    scores = LeadScore.objects.filter(lead__in=within.leads().values("pk"))
    return list(scores.values_list("model_version", flat=True).distinct())
