"""What turning a sequence on would do, read from the last four weeks. The sequence's page shows it before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from leadhub.leads.conditions import matching
from leadhub.leads.models import Event, EventKind, Lead, StageChange
from nurture.fitting import list_fitting
from nurture.models import Sequence, Step

WEEKS = 4


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """`fitting`: open leads that match the entry condition and never were in it; per week, as in the last four."""

    fitting: int
    entries_per_week: float
    mails_per_week: float
    enters_by_hand: bool


def forecast_entries(*, sequence: Sequence, now: datetime) -> Forecast:
    """Estimate who would enter and how much mail that makes, at most: nobody leaves early in this estimate."""
    mails = Step.objects.placed().filter(sequence=sequence, kind=Step.Kind.MAIL).count()
    entries = _list_entries(sequence=sequence, now=now)
    weekly = entries.count() / WEEKS if entries is not None else 0.0
    return Forecast(
        fitting=list_fitting(sequence=sequence, now=now).count(),
        entries_per_week=weekly,
        mails_per_week=weekly * mails,
        enters_by_hand=entries is None,
    )


def _list_entries(*, sequence: Sequence, now: datetime) -> QuerySet[Lead] | None:
    """Return the leads that would have entered in the last weeks; None where nobody enters by itself."""
    since = now - timedelta(weeks=WEEKS)
    caused = Q(pk__in=[])
    events = Event.objects.filter(person=OuterRef("person"), occurred_at__gte=since, voided_at=None)
    if sequence.entry_events:
        caused |= Q(Exists(events.filter(kind__in=sequence.entry_events)))
    if sequence.entry_stages:
        changes = StageChange.objects.filter(lead=OuterRef("pk"), at__gte=since, to_stage__in=sequence.entry_stages)
        caused |= Q(Exists(changes))
    if sequence.entry_dispositions:
        disposed = events.filter(kind=EventKind.DISPOSED, lead=OuterRef("pk"))
        caused |= Q(Exists(disposed), disposition__in=sequence.entry_dispositions)
    if not (sequence.entry_events or sequence.entry_stages or sequence.entry_dispositions):
        if not sequence.entry_condition:
            return None
        caused = Q(Exists(events))
    return matching(Lead.objects.counted().filter(caused), sequence.entry_condition, now=now)
