"""What a draft would do, on today's leads, in one SQL statement: who enters, who leaves, MQLs a week.

The thresholds page and the API call it; nothing is written. A lead counts for a week when it met the bar at its
best moment, or raised a hand: what it would have been worth then, not what decay has left since. So are the customers
of the last half-year asked: which of them the draft would have handed to sales, beside those that score or hand did.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from leadhub.leads.models import OPEN_STAGES, Lead, Stage
from leadhub.tenancy.scope import get_organization_id
from scoring.queries import find_published_rules
from scoring.rules import Rules
from scoring.statement import half_lives_sql, score_events

WEEKS = 4
CUSTOMER_WEEKS = 26
SHOWN_LEADS = 50
SHOWN_POINTS = 600


@dataclass(frozen=True, kw_only=True)
class PreviewLead:
    """A lead on the grid under the draft; `is_new` says that publishing would make it an MQL."""

    id: UUID
    name: str
    stage: str
    fit: float
    engagement: float
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The draft against the model in force, over the open leads that count."""

    open_leads: int
    meets_now: int
    meets_draft: int
    enters: int
    leaves: int
    becomes_mql: int
    weekly_now: float
    weekly_draft: float
    customers: int
    customers_now: int
    customers_draft: int
    customers_gained: int
    customers_missed: int
    entering: tuple[PreviewLead, ...]
    leaving: tuple[PreviewLead, ...]
    points: tuple[PreviewLead, ...]


_PREVIEW = """
WITH {scored},
model (organization_id, moment, half_life, fit_bar, line, old_fit_bar, old_line, since, won_since, hands)
AS (VALUES (%s::uuid, %s::timestamptz, %s::float8, %s::float8, %s::float8, %s::float8, %s::float8,
    %s::timestamptz, %s::timestamptz, %s::text[])
),
aged AS (
    SELECT scored.lead_id, scored.fit, scored.points, scored.occurred_at, least({half_lives}, 500) AS age
    FROM scored, model
),
climbs AS (
    SELECT lead_id, fit, points * power(0.5::float8, age) AS points_left,
        power(2.0::float8, age) * sum(points * power(0.5::float8, age))
            OVER (PARTITION BY lead_id ORDER BY occurred_at) AS engagement_then
    FROM aged
),
totals AS (
    SELECT lead_id AS id, max(fit) AS fit, coalesce(sum(points_left), 0) AS engagement,
        coalesce(max(engagement_then), 0) AS peak
    FROM climbs GROUP BY lead_id
),
compared AS (
    SELECT lead.id, lead.stage, lead.captured_at, lead.mql_at, lead.person_id, totals.fit,
        lead.stage IN ('new', 'mql', 'sal', 'sql', 'opportunity') AS is_open,
        totals.engagement,
        totals.fit >= model.fit_bar AND totals.engagement >= model.line AS meets,
        lead.captured_at >= model.since AS is_recent,
        totals.fit >= model.fit_bar AND totals.peak >= model.line
            OR EXISTS (SELECT FROM inquiry WHERE inquiry.organization_id = model.organization_id
                AND inquiry.lead_id = lead.id AND inquiry.duplicate_of_id IS NULL
                AND inquiry.intent = ANY (model.hands)) AS met_once,
        lead.mql_at >= model.since AS was_mql_this_month,
        lead.stage = 'customer' AND lead.customer_at >= model.won_since AS is_won,
        lead.mql_reason IN ('score', 'hand_raise') AS was_found,
        coalesce(live.fit >= model.old_fit_bar AND live.engagement * power(0.5::float8, {live_half_lives})
            >= model.old_line, false) AS met_before,
        lead.stage = 'new' AND lead.verdict = 'pending' AS is_new
    FROM totals
    CROSS JOIN model
    JOIN lead ON lead.organization_id = model.organization_id AND lead.id = totals.id
    LEFT JOIN lead_score AS live ON live.organization_id = model.organization_id AND live.lead_id = totals.id
),
shown AS (
    SELECT compared.*, concat_ws(' ', nullif(person.first_name, ''), nullif(person.last_name, '')) AS full_name,
        person.email, person.phone,
        row_number() OVER (
            PARTITION BY is_open, meets, met_before ORDER BY fit + engagement DESC, compared.id) AS place,
        row_number() OVER (PARTITION BY is_open ORDER BY captured_at DESC, compared.id) AS recency
    FROM compared, model, person
    WHERE person.organization_id = model.organization_id AND person.id = compared.person_id
)
SELECT count(*) FILTER (WHERE is_open), count(*) FILTER (WHERE is_open AND met_before),
    count(*) FILTER (WHERE is_open AND meets), count(*) FILTER (WHERE is_open AND meets AND NOT met_before),
    count(*) FILTER (WHERE is_open AND met_before AND NOT meets), count(*) FILTER (WHERE meets AND is_new),
    count(*) FILTER (WHERE was_mql_this_month), count(*) FILTER (WHERE is_recent AND met_once),
    count(*) FILTER (WHERE is_won), count(*) FILTER (WHERE is_won AND was_found),
    count(*) FILTER (WHERE is_won AND met_once), count(*) FILTER (WHERE is_won AND met_once AND NOT was_found),
    count(*) FILTER (WHERE is_won AND was_found AND NOT met_once),
    {entering}, {leaving}, {points}
FROM shown
"""
_LIST = """coalesce(json_agg(json_build_object('id', id, 'name', coalesce(nullif(full_name, ''), nullif(email, ''),
    nullif(phone, ''), 'Unnamed'), 'stage', stage, 'fit', fit, 'engagement', engagement, 'is_new', is_new)
    ORDER BY {order}) FILTER (WHERE {where}), '[]')"""


