"""Which column dates a stage of a lead. The lead list's filters and the reports both read it here."""

from collections.abc import Mapping

from django.db.models import Case, F, Q, When

from leadhub.leads.models import Stage

# The funnel in order: stage → the column that dates its evidence. A lead need not reach all: SQL may be skipped.
REACHED_AT: Mapping[Stage, str] = {
    Stage.NEW: "captured_at",
    Stage.MQL: "mql_at",
    Stage.SAL: "sal_at",
    Stage.SQL: "sql_at",
    Stage.OPPORTUNITY: "opportunity_at",
    Stage.CUSTOMER: "customer_at",
}
# Where a pass ends or pauses: the last time that it did, since a lead that came back had not ended.
ENDED_AT: Mapping[Stage, str] = {Stage.RECYCLED: "recycled_at", Stage.DISQUALIFIED: "disqualified_at"}
FUNNEL, ENDED = tuple(REACHED_AT), tuple(ENDED_AT)
DATES: Mapping[Stage, str] = {**REACHED_AT, **ENDED_AT}


def came_as_far_as(stage: Stage) -> Q:
    """Return the condition that the stage is the furthest that a lead has evidence of."""
    later = FUNNEL[FUNNEL.index(stage) + 1 :]
    return Q(**{f"{REACHED_AT[stage]}__isnull": False}, **{f"{REACHED_AT[each]}__isnull": True for each in later})


def ended_at() -> Case:
    """Return the date on which a recycled or disqualified lead became so; NULL for the others."""
    return Case(*(When(stage=stage, then=F(column)) for stage, column in ENDED_AT.items()))
