"""Earlier cohorts as they stood at the same age. Read-only, one statement each; called by source and value, and home.

A young cohort has had little time to qualify and to buy, so it would lose against a ripe one. It is compared with
the earlier cohort as that was at the same age: verdicts, values and deals are put back to the moment `as_of` by the
history that their changes left. A verdict is what the last event before the moment says, or the MQL's date; a value
what the first event after it says was before.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from reporting.periods import Period
from reporting.statements import read_rows

# Each lead of the CTE `cohort` has its moment `as_of`.
_VERDICTS = """verdicts AS (
  SELECT DISTINCT ON (event.lead_id) event.lead_id, event.properties->>'to' AS was, event.occurred_at
  FROM event JOIN cohort ON cohort.id = event.lead_id AND cohort.verdict_at > cohort.as_of
  WHERE event.organization_id = %(organization)s AND event.kind = 'verdict_changed'
    AND event.occurred_at <= cohort.as_of
  ORDER BY event.lead_id, event.occurred_at DESC, event.id DESC
)"""
_VERDICT = """CASE WHEN cohort.verdict_at IS NULL OR cohort.verdict_at <= cohort.as_of THEN cohort.verdict
      WHEN cohort.mql_at <= cohort.as_of AND coalesce(verdicts.occurred_at < cohort.mql_at, true) THEN 'qualified'
      ELSE coalesce(verdicts.was, 'pending') END"""
_STATEMENT = f"""
WITH cohort AS MATERIALIZED (
  SELECT id, {{dimension}} AS value, currency, verdict, verdict_at, mql_at, quote_value, %(as_of)s::timestamptz AS as_of
  FROM lead
  WHERE organization_id = %(organization)s AND captured_at >= %(starts_at)s
    AND captured_at < least(%(ends_at)s, %(as_of)s) AND NOT is_test {{within}}
), {_VERDICTS}, quotes AS (
  SELECT DISTINCT ON (event.lead_id) event.lead_id, (event.properties->>'from')::numeric AS was
  FROM event JOIN cohort ON cohort.id = event.lead_id
  WHERE event.organization_id = %(organization)s AND event.kind = 'value_changed' AND event.occurred_at > %(as_of)s
  ORDER BY event.lead_id, event.occurred_at, event.id
), deals AS (
  SELECT link.lead_id, deal.stage = 'won' AND deal.closed_at <= %(as_of)s AS is_won,
    deal.closed_at IS NULL OR deal.closed_at > %(as_of)s AS is_open,
    coalesce((
      SELECT (event.properties->>'amount')::numeric FROM event
      WHERE event.organization_id = %(organization)s AND event.lead_id = link.lead_id
        AND event.kind LIKE 'opportunity_%%' AND event.occurred_at <= %(as_of)s
        AND event.properties->>'opportunity' = deal.id::text
      ORDER BY event.occurred_at DESC, event.id DESC LIMIT 1
    ), deal.amount) AS amount
  FROM opportunity_lead AS link
  JOIN cohort ON cohort.id = link.lead_id
  JOIN opportunity AS deal ON deal.organization_id = link.organization_id AND deal.id = link.opportunity_id
  WHERE link.organization_id = %(organization)s AND link.is_primary AND deal.opened_at <= %(as_of)s
), sums AS (
  SELECT lead_id, coalesce(sum(amount) FILTER (WHERE is_open), 0) AS pipeline,
    coalesce(sum(amount) FILTER (WHERE is_won), 0) AS sales
  FROM deals GROUP BY lead_id
), stood AS (
  SELECT cohort.value, cohort.currency = %(currency)s AS is_ours,
    {_VERDICT} AS verdict,
    CASE WHEN quotes.lead_id IS NULL THEN cohort.quote_value ELSE quotes.was END AS quote,
    coalesce(sums.pipeline, 0) AS pipeline, coalesce(sums.sales, 0) AS sales
  FROM cohort
  LEFT JOIN verdicts ON verdicts.lead_id = cohort.id
  LEFT JOIN quotes ON quotes.lead_id = cohort.id
  LEFT JOIN sums ON sums.lead_id = cohort.id
)
SELECT value, count(*), count(*) FILTER (WHERE verdict = 'qualified'),
  coalesce(sum(quote) FILTER (WHERE is_ours AND verdict = 'qualified'), 0),
  coalesce(sum(pipeline) FILTER (WHERE is_ours), 0), coalesce(sum(sales) FILTER (WHERE is_ours), 0),
  count(*) FILTER (WHERE NOT is_ours AND (quote > 0 OR pipeline > 0 OR sales > 0))
FROM stood WHERE verdict <> 'not_a_lead' GROUP BY value
"""  # noqa: S608 (our own text)
_BY_WEEK = f"""
WITH cohort AS MATERIALIZED (
  SELECT lead.id, lead.channel, week.number, week.as_of, lead.verdict, lead.verdict_at, lead.mql_at
  FROM unnest(%(starts_at)s::timestamptz[], %(ends_at)s::timestamptz[], %(as_of)s::timestamptz[])
    WITH ORDINALITY AS week (starts_at, ends_at, as_of, number)
  JOIN lead ON lead.organization_id = %(organization)s AND lead.captured_at >= week.starts_at
    AND lead.captured_at < least(week.ends_at, week.as_of) AND NOT lead.is_test
  WHERE lead.captured_at >= %(since)s AND lead.captured_at < %(until)s  -- of all weeks, for the index
), {_VERDICTS}, stood AS (
  SELECT cohort.channel, cohort.number, {_VERDICT} AS verdict
  FROM cohort LEFT JOIN verdicts ON verdicts.lead_id = cohort.id
)
SELECT channel, number - 1, count(*), count(*) FILTER (WHERE verdict = 'qualified')
FROM stood WHERE verdict <> 'not_a_lead' GROUP BY channel, number
"""  # noqa: S608 (our own text)
_COLUMNS = ("leads", "qualified", "quote_value", "pipeline_value", "sales_value", "foreign_currency")


def measure_former(
    *, period: Period, as_of: datetime, currency: str, dimension: str, within: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Return the figures by value of the dimension, of the period's leads as they stood at `as_of`.

    `dimension` and the keys of `within` are columns of the lead, never a user's words.
    """
    rows = read_rows(
        _STATEMENT,
        within=within,
        columns={"dimension": dimension},
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        as_of=as_of,
        currency=currency,
    )
    return {value: dict(zip(_COLUMNS, figures, strict=True)) for value, *figures in rows}


def measure_former_weeks(
    *, last_on: date, weeks: int, zone: ZoneInfo, now: datetime
) -> dict[tuple[str, int], tuple[int, int]]:
    """Return each channel's leads and how many qualified, of each seven days up to a day, by (channel, weeks back).

    Each week is told as it stood when it was as old as the last one is now.
    """
    week, as_of = Period(first_on=last_on - timedelta(days=6), last_on=last_on, zone=zone), now
    bounds = []
    for _ in range(weeks):
        bounds.append((week.starts_at, week.ends_at, as_of))
        as_of, week = week.same_age(as_of), week.before()
    starts_at, ends_at, moments = (list(each) for each in zip(*bounds, strict=True))
    bounds_of_all = {"since": starts_at[-1], "until": ends_at[0]}
    rows = read_rows(
        _BY_WEEK, within={}, columns={}, starts_at=starts_at, ends_at=ends_at, as_of=moments, **bounds_of_all
    )
    return {(channel, number): (leads, qualified) for channel, number, leads, qualified in rows}
