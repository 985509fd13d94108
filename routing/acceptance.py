"""What sales first said to an MQL: accepted, rejected, or nothing until it expired. For home, the lead list, the API.

The first answer counts, so that a colleague's later acceptance does not hide an offer that expired; "wrong rep" is a
reroute and no answer (ADR 40).
"""

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from leadhub.leads.models import Lead
from routing.models import Assignment

State = Assignment.State
ANSWERS = (State.ACCEPTED, State.REJECTED, State.EXPIRED)


def with_first_answer(leads: QuerySet[Any]) -> QuerySet[Any]:
    """Let the leads be filtered by `first_answer`; it costs nothing where no filter asks for it."""
    answers = Assignment.objects.filter(lead=OuterRef("pk"), is_sales=True, state__in=ANSWERS)
    first = answers.order_by("responded_at", "assigned_at").values("state")[:1]
    answered: QuerySet[Any] = leads.alias(first_answer=Subquery(first))
    return answered


def count_answers_by_day(*, since: datetime, until: datetime, zone: ZoneInfo) -> dict[date, Counter[str]]:
    """Return, by the day in the zone on which leads became MQLs, how many got which first answer; one statement."""
    mqls = Lead.objects.counted().filter(is_test=False, mql_at__gte=since, mql_at__lt=until)
    grouped = (
        with_first_answer(mqls)
        .annotate(day=TruncDate("mql_at", tzinfo=zone), answer=F("first_answer"))
        .values_list("day", "answer")
        .annotate(leads=Count("id"))
        .order_by()
    )
    counted: dict[date, Counter[str]] = {}
    for day, answer, leads in grouped:
        if answer:  # left out here, since a filter would look each lead's answer up a second time
            counted.setdefault(day, Counter())[answer] = leads
    return counted
