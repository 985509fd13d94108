"""Score leads anew, in sets: all open ones after publishing (a bulk job), and a single one that lags behind.

A batch locks its leads in a statement of its own, so that the next one sees what the line scored meanwhile.
Past MQLs are never changed; a new lead that meets the bar becomes an MQL and walks the line.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet

from leadhub.leads.models import Lead
from leadhub.leads.timeline import announce_event
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.jobs import enqueue
from leadhub.work.registry import ClaimedJob
from scoring.cooling import follow_cooling, follow_cooling_of_many
from scoring.grid import grade_sql
from scoring.models import EngagementPoint, LeadScore, ScoreModel
from scoring.qualify import qualify_ready
from scoring.queries import get_published_model
from scoring.rules import Rules, read_rules
from scoring.statement import Sql, half_lives_sql, score_events

RESCORE = "scoring.rescore"
BATCH = 2000
FIRST_ID = UUID(int=0)

_MODEL = """
model (organization_id, version, moment, half_life, fit_bar, bar) AS (
    VALUES (%s::uuid, %s::int, %s::timestamptz, %s::float8, %s::float8, %s::float8)
)"""
# From all their events: the ledger is written anew.
_RESCORE = """
WITH {scored}, {model},
written AS (
    INSERT INTO engagement_point
        (organization_id, id, lead_id, event_id, rule_key, label, points, occurred_at, model_version)
    SELECT organization_id, gen_random_uuid(), lead_id, event_id, rule_key, label, points, occurred_at, version
    FROM scored, model WHERE event_id IS NOT NULL
),
totals (lead_id, fit, engagement) AS (
    SELECT lead_id, max(fit), coalesce(sum(points * power(0.5::float8, {half_lives})), 0)
    FROM scored, model GROUP BY lead_id
)
"""
# From the scores themselves: the same rules gave the same points, and only the bar may have moved.
_REGRADE = """
WITH {model},
totals (lead_id, fit, engagement) AS (
    SELECT lead_score.lead_id, lead_score.fit, lead_score.engagement * power(0.5::float8, {half_lives})
    FROM lead_score, model WHERE lead_score.organization_id = %s AND lead_score.lead_id = ANY(%s)
)
"""
_WRITE = """
INSERT INTO lead_score
    (organization_id, lead_id, fit, engagement, as_of, half_life_days, grade, cools_at, model_version)
SELECT organization_id, lead_id, fit, engagement, moment, half_life, {grade},
    CASE WHEN fit >= fit_bar AND engagement >= bar THEN moment + make_interval(
        secs => least(half_life * 86400.0 * ln(greatest(engagement, bar) / bar) / ln(2.0::float8), 315360000.0)) END,
    version
FROM totals, model
ON CONFLICT (organization_id, lead_id) DO UPDATE SET
    fit = excluded.fit, engagement = excluded.engagement, as_of = excluded.as_of, grade = excluded.grade,
    half_life_days = excluded.half_life_days, cools_at = excluded.cools_at, model_version = excluded.model_version
RETURNING lead_id, cools_at
"""


def ask_for_rescoring(*, now: datetime) -> None:
    """Make the bulk job that scores every open lead under the published model."""
    enqueue(kind=RESCORE, target_id=FIRST_ID, dedupe_key="all", due_at=now, now=now)


def run_rescore(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "scoring.rescore": one batch of leads behind `target_id`, then ask for the next."""
    model = get_published_model()
    if model is None:
        return
    rules = read_rules(model)
    lead_ids = _lock_batch(after=job.target_id)
    alike = LeadScore.objects.filter(lead__in=lead_ids, model_version__in=_list_alike(model))
    scored_alike = set(alike.values_list("lead_id", flat=True))
    regrade_leads(lead_ids=[lead_id for lead_id in lead_ids if lead_id in scored_alike], rules=rules, now=now)
    rescore_leads(lead_ids=[lead_id for lead_id in lead_ids if lead_id not in scored_alike], rules=rules, now=now)
    for event in qualify_ready(lead_ids=lead_ids, rules=rules, now=now):
        announce_event(event=event, now=now)
    if len(lead_ids) == BATCH:
        enqueue(kind=RESCORE, target_id=lead_ids[-1], dedupe_key=job.dedupe_key, due_at=now, now=now)


