"""Lost reasons: why leads ended and deals were lost, and what that was worth. Read-only; one statement a table.

A lead is lost while it is recycled or disqualified; its value is its quote value where it is qualified, as in every
report. By cohort (default) it counts the leads that arrived in the period, by activity those that ended in it.
A lost deal counts for its primary lead. Money in another currency is counted apart, never summed.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Lower, Trim

from leadhub.leads.models import (
    Channel,
    DispositionCode,
    Lead,
    OpportunityLead,
    OpportunityStage,
    Verdict,
)
from leadhub.leads.stage_dates import ENDED, ended_at
from leadhub.lib.errors import DomainError
from reporting.periods import Period
from reporting.slices import EVERYTHING, Basis, Slice
from reporting.source_value import list_cohort, list_counted

DIMENSIONS = {"reason": "Reason", "channel": "Channel", "owner": "Owner"}
ZERO = Decimal(0)
_WRITTEN = {"note": "disposition_note", "deal_reason": "opportunity__close_reason"}


class BadLoss(DomainError):
    """The dimension asked for is none."""


@dataclass(frozen=True, kw_only=True)
class LostRow:
    """One value of the dimension: how many leads or deals, and what they were worth."""

    value: str
    label: str
    count: int
    worth: Decimal
    foreign_currency: int


@dataclass(frozen=True, kw_only=True)
class LostReport:
    """Lost leads and lost deals, most first. Within one `reason` the leads are parted by what was noted."""

    basis: Basis
    period: Period
    dimension: str
    reason: str
    currency: str
    leads: list[LostRow]
    lead_total: LostRow
    deals: list[LostRow]
    deal_total: LostRow


def report_lost(
    *,
    period: Period,
    currency: str,
    basis: Basis = Basis.COHORT,
    dimension: str = "reason",
    reason: str = "",
    within: Slice = EVERYTHING,
) -> LostReport:
    """Report why leads and deals of the period were lost. Raises `BadLoss`."""
    if dimension not in DIMENSIONS or (reason and reason not in DispositionCode.values):
        raise BadLoss(f"Choose one of {', '.join(DIMENSIONS)}, and a reason that there is.", field="by")
    leads = _list_lead_rows(
        list_lost_leads(period=period, basis=basis, within=within, reason=reason),
        dimension="note" if reason and dimension == "reason" else dimension,
        currency=currency,
    )
    deals = _list_deal_rows(
        list_lost_deals(period=period, basis=basis, within=within), dimension=dimension, currency=currency
    )
    return LostReport(
        basis=basis,
        period=period,
        dimension=dimension,
        reason=reason,
        currency=currency,
        leads=leads,
        lead_total=_add(leads),
        deals=deals,
        deal_total=_add(deals),
    )


def list_lost_leads(*, period: Period, basis: Basis, within: Slice, reason: str = "") -> QuerySet[Lead]:
    """Return the lost leads that arrived, or by activity ended, in the period."""
    if basis == Basis.COHORT:
        leads = list_cohort(period=period)
    else:
        leads = list_counted().alias(ended_at=ended_at())
        leads = leads.filter(ended_at__gte=period.starts_at, ended_at__lt=period.ends_at)
    lost = within.narrow(leads.filter(stage__in=ENDED))
    return lost.filter(disposition=reason) if reason else lost


def list_lost_deals(*, period: Period, basis: Basis, within: Slice) -> QuerySet[OpportunityLead]:
    """Return the lost deals, by their primary lead, that arrived, or by activity were closed, in the period."""
    leads = list_cohort(period=period) if basis == Basis.COHORT else list_counted()
    deals = OpportunityLead.objects.filter(is_primary=True, opportunity__stage=OpportunityStage.LOST)
    if basis == Basis.ACTIVITY:
        days = {"opportunity__closed_at__gte": period.starts_at, "opportunity__closed_at__lt": period.ends_at}
        deals = deals.filter(**days)
    return deals.filter(lead__in=within.narrow(leads).values("pk"))


def narrow_to_row(found: QuerySet[Any], *, dimension: str, value: str) -> QuerySet[Any]:
    """Keep the deals of one row; none where the value is no such row's."""
    column, expression = _group_deals(dimension)
    try:
        wanted = UUID(value) if dimension == "owner" else value
    except ValueError:
        return found.none()
    narrowed: QuerySet[Any] = found.alias(**expression).filter(**{column: wanted})
    return narrowed


def _group_deals(dimension: str) -> tuple[str, dict[str, Any]]:
    if dimension == "reason":
        return "reason", {"reason": Lower(Trim("opportunity__close_reason"))}
    return {"channel": "lead__channel", "owner": "lead__owner_id"}[dimension], {}


def _list_lead_rows(leads: QuerySet[Any], *, dimension: str, currency: str) -> list[LostRow]:
    columns = {"reason": "disposition", "channel": "channel", "owner": "owner_id", "note": "note"}
    if dimension == "note":
        leads = leads.annotate(note=Lower(Trim("disposition_note")))
    is_worth = Q(verdict=Verdict.QUALIFIED, quote_value__gt=0)
    return _list_rows(
        leads,
        dimension=dimension,
        column=columns[dimension],
        owner_name="owner__name",
        worth=Sum("quote_value", filter=is_worth & Q(currency=currency), default=ZERO),
        foreign=Count("id", filter=is_worth & ~Q(currency=currency)),
    )


def _list_deal_rows(deals: QuerySet[Any], *, dimension: str, currency: str) -> list[LostRow]:
    column, expression = _group_deals(dimension)
    ours = Q(opportunity__currency=currency)
    return _list_rows(
        deals.annotate(**expression),
        dimension=f"deal_{dimension}",
        column=column,
        owner_name="lead__owner__name",
        worth=Sum("opportunity__amount", filter=ours, default=ZERO),
        foreign=Count("id", filter=~ours),
    )


def _list_rows(
    found: QuerySet[Any], *, dimension: str, column: str, owner_name: str, worth: Any, foreign: Any
) -> list[LostRow]:
    names = [column, owner_name] if dimension.endswith("owner") else [column]
    # Reasons are grouped without regard to case, and shown as somebody wrote them.
    words = {"words": Min(Trim(_WRITTEN[dimension]))} if dimension in _WRITTEN else {}
    measures = {"count": Count("id"), "worth": worth, "foreign_currency": foreign}
    grouped = found.values(*names).annotate(**measures, **words).order_by()
    rows = [_read_row(each, dimension=dimension, column=column, owner_name=owner_name) for each in grouped]
    return sorted(rows, key=lambda row: (-row.count, -row.worth, row.label))


def _read_row(found: dict[str, Any], *, dimension: str, column: str, owner_name: str) -> LostRow:
    value, name = str(found.pop(column)), found.pop(owner_name, "") or found.pop("words", "")
    return LostRow(value=value, label=name or _label(dimension, value), **found)


def _label(dimension: str, value: str) -> str:
    if dimension == "reason":
        return str(DispositionCode(value).label)
    if dimension.endswith("channel"):
        return str(Channel(value).label)
    return "Nothing noted"


def _add(rows: list[LostRow]) -> LostRow:
    return LostRow(
        value="",
        label="Total",
        count=sum(row.count for row in rows),
        worth=sum((row.worth for row in rows), ZERO),
        foreign_currency=sum(row.foreign_currency for row in rows),
    )
