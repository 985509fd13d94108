"""Score leads anew, in sets: all open ones after publishing (bulk jobs), and a single one that lags behind.

Publishing cuts the leads into ranges, which workers take side by side. Each range's scores are brought from their
version to the one in force, in statements that hand no ids to Python; then whoever in it meets the new bar becomes an
MQL and walks the line, and the marks of cooling follow the bar. Past MQLs stay MQLs.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Window
from django.db.models.functions import RowNumber

from leadhub.leads.models import Company, Event, Inquiry, Lead, Person
from leadhub.leads.timeline import announce_events
from leadhub.tenancy.lookups import is_one_of
from leadhub.tenancy.statistics import count_rows_anew, list_outgrown
from leadhub.work.jobs import JobRequest, enqueue_many
from leadhub.work.registry import ClaimedJob
from scoring.cooling import WARM_UP, follow_cooling_of_many, follow_warm
from scoring.marking import mark_leads, mark_within
from scoring.models import EngagementPoint, LeadScore, ScoreModel
from scoring.qualify import lock_ready, qualify_ready
from scoring.queries import find_published_rules, get_published_model
from scoring.revising import Range, has_other_versions, list_versions_within, revise_scores
from scoring.rules import Rules, read_rules
from scoring.statement import MODEL, Sql, describe_model, half_lives_sql, score_events, write_totals

RESCORE = "scoring.rescore"
PROMOTE = "scoring.promote"
BATCH = 20_000
PROMOTED = 1000
FIRST_ID, LAST_ID = UUID(int=0), UUID(int=2**128 - 1)
THE_REST = "all"
# What has at least about a row per lead and is joined by what the planner knows of it.
_AS_MANY = (Lead, Person, Inquiry, Event, LeadScore)

# From all their events: ledger and scores are written from nothing.
_RESCORE = """
WITH {scored}, {model},
added AS (
    INSERT INTO engagement_point (organization_id, id, lead_id, event_id, rule_key, occurred_at)
    SELECT organization_id, gen_random_uuid(), lead_id, event_id, rule_key, occurred_at
    FROM scored, model WHERE event_id IS NOT NULL
),
totals (lead_id, fit, engagement) AS (
    SELECT lead_id, max(fit), coalesce(sum(points * power(0.5::float8, {half_lives})), 0)
    FROM scored, model GROUP BY lead_id
),
{written} SELECT lead_id, cools_at FROM written
"""


def ask_for_rescoring(*, now: datetime) -> None:
    """Make the bulk jobs that score every open lead under the published model, a range each, in whatever order."""
    _tell_planner()
    enqueue_many(jobs=[_ask_for(RESCORE, within=within, due_at=now) for within in _cut_leads()], now=now)


def _tell_planner() -> None:
    """Count tables anew of which the planner does not know that the organization has so many rows.

    It would compare every row with every other: 4,000 new leads took 65 seconds. Here and not in the jobs: the count
    locks its table until the transaction ends, and an import that waits for it may hold leads that a job wants.
    """
    outgrown = list_outgrown(_AS_MANY, rows=Lead.objects.count())
    count_rows_anew([*outgrown, *list_outgrown([Company], rows=Company.objects.count())])


def run_rescore(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "scoring.rescore": the scores of one range of leads, then ask for what follows from them.

    A lead that the line had locked, and brought to a version that this did not look for, is left to another round.
    """
    rules = find_published_rules()
    if rules is None:
        return
    within = _read_range(job)
    versions = list_versions_within(within)
    warm = _score_unscored(within=within, rules=rules, now=now) if None in versions else {}
    for version in sorted(version for version in versions if version not in {None, rules.version}):
        former = read_rules(ScoreModel.objects.get(version=version))
        warm.update(revise_scores(within=within, former=former, rules=rules, now=now))
    follow_warm(warm, now=now)
    again = [RESCORE] if has_other_versions(within, version=rules.version) else []
    kinds = [PROMOTE, WARM_UP, *again]
    enqueue_many(jobs=[_ask_for(kind, within=within, due_at=now) for kind in kinds], now=now)


