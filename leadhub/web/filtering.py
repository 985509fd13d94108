"""The filters of a list by its own columns: words, choices, colleagues, days. Used by the pages whose bar draws them.

A page declares a `ListFilter`. Its bar (`filter_bar`) draws the fields in their order; views and file keep them.
What cannot be read narrows nothing and is told above the list, as an order that there is not. (Leads have filters of
their own, which the API shares: `leadhub.leads.filters`.)
"""

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from leadhub.leads.filters import LAST_DAY, list_owners


class WordsFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Rows that have the words in one of the columns, whatever their case. The bar draws `q` as its search."""

    def __init__(self, *columns: str, label: str, method: str | None = None) -> None:
        box = forms.TextInput(attrs={"type": "search", "placeholder": label})
        super().__init__(label=label, max_length=100, widget=box, method=method)
        self.columns = columns

    def filter(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        """Keep the rows that have the words."""
        found = [(f"{column}__icontains", words) for column in self.columns]
        return rows.filter(Q(*found, _connector=Q.OR)) if words else rows


class DayFilter(django_filters.DateFilter):  # type: ignore[misc]
    """Rows from a day on, or with `is_last` until its end, in the viewer's zone."""

    def __init__(self, column: str, *, is_last: bool = False) -> None:
        picker = forms.DateInput(attrs={"type": "date"})
        super().__init__(column, "lt" if is_last else "gte", label="To" if is_last else "From", widget=picker)
        self.days_on = timedelta(days=1 if is_last else 0)

    def filter(self, rows: QuerySet[Any], day: date | None) -> Any:
        """Keep the rows from the day on, or until its end."""
        if day is None:
            return rows
        return super().filter(rows, timezone.make_aware(datetime.combine(min(day, LAST_DAY) + self.days_on, time.min)))


class ChoiceFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """Rows of one of the choices; `every` are the words for whichever. One that tabs show is drawn hidden."""

    def __init__(self, column: str, *, choices: Any, label: str, every: str = "", **options: Any) -> None:
        select = forms.Select(attrs={"aria-label": label})
        super().__init__(
            field_name=column, choices=choices, label=label, empty_label=every, **{"widget": select, **options}
        )


class MemberFilter(django_filters.ModelChoiceFilter):  # type: ignore[misc]
    """Rows of one member, those who left among them, or by `nobody`: what LeadHub did by itself."""

    def __init__(self, column: str, *, label: str, nobody: str | None = None) -> None:
        super().__init__(
            field_name=column,
            label=label,
            queryset=list_owners,
            empty_label="Everybody",
            null_label=nobody,
            null_value="leadhub",
            widget=forms.Select(attrs={"aria-label": label}),
        )


class _Bar(forms.Form):
    """The fields without ids: others of the page may have the same names, and labels stand around their fields."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "auto_id": False})


class ListFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Narrows one list by the query of its page; a subclass declares the filters, in the order of the bar."""

    class Meta:
        form = _Bar

    @property
    def kept(self) -> dict[str, str]:
        """The filters that are on, as a link keeps them."""
        return {name: value for name in self.filters if (value := self.data.get(name, "").strip())}

    @property
    def search(self) -> forms.BoundField | None:
        """The field for words, where the list has one."""
        return self.form["q"] if "q" in self.filters else None

    @property
    def selects(self) -> list[forms.BoundField]:
        """The fields of choices and members, whose words say what they are."""
        return [field for field in self.form.visible_fields() if isinstance(field.field.widget, forms.Select)]

    @property
    def days(self) -> list[forms.BoundField]:
        """The fields of days, drawn with their labels."""
        return [field for field in self.form.visible_fields() if isinstance(field.field.widget, forms.DateInput)]

    @property
    def refused(self) -> list[str]:
        """What was asked for and is no such choice or day: the labels of those fields."""
        return [str(self.form[name].label) for name in self.form.errors]
