"""The gallery of components at `/_components/`, only where DEBUG is on: how each looks and how it is called."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leadhub.accounts.access import public_view
from leadhub.leads.conditions.editor import ConditionEditor
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from leadhub.web.assets import icon_names
from leadhub.web.filtering import ChoiceFilter, DayFilter, ListFilter, WordsFilter
from leadhub.web.parts import Column, Step, Tab

SAMPLE_CONDITION = {
    "all": [
        {"field": "person.country", "op": "in", "value": ["US", "CA"]},
        {"any": [{"field": "behaviour.page_viewed", "op": "at_least", "value": {"times": 2, "days": 14}}]},
    ]
}


class SampleForm(forms.Form):
    """One field of each kind, two of them wrong."""

    name = forms.CharField(initial="Hannah Berg")
    email = forms.EmailField(label="E-mail", help_text="Where the answer goes.")
    amount = forms.DecimalField(required=False, max_value=100)
    stage = forms.ChoiceField(choices=[("new", "New"), ("mql", "MQL")])
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)
    channels = forms.MultipleChoiceField(
        choices=[("mail", "By mail"), ("sms", "By SMS")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agree = forms.BooleanField(label="Ring at night", required=False)


class SampleFilter(ListFilter):
    """One field of each kind."""

    q = WordsFilter("name", label="Search leads")
    stage = ChoiceFilter("stage", choices=[("mql", "MQL")], label="Stage", every="Every stage")
    first = DayFilter("at")
    last = DayFilter("at", is_last=True)


@public_view
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    context = {**_moments(), **_lists(), **_pictures(), "condition_editor": ConditionEditor.of(SAMPLE_CONDITION)}
    context["filters"] = SampleFilter(request.GET, Organization.objects.none())
    return render(request, "_components/gallery/page.html", context)


def _moments() -> dict[str, Any]:
    now = utc_now()
    return {
        "now": now,
        "started_at": now - timedelta(minutes=10),
        "due_calm": now + timedelta(minutes=30),
        "due_soon": now + timedelta(minutes=8),
        "due_urgent": now + timedelta(minutes=2, seconds=10),
        "due_late": now - timedelta(minutes=12),
        "opens_at": now + timedelta(hours=9),
        "long_ago": now - timedelta(days=3),
    }


def _lists() -> dict[str, Any]:
    return {
        "columns": [
            Column("Lead", "name"),
            Column("Stage"),
            Column("Grade"),
            Column("Channel", "channel"),
            Column("Quote value", "value", "end"),
            Column("Due"),
        ],
        "tabs": [
            Tab("Open", "?view=open", is_current=True, count=12),
            Tab("Won", "?view=won", count=3),
            Tab("All", "?"),
        ],
        "steps": [
            Step("New", "done", "12 Nov"),
            Step("MQL", "done", "12 Nov"),
            Step("SAL", "done", "13 Nov"),
            Step("SQL", "current", "now"),
            Step("Opportunity"),
            Step("Customer"),
        ],
        "stages": ["new", "mql", "sal", "sql", "opportunity", "customer", "recycled", "disqualified"],
        "verdicts": ["pending", "qualified", "unqualified", "not_a_lead"],
        "grades": ["A1", "B2", "C3", "D4"],
        "channels": ["Paid Search", "Organic Search", "Email", "Referral", "AI Assistants", "Direct", "Unknown"],
        "names": ["Ada Admin", "Max Marketer", "Ria Rep", "Raj Rep", "Mia Manager"],
        "facts": [
            ("Company", "Berg & Söhne GmbH"),
            ("Phone", "+49 30 1234567"),
            ("Place", "Berlin, Germany"),
            ("Title", ""),
        ],
        "form": SampleForm({"name": "", "email": "hannah@", "stage": "mql", "channels": ["mail"], "agree": "on"}),
        "page": Paginator(range(95), 25).page(2),
        "icons": sorted(icon_names()),
    }


def _pictures() -> dict[str, Any]:
    return {
        "series": [12, 14, 11, 18, 17, 22, 21, 26, 24, 31],
        "chart_option": {
            "leadhub": {"format": "percent"},
            "grid": {"left": 8, "right": 12, "top": 36, "bottom": 4, "containLabel": True},
            "legend": {"top": 0, "left": 0, "icon": "roundRect", "itemWidth": 10, "itemHeight": 10},
            "tooltip": {"trigger": "axis"},
            "xAxis": {"type": "category", "data": ["Paid Search", "Organic Search", "Email", "Referral", "Direct"]},
            "yAxis": {"type": "value"},
            "series": [
                {"name": "Share of leads", "type": "bar", "data": [0.42, 0.2, 0.16, 0.14, 0.08], "barGap": "10%"},
                {"name": "Share of qualified", "type": "bar", "data": [0.24, 0.27, 0.22, 0.2, 0.07]},
                {"name": "Share of value", "type": "bar", "data": [0.18, 0.34, 0.15, 0.26, 0.07]},
            ],
        },
    }