def run_promote(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "scoring.promote": the range's leads that meet the bar become MQLs, a portion at a time.

    Apart from the scores on purpose: whoever writes a lead locks it before its score, as the line does.
    """
    rules = find_published_rules()
    if rules is None:
        return
    within = _read_range(job)
    lead_ids = lock_ready(after=within.after, upto=within.upto, count=PROMOTED, rules=rules, now=now)
    announce_events(qualify_ready(lead_ids=lead_ids, rules=rules, now=now), now=now)
    if len(lead_ids) == PROMOTED:
        rest = Range(after=lead_ids[-1], upto=within.upto)
        enqueue_many(jobs=[_ask_for(PROMOTE, within=rest, due_at=now)], now=now)


def run_warm_up(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "scoring.warm_up": the range's marks of cooling, and the jobs of those who fell below the bar.

    Apart from the promotions: both together would take leads in two orders.
    """
    rules = find_published_rules()
    if rules is None:
        return
    within = _read_range(job)
    mark_within(after=within.after, upto=within.upto, rules=rules, now=now)


def _cut_leads() -> list[Range]:
    """Return ranges of `BATCH` leads each that together cover every lead, also those that are being added now."""
    numbered = Lead.objects.order_by("id").annotate(place=Window(RowNumber(), order_by="id") % BATCH)
    ends = [FIRST_ID, *numbered.filter(place=0).values_list("id", flat=True), LAST_ID]
    return [Range(after=after, upto=upto) for after, upto in pairwise(ends)]


def _ask_for(kind: str, *, within: Range, due_at: datetime) -> JobRequest:
    """Return the job for a range. Its key names both ends, so that a job for the rest of a range is another job."""
    end = THE_REST if within.upto == LAST_ID else str(within.upto)
    return JobRequest(kind=kind, target_id=within.after, dedupe_key=f"{within.after}:{end}", due_at=due_at)


def _read_range(job: ClaimedJob) -> Range:
    end = job.dedupe_key.rpartition(":")[2]
    return Range(after=job.target_id, upto=LAST_ID if end == THE_REST else UUID(end))


def rescore_leads(*, lead_ids: Sequence[UUID], rules: Rules, now: datetime) -> None:
    """Write ledger and score of locked leads from all their events, in one statement, and watch when they cool."""
    if not lead_ids:
        return
    EngagementPoint.objects.filter(is_one_of("lead_id", lead_ids))._raw_delete(DEFAULT_DB_ALIAS)
    leads = Lead.objects.filter(is_one_of("id", lead_ids))
    scored = score_events(leads, rules=rules, now=now, people=list(leads.values_list("person_id", flat=True)))
    warm = _write_scores(scored, rules=rules, now=now)
    fell = follow_cooling_of_many(cools_at={pk: warm.get(pk) for pk in lead_ids}, now=now)
    mark_leads(lead_ids=[*warm, *fell], rules=rules, now=now)


def score_first(*, lead_ids: Sequence[UUID], rules: Rules, now: datetime) -> None:
    """Write ledger and score of locked leads that have none yet: there is nothing to take back."""
    if not lead_ids:
        return
    leads = Lead.objects.filter(is_one_of("id", lead_ids))
    scored = score_events(leads, rules=rules, now=now, people=leads.values("person_id"))
    follow_warm(_write_scores(scored, rules=rules, now=now), now=now)


def count_progress() -> tuple[int, int]:
    """Return how many open leads have a score of the published model, and how many there are."""
    model = get_published_model()
    leads = Lead.objects.open()
    return leads.filter(live_score__model_version=model.version if model else 0).count(), leads.count()


def _score_unscored(*, within: Range, rules: Rules, now: datetime) -> dict[UUID, datetime]:
    """Score the range's leads that never were, locked first, so that the line scores none of them meanwhile."""
    leads = within.leads().filter(live_score=None)
    if not len(leads.order_by("id").select_for_update(of=("self",), no_key=True).values_list("id", flat=True)):
        return {}
    ends = (within.after, within.upto)
    scored = score_events(leads, rules=rules, now=now, people=leads.values("person_id"), within=ends)
    return _write_scores(scored, rules=rules, now=now)


def state_scores(scored: Sql, *, rules: Rules, now: datetime) -> Sql:
    """Return the statement that writes ledger and scores from all events and returns by lead when it cools."""
    half_lives = half_lives_sql(now="model.moment", since="scored.occurred_at", half_life_days="model.half_life")
    text = _RESCORE.format(scored=scored.text, model=MODEL, half_lives=half_lives, written=write_totals())
    return Sql(text, [*scored.params, *describe_model(rules, now=now)])


def _write_scores(scored: Sql, *, rules: Rules, now: datetime) -> dict[UUID, datetime]:
    """Write ledger and scores; return of the leads above the bar when each cools."""
    statement = state_scores(scored, rules=rules, now=now)
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.params)
        return {lead_id: moment for lead_id, moment in cursor.fetchall() if moment is not None}