def preview_rules(*, rules: Rules, now: datetime, page: int = 1) -> Preview:
    """Return what publishing the rules would do; who enters and leaves in pages of `SHOWN_LEADS`."""
    since, won_since = now - timedelta(weeks=WEEKS), now - timedelta(weeks=CUSTOMER_WEEKS)
    relevant = Lead.objects.counted().filter(is_test=False)
    is_won = Q(stage=Stage.CUSTOMER, customer_at__gte=won_since)
    leads = relevant.filter(Q(stage__in=OPEN_STAGES) | Q(captured_at__gte=since) | Q(mql_at__gte=since) | is_won)
    scored = score_events(leads, rules=rules, now=now)
    live = find_published_rules() or rules
    numbers: list[Any] = [get_organization_id(), now, rules.half_life_days, rules.fit_bar, rules.engagement_line]
    numbers += [live.fit_bar, live.engagement_line, since, won_since, list(rules.hand_raise_intents)]
    with connection.cursor() as cursor:
        cursor.execute(_compile(scored.text, page=page), [*scored.params, *numbers])
        row = cursor.fetchone()
    return _read(row)


def _compile(scored: str, *, page: int) -> str:
    order = "fit + engagement DESC, id"
    is_shown = f"place > {(page - 1) * SHOWN_LEADS} AND place <= {page * SHOWN_LEADS}"
    is_entering = f"is_open AND meets AND NOT met_before AND {is_shown}"
    is_leaving = f"is_open AND met_before AND NOT meets AND {is_shown}"
    return _PREVIEW.format(
        scored=scored,
        half_lives=half_lives_sql(now="model.moment", since="scored.occurred_at", half_life_days="model.half_life"),
        live_half_lives=half_lives_sql(now="model.moment", since="live.as_of", half_life_days="live.half_life_days"),
        entering=_LIST.format(order=order, where=is_entering),
        leaving=_LIST.format(order=order, where=is_leaving),
        points=_LIST.format(order="captured_at DESC, id", where=f"is_open AND recency <= {SHOWN_POINTS}"),
    )


def _read(row: tuple[Any, ...]) -> Preview:
    entering, leaving, points = (tuple(_read_lead(lead) for lead in leads) for leads in row[13:])
    return Preview(
        open_leads=row[0],
        meets_now=row[1],
        meets_draft=row[2],
        enters=row[3],
        leaves=row[4],
        becomes_mql=row[5],
        weekly_now=row[6] / WEEKS,
        weekly_draft=row[7] / WEEKS,
        customers=row[8],
        customers_now=row[9],
        customers_draft=row[10],
        customers_gained=row[11],
        customers_missed=row[12],
        entering=entering,
        leaving=leaving,
        points=points,
    )


def _read_lead(lead: dict[str, Any]) -> PreviewLead:
    return PreviewLead(**{**lead, "id": UUID(lead["id"])})
