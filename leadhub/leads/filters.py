"""The filters of lead and people lists, one for pages and API alike, so that a link means the same everywhere.

`-` as the value of a source column means that it is not known. Dates are days in the organization's zone.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower, Trim

from leadhub.accounts.models import Membership
from leadhub.leads.models import OPEN_STAGES, Channel, DispositionCode, Inquiry, Intent, Lead, Person, Stage, Verdict
from leadhub.leads.search import search_people
from leadhub.leads.stage_dates import DATES, ENDED, FUNNEL, came_as_far_as, ended_at
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import get_organization_id

NOT_KNOWN = "-"
MOST_DAYS = 36_500
LAST_DAY = date(2199, 12, 31)  # a later one asked for is this one: the calendar ends
VALUES = {"quote": "With a quote value", "pipeline": "With open deals", "sales": "With sales", "any": "With money"}
REACHED = [(stage.value, stage.label) for stage in DATES]
FURTHEST = [(stage.value, stage.label) for stage in FUNNEL]
ANSWERS = {"accepted": "Accepted", "rejected": "Rejected", "expired": "Expired"}
GRADES = [f"{fit}{engagement}" for fit in "ABCD" for engagement in "1234"]


class SourceFilter(django_filters.CharFilter):  # type: ignore[misc]
    """One value of a source column, or `-` for those without one."""

    def filter(self, queryset: QuerySet[Lead], value: str) -> Any:
        """Keep the leads of the value."""
        if value == NOT_KNOWN:
            return queryset.filter(**{str(self.field_name): ""})
        return super().filter(queryset, value)


def list_owners(_request: object) -> QuerySet[Membership]:
    """Return the members that can be asked for, those who left as well: they may still own leads."""
    return Membership.objects.filter(organization_id=get_organization_id()).order_by("name")


class LeadFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows leads; `grade` reads `grade_now` where the list is annotated with it, else the stored grade.

    `answer` needs a list with the alias `first_answer`, which routing gives.
    """

    q = django_filters.CharFilter(method="search", label="Search")
    stage = django_filters.MultipleChoiceFilter(choices=Stage.choices)
    verdict = django_filters.MultipleChoiceFilter(choices=Verdict.choices)
    channel = django_filters.MultipleChoiceFilter(choices=Channel.choices)
    owner = django_filters.ModelChoiceFilter(queryset=list_owners)
    person = django_filters.UUIDFilter(field_name="person_id")
    email = django_filters.CharFilter(method="by_email", label="E-mail")
    postal_code = django_filters.CharFilter(
        field_name="person__postal_code", lookup_expr="istartswith", label="Postal code begins with"
    )
    source = SourceFilter()
    medium = SourceFilter()
    campaign = SourceFilter()
    term = SourceFilter(label="Keyword")
    landing_page = SourceFilter()
    grade = django_filters.MultipleChoiceFilter(choices=[(grade, grade) for grade in GRADES], method="by_grade")
    intent = django_filters.ChoiceFilter(choices=Intent.choices, method="by_inquiry")
    service = django_filters.CharFilter(method="by_inquiry")
    disposition = django_filters.MultipleChoiceFilter(choices=DispositionCode.choices)
    captured_from = django_filters.DateFilter(method="by_captured_day", label="Captured from")
    captured_to = django_filters.DateFilter(method="by_captured_day", label="Captured to")
    updated_since = django_filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")
    is_open = django_filters.BooleanFilter(method="by_openness", label="Open")
    value = django_filters.ChoiceFilter(choices=list(VALUES.items()), method="by_value", label="Value")
    currency = django_filters.CharFilter(label="Currency")
    currency_not = django_filters.CharFilter(field_name="currency", exclude=True, label="Currency other than")
    counted = django_filters.BooleanFilter(method="by_counted", label="In the reports")
    reached = django_filters.ChoiceFilter(choices=REACHED, method="by_reached", label="Reached")
    reached_from = django_filters.DateFilter(method="by_reached_day", label="Reached from")
    reached_to = django_filters.DateFilter(method="by_reached_day", label="Reached until")
    reached_within = django_filters.NumberFilter(method="by_reached_age", label="Reached within days of arrival")
    furthest = django_filters.ChoiceFilter(choices=FURTHEST, method="by_furthest", label="Came no further than")
    answer = django_filters.ChoiceFilter(choices=list(ANSWERS.items()), method="by_answer", label="Sales' first answer")
    is_lost = django_filters.BooleanFilter(method="by_loss", label="Lost")
    ended_from = django_filters.DateFilter(method="by_ended_day", label="Lost from")
    ended_to = django_filters.DateFilter(method="by_ended_day", label="Lost until")
    noted = django_filters.CharFilter(method="by_note", label="Noted at the end")

    class Meta:
        model = Lead
        fields: list[str] = []

    def search(self, queryset: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:  # noqa: ARG002
        """Keep the leads of the people that a search finds."""
        return queryset.filter(person__in=search_people(value).values("pk"))

    def by_email(self, queryset: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:  # noqa: ARG002
        """Keep the leads of whoever has the address."""
        return queryset.filter(person__email_norm=value.strip().lower())

    def by_grade(self, queryset: QuerySet[Lead], name: str, value: list[str]) -> QuerySet[Lead]:  # noqa: ARG002
        """Keep the leads of the grades."""
        column = "grade_now" if "grade_now" in queryset.query.annotations else "live_score__grade"
        return queryset.filter(**{f"{column}__in": value}) if value else queryset

    def by_inquiry(self, queryset: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        """Keep the leads with such an inquiry."""
        return queryset.filter(Exists(Inquiry.objects.filter(lead=OuterRef("pk"), **{name: value})))

    def by_captured_day(self, queryset: QuerySet[Lead], name: str, value: date) -> QuerySet[Lead]:
        """Keep the leads captured on the day or later, or on the day or earlier."""
        return self._keep_days(queryset, "captured_at", name, value)

    def by_openness(self, queryset: QuerySet[Lead], name: str, value: bool) -> QuerySet[Lead]:  # noqa: ARG002, FBT001
        """Keep the open leads, or the ended ones."""
        is_open = Q(stage__in=OPEN_STAGES)
        return queryset.filter(is_open if value else ~is_open)

    def by_value(self, queryset: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:  # noqa: ARG002
        """Keep the leads with money of the kind, or of any."""
        if value == "any":
            return queryset.filter(Q(quote_value__gt=0) | Q(pipeline_value__gt=0) | Q(sales_value__gt=0))
        return queryset.filter(**{f"{value}_value__gt": 0})

    def by_counted(self, queryset: QuerySet[Lead], name: str, value: bool) -> QuerySet[Lead]:  # noqa: ARG002, FBT001
        """Keep what the reports count, or what they leave out."""
        is_left_out = Q(verdict=Verdict.NOT_A_LEAD) | Q(is_test=True)
        return queryset.filter(~is_left_out if value else is_left_out)

    def by_reached(self, queryset: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:  # noqa: ARG002
        """Keep the leads with evidence of the stage."""
        return queryset.filter(**{f"{DATES[Stage(value)]}__isnull": False})

    def by_reached_day(self, queryset: QuerySet[Lead], name: str, value: date) -> QuerySet[Lead]:
        """Keep the leads that reached the stage named by `reached` on the day or later, or on the day or earlier."""
        return self._keep_days(queryset, self._reached_column(), name, value)

    def by_reached_age(self, queryset: QuerySet[Lead], name: str, value: Decimal) -> QuerySet[Lead]:  # noqa: ARG002
        """Keep the leads that reached the stage named by `reached` within so many days of their arrival."""
        days = timedelta(days=max(0, min(int(value), MOST_DAYS)))
        return queryset.filter(**{f"{self._reached_column()}__lte": F("captured_at") + days})

    def by_furthest(self, queryset: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:  # noqa: ARG002
        """Keep the leads that came to the stage and no further."""
        return queryset.filter(came_as_far_as(Stage(value)))

    def by_answer(self, queryset: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        """Keep the leads that sales first answered so."""
        return queryset.filter(**{f"first_{name}": value})

    def by_loss(self, queryset: QuerySet[Lead], name: str, value: bool) -> QuerySet[Lead]:  # noqa: ARG002, FBT001
        """Keep the recycled and disqualified leads, or the others."""
        return queryset.filter(stage__in=ENDED) if value else queryset.exclude(stage__in=ENDED)

    def by_ended_day(self, queryset: QuerySet[Lead], name: str, value: date) -> QuerySet[Lead]:
        """Keep the leads that were lost on the day or later, or on the day or earlier."""
        return self._keep_days(queryset.alias(ended_at=ended_at()), "ended_at", name, value)

    def by_note(self, queryset: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:  # noqa: ARG002
        """Keep the leads with these words at their end, whatever their case; `-` keeps those without any."""
        noted = queryset.alias(noted=Lower(Trim("disposition_note")))
        return noted.filter(noted="" if value == NOT_KNOWN else value.strip().lower())

    def _reached_column(self) -> str:
        return DATES[Stage(self.form.cleaned_data.get("reached") or Stage.NEW)]

    def _keep_days(self, queryset: QuerySet[Lead], column: str, name: str, day: date) -> QuerySet[Lead]:
        """Keep what happened from the start of the day on where the filter is a `…_from`, else until its end."""
        if name.endswith("_from"):
            return queryset.filter(**{f"{column}__gte": datetime.combine(day, time.min, self._zone)})
        day_after = min(day, LAST_DAY) + timedelta(days=1)
        return queryset.filter(**{f"{column}__lt": datetime.combine(day_after, time.min, self._zone)})

    @cached_property
    def _zone(self) -> ZoneInfo:
        """Read the organization's zone once, however many days are asked for."""
        return ZoneInfo(Organization.objects.values_list("time_zone", flat=True).get(pk=get_organization_id()))


class PersonFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows people."""

    q = django_filters.CharFilter(method="search", label="Search")
    email = django_filters.CharFilter(method="by_email", label="E-mail")
    company = django_filters.CharFilter(field_name="company__domain", label="Company domain")
    created_since = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    do_not_contact = django_filters.BooleanFilter()

    class Meta:
        model = Person
        fields: list[str] = []

    def search(self, queryset: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:  # noqa: ARG002
        """Keep the people that a search finds."""
        return queryset.filter(pk__in=search_people(value).values("pk"))

    def by_email(self, queryset: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:  # noqa: ARG002
        """Keep whoever has the address."""
        return queryset.filter(email_norm=value.strip().lower())
