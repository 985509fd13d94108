"""The targets page: what each number should reach, from a month on."""

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from reporting.models import Metric
from reporting.periods import BadPeriod, parse_month
from reporting.targets import TRAITS, get_targets, set_targets

# How a unit is typed: what one of the field's is worth, and its words.
UNITS: dict[str, tuple[Decimal, str]] = {
    "count": (Decimal(1), "a month"),
    "money": (Decimal(1), ""),
    "share": (Decimal("0.01"), "percent"),
    "seconds": (Decimal(60), "minutes, median"),
    "days": (Decimal(1), "days, median"),
}


class TargetsForm(forms.Form):
    """One field a metric, in the unit that people say it in; empty is no target."""

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for metric, trait in TRAITS.items():
            words = UNITS[trait.unit][1] or f"{currency}{' a month' if trait.adds_up else ''}"
            self.fields[metric.value] = forms.DecimalField(
                label=f"{metric.label} ({words})", required=False, max_digits=14, decimal_places=2
            )

    def read_targets(self) -> dict[Metric, Decimal | None]:
        """Return the targets as they are kept."""
        return {
            metric: None
            if self.cleaned_data[metric.value] is None
            else self.cleaned_data[metric.value] * UNITS[trait.unit][0]
            for metric, trait in TRAITS.items()
        }


@require_http_methods(["GET", "POST"])
@member_view(permission="targets.edit")
def target_list(request: MemberRequest) -> HttpResponse:
    """Show and set the targets of a month, which stand until a later month has others."""
    organization, now = request.viewer.organization, utc_now()
    today = now.astimezone(ZoneInfo(organization.time_zone)).date()
    month = _read_month(request.GET.get("month", ""), today)
    initial = {metric.value: _show(metric, value) for metric, value in get_targets(month=month).items()}
    form = TargetsForm(request.POST or None, initial=initial, currency=organization.currency)
    if request.method == "POST" and form.is_valid():
        try:
            set_targets(targets=form.read_targets(), month=month, actor=request.viewer.member, now=now)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, f"Saved: these targets stand from {month:%B %Y} on.")
            return redirect(f"{reverse('target_list')}?month={month:%Y-%m}")
    context = {"form": form, "month": month, "months": _list_months(today)}
    return render(request, "reporting/targets.html", context, status=422 if form.errors else 200)


def _read_month(text: str, today: date) -> date:
    try:
        return parse_month(text)
    except BadPeriod:
        return today.replace(day=1)


def _list_months(today: date) -> list[date]:
    """Return three months back to eleven ahead."""
    first = today.year * 12 + today.month - 1 - 3
    return [date(number // 12, number % 12 + 1, 1) for number in range(first, first + 15)]


def _show(metric: Metric, value: Decimal) -> str:
    return f"{(value / UNITS[TRAITS[metric].unit][0]).quantize(Decimal('0.01')).normalize():f}"
