"""The marks of cooling in sets: off who is above the bar again, on who fell below it. Called by the rescoring.

Who fell is told by the job that waited for the crossing. Such a lead is marked where it was at the bar in force after
its hand-off, since the moment that what is left of its engagement tells: so a version that is put back finds the marks
of its time again, and a bar that was raised above what a lead ever had marks nobody. Nor is anybody alerted: one
publication can mark thousands.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from leadhub.leads.models import OPEN_STAGES
from leadhub.tenancy.scope import get_organization_id
from scoring.cooling import HANDED_OFF, let_go, list_watched
from scoring.decay import MARGIN, MAX_COOLING
from scoring.rules import Rules

# Leads before their scores, each in order: as the line takes them, and as a rescoring takes scores.
_LOCK = """
SELECT lead.id, live.cools_at IS NULL
FROM lead JOIN lead_score AS live ON live.organization_id = %(organization)s AND live.lead_id = lead.id
WHERE lead.organization_id = %(organization)s AND lead.id > %(after)s AND lead.id <= %(upto)s
    AND lead.stage = ANY(%(open)s) AND (lead.cooling_at IS NOT NULL AND live.cools_at > %(now)s
        OR lead.id = ANY(%(watched)s) AND live.cools_at IS NULL AND live.model_version = %(version)s)
ORDER BY lead.id FOR NO KEY UPDATE OF lead, live
"""
# What is nothing was never at the bar; PostgreSQL may reckon this before it asks.
_FELL_AT = f"""(live.as_of - make_interval(secs => least(
    live.half_life_days * 86400.0 * ln(%(line)s::float8 / greatest(live.engagement, 1e-300)) / ln(2.0::float8)
    - {MARGIN.total_seconds()}, {MAX_COOLING.total_seconds()})))"""
# A second for the digits that the score lost on its way: who is handed off at the bar cools at once.
_MARK = f"""
UPDATE lead SET cooling_at = CASE WHEN live.cools_at IS NULL THEN {_FELL_AT} END
FROM lead_score AS live
WHERE lead.organization_id = %(organization)s AND lead.id = ANY(%(leads)s)
    AND live.organization_id = %(organization)s AND live.lead_id = lead.id
    AND CASE WHEN live.cools_at IS NULL
        THEN lead.cooling_at IS NULL AND lead.stage = ANY(%(handed_off)s) AND live.engagement < %(line)s
            AND live.fit >= %(fit_bar)s AND {_FELL_AT} >= lead.mql_at - interval '1 second'
        ELSE lead.cooling_at IS NOT NULL AND live.cools_at > %(now)s END
"""  # noqa: S608 (our own text)


def mark_within(*, after: UUID, upto: UUID, rules: Rules, now: datetime) -> None:
    """Have marks and jobs of the open leads behind one id, up to another, follow their scores."""
    watched = list_watched(after=after, upto=upto)
    values: dict[str, Any] = {
        "organization": get_organization_id(),
        "after": after,
        "upto": upto,
        "watched": watched,
        "open": [stage.value for stage in OPEN_STAGES],
        "now": now,
        "version": rules.version,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, values)
        held: list[tuple[UUID, bool]] = cursor.fetchall()
    mark_leads(lead_ids=[lead_id for lead_id, _ in held], rules=rules, now=now)
    let_go([lead_id for lead_id, is_cold in held if is_cold])


def mark_leads(*, lead_ids: Sequence[UUID], rules: Rules, now: datetime) -> None:
    """Set or take off the marks of locked leads that are above the bar again or fell below it."""
    values: dict[str, Any] = {
        "organization": get_organization_id(),
        "leads": list(lead_ids),
        "now": now,
        "line": rules.engagement_line,
        "fit_bar": rules.fit_bar,
        "handed_off": [stage.value for stage in HANDED_OFF],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MARK, values)