def rescore_leads(*, lead_ids: Sequence[UUID], rules: Rules, now: datetime) -> None:
    """Write ledger and score of locked leads from all their events, in one statement, and watch when they cool."""
    if not lead_ids:
        return
    EngagementPoint.objects.filter(lead__in=lead_ids)._raw_delete(DEFAULT_DB_ALIAS)
    leads = Lead.objects.filter(pk__in=lead_ids)
    people = list(leads.values_list("person_id", flat=True)) if len(lead_ids) <= BATCH else None
    cools_at = _write_scores(leads, people=people, rules=rules, now=now)
    _follow(cools_at, now=now)


def regrade_leads(*, lead_ids: Sequence[UUID], rules: Rules, now: datetime) -> None:
    """Hold the scores of locked leads, given by the same rules and half-life, against the model's bar."""
    if not lead_ids:
        return
    half_lives = half_lives_sql(
        now="model.moment", since="lead_score.as_of", half_life_days="lead_score.half_life_days"
    )
    text = _REGRADE.format(model=_MODEL, half_lives=half_lives) + _finish()
    with connection.cursor() as cursor:
        cursor.execute(text, [*_describe(rules, now=now), get_organization_id(), list(lead_ids)])
        cools_at = dict(cursor.fetchall())
    _follow(cools_at, now=now)


def _follow(cools_at: dict[UUID, datetime | None], *, now: datetime) -> None:
    """Watch when the leads cool, and take the mark off those that are above the bar again."""
    follow_cooling_of_many(cools_at=cools_at, now=now)
    Lead.objects.filter(pk__in=list(cools_at), cooling_at__isnull=False, live_score__cools_at__gt=now).update(
        cooling_at=None
    )


def _list_alike(model: ScoreModel) -> list[int]:
    """Return the versions that give a lead the same points as the model, itself among them."""
    same = {name: getattr(model, name) for name in ("fit_rules", "engagement_rules", "half_life_days")}
    return list(ScoreModel.objects.filter(**same).values_list("version", flat=True))


def score_first(*, lead: Lead, rules: Rules, now: datetime) -> None:
    """Write ledger and score of a locked lead that has none yet."""
    cools_at = _write_scores(Lead.objects.filter(pk=lead.pk), people=[lead.person_id], rules=rules, now=now)[lead.pk]
    if cools_at is not None:
        follow_cooling(lead_id=lead.pk, cools_at=cools_at, now=now)


def _write_scores(
    leads: QuerySet[Lead], *, people: Sequence[UUID] | None, rules: Rules, now: datetime
) -> dict[UUID, datetime | None]:
    """Write ledger and scores from all events and return by lead when it cools; `people` are the leads' persons."""
    statement = _compile(score_events(leads, rules=rules, now=now, people=people), rules=rules, now=now)
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.params)
        return dict(cursor.fetchall())


def count_progress() -> tuple[int, int]:
    """Return how many open leads have a score of the published model, and how many there are."""
    model = get_published_model()
    leads = Lead.objects.open()
    return leads.filter(live_score__model_version=model.version if model else 0).count(), leads.count()


def _lock_batch(*, after: UUID) -> list[UUID]:
    leads = Lead.objects.open().filter(id__gt=after).order_by("id")[:BATCH]
    return list(leads.select_for_update(of=("self",), no_key=True).values_list("id", flat=True))


def _compile(scored: Sql, *, rules: Rules, now: datetime) -> Sql:
    half_lives = half_lives_sql(now="model.moment", since="scored.occurred_at", half_life_days="model.half_life")
    text = _RESCORE.format(scored=scored.text, model=_MODEL, half_lives=half_lives) + _finish()
    return Sql(text, [*scored.params, *_describe(rules, now=now)])


def _finish() -> str:
    """Return the end of both statements, which writes the totals as scores."""
    return _WRITE.format(grade=grade_sql(fit="fit", engagement="engagement", fit_bar="fit_bar", engagement_bar="bar"))


def _describe(rules: Rules, *, now: datetime) -> list[Any]:
    """Return the parameters of the model's row."""
    numbers = [rules.half_life_days, rules.fit_bar, rules.engagement_bar]
    return [get_organization_id(), rules.version, now, *numbers]
