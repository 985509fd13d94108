"""Speed to lead: how fast inquiries are answered, and whether the promise was kept. Read-only; one statement a table.

Counts inquiries with a promise by the day that sales was asked: on arrival, or when a lead was handed over that
marketing kept until then. Repeats, imports, tests, non-leads, what marketing still keeps and what sales returned in
time have none. The speed is wall-clock time from then to the first attempt and to the first contact; the promise is its
deadline, which routing set in the pool's business time, so that an absent rep never stops it (ADR 40). An inquiry
belongs to whoever owns its lead now.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractHour, ExtractIsoWeekDay

from leadhub.leads.models import OPEN_STAGES, Channel, Inquiry, Intent, Verdict
from reporting.percentiles import Percentile, seconds_between
from reporting.periods import Period
from reporting.slices import EVERYTHING, Slice

DIMENSIONS = {"owner": "Rep", "intent": "Intent", "channel": "Channel", "weekday": "Day of the week", "hour": "Hour"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_READERS: Mapping[str, Callable[[str], Any]] = {"owner": UUID, "weekday": int, "hour": int}
PROMISED_FROM = Coalesce("handed_over_at", "arrived_at")
STATES = {"kept": "In time", "late": "Answered late", "overdue": "Unanswered and late", "waiting": "Waiting in time"}


@dataclass(frozen=True, kw_only=True)
class SpeedNumbers:
    """The figures of one row or of the whole: `inquiries` = kept + late + overdue + waiting.

    `late_now` are the overdue whose lead is still open; spans are seconds of wall-clock time.
    """

    inquiries: int
    attempted: int
    contacted: int
    kept: int
    late: int
    overdue: int
    waiting: int
    late_now: int
    attempt_median: float | None
    attempt_p90: float | None
    contact_median: float | None
    contact_p90: float | None

    @property
    def kept_share(self) -> float | None:
        """Return the share of the promises that came due or were answered that were kept."""
        due = self.kept + self.late + self.overdue
        return self.kept / due if due else None


@dataclass(frozen=True, kw_only=True)
class SpeedRow:
    """One value of the dimension."""

    value: str
    label: str
    numbers: SpeedNumbers


@dataclass(frozen=True, kw_only=True)
class SpeedReport:
    """The rows and the whole; medians do not add up, so that the whole is measured by itself."""

    dimension: str
    period: Period
    rows: list[SpeedRow]
    total: SpeedNumbers


def report_speed(
    *, period: Period, now: datetime, dimension: str = "owner", within: Slice = EVERYTHING, only: UUID | None = None
) -> SpeedReport:
    """Report the period's inquiries by the dimension; `only` leaves one member's row, beside everybody's total."""
    promised = list_promised(period=period, within=within)
    shown = promised.filter(lead__owner_id=only) if only else promised
    rows = _list_rows(shown, dimension=dimension, period=period, now=now)
    total = SpeedNumbers(**promised.aggregate(**_measures(now)))
    return SpeedReport(dimension=dimension, period=period, rows=rows, total=total)


def list_promised(*, period: Period, within: Slice = EVERYTHING) -> QuerySet[Inquiry]:
    """Return the inquiries of the period that somebody was to answer by a deadline, each with its `promised_from`."""
    at_once = Q(handed_over_at=None, arrived_at__gte=period.starts_at, arrived_at__lt=period.ends_at)
    later = Q(handed_over_at__gte=period.starts_at, handed_over_at__lt=period.ends_at)
    promised = (
        Inquiry.objects.annotate(promised_from=PROMISED_FROM)
        .filter(
            at_once | later,
            duplicate_of=None,
            due_at__isnull=False,
            lead__is_test=False,
        )
        .exclude(lead__verdict=Verdict.NOT_A_LEAD)
    )
    wanted = {"lead__channel": within.channel, "lead__owner_id": within.owner, "service": within.service}
    return promised.filter(**{name: value for name, value in wanted.items() if value})


def list_conditions(now: datetime) -> Mapping[str, Q]:
    """Return what the inquiries are counted by: the `STATES`, which part them, and two that do not.

    The table counts by them and the lists behind its numbers are narrowed by them.
    """
    is_overdue = Q(first_attempt_at=None, due_at__lt=now)
    return {
        "kept": Q(first_attempt_at__lte=F("due_at")),
        "late": Q(first_attempt_at__gt=F("due_at")),
        "overdue": is_overdue,
        "waiting": Q(first_attempt_at=None, due_at__gte=now),
        "late_now": is_overdue & Q(lead__stage__in=OPEN_STAGES),
        "attempted": Q(first_attempt_at__isnull=False),
    }


def narrow_to(inquiries: QuerySet[Inquiry], *, dimension: str, value: str, zone: Any) -> QuerySet[Inquiry]:
    """Keep the inquiries of one row; none where the value is no such row's."""
    column, expression = _group(dimension, zone)
    try:
        wanted = _READERS.get(dimension, str)(value)
    except ValueError:
        return inquiries.none()
    return inquiries.alias(**expression).filter(**{column: wanted})


def _group(dimension: str, zone: Any) -> tuple[str, dict[str, Any]]:
    """Return the column that groups, and the expression behind it where it is none of the table's."""
    if dimension == "hour":
        return "hour", {"hour": ExtractHour("promised_from", tzinfo=zone)}
    if dimension == "weekday":
        return "weekday", {"weekday": ExtractIsoWeekDay("promised_from", tzinfo=zone)}
    return {"owner": "lead__owner_id", "channel": "lead__channel", "intent": "intent"}[dimension], {}


def _list_rows(inquiries: QuerySet[Inquiry], *, dimension: str, period: Period, now: datetime) -> list[SpeedRow]:
    column, expression = _group(dimension, period.zone)
    names = ("lead__owner__name",) if dimension == "owner" else ()
    grouped = inquiries.annotate(**expression).values(column, *names).annotate(**_measures(now)).order_by(column)
    rows = []
    for found in grouped:
        value, name = found.pop(column), found.pop("lead__owner__name", "")
        label = name or _label(dimension, value)
        rows.append(SpeedRow(value=str(value), label=label, numbers=SpeedNumbers(**found)))
    if dimension == "intent":
        rows.sort(key=lambda row: Intent.values.index(row.value))
    if dimension in {"owner", "channel"}:
        rows.sort(key=lambda row: (-row.numbers.late_now, -row.numbers.inquiries, row.label))
    return rows


def _measures(now: datetime) -> dict[str, Any]:
    attempt, contact = (seconds_between("promised_from", f"first_{what}_at") for what in ("attempt", "contact"))
    return {
        "inquiries": Count("id"),
        "contacted": Count("first_contact_at"),
        **{name: Count("id", filter=condition) for name, condition in list_conditions(now).items()},
        "attempt_median": Percentile(attempt),
        "attempt_p90": Percentile(attempt, share=0.9),
        "contact_median": Percentile(contact),
        "contact_p90": Percentile(contact, share=0.9),
    }


def _label(dimension: str, value: Any) -> str:
    if dimension == "hour":
        return f"{value:02}:00–{value:02}:59"
    if dimension == "weekday":
        return WEEKDAYS[value - 1]
    return str(Channel(value).label if dimension == "channel" else Intent(value).label)
