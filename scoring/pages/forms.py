"""The forms of the thresholds page: the numbers, a fit rule, an engagement rule."""

from decimal import Decimal
from typing import Any

from django import forms

from leadhub.leads.models import EventKind, Intent
from leadhub.lib.errors import DomainError
from scoring.models import ScoreModel
from scoring.rules import MAX_POINTS


class NumbersForm(forms.Form):
    """The two lines, the half-life, the SQL suggestion, and which intents are a raised hand."""

    fit_bar = forms.DecimalField(label="Fit line", min_value=0, max_digits=8, decimal_places=2)
    engagement_bar = forms.DecimalField(label="Engagement line", min_value=1, max_digits=8, decimal_places=2)
    half_life_days = forms.DecimalField(
        label="Half-life, days",
        min_value=Decimal("0.5"),
        max_value=3650,
        max_digits=6,
        decimal_places=2,
        help_text="After so many days half of an event's points is left.",
    )
    sql_bar = forms.DecimalField(
        label="Suggest SQL from a score of",
        min_value=0,
        max_digits=8,
        decimal_places=2,
        help_text="Only suggests: a person confirms budget, authority, need and timeline.",
    )
    hand_raise_intents = forms.MultipleChoiceField(
        label="An MQL at once",
        choices=Intent.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Inquiries of these intents are raised hands, whatever the score.",
    )

    @classmethod
    def of(cls, model: ScoreModel, *, posted: Any = None) -> "NumbersForm":
        """Return the form with the model's numbers, or with what was posted."""
        names = ("fit_bar", "engagement_bar", "half_life_days", "sql_bar", "hand_raise_intents")
        stored = {name: getattr(model, name) for name in names}
        return cls(posted, initial={name: _plain(value) for name, value in stored.items()})


def _plain(value: Any) -> Any:
    """Write 30.00 as 30."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class RuleForm(forms.Form):
    """What both kinds of rule have."""

    label = forms.CharField(label="Name", max_length=200)
    points = forms.FloatField(label="Points", min_value=-MAX_POINTS, max_value=MAX_POINTS)

    def add_refusal(self, error: DomainError) -> None:
        """Show what the domain refuses, at its field where the form has it."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


class FitRuleForm(RuleForm):
    """A fit rule; its condition has an editor of its own."""


class EngagementRuleForm(RuleForm):
    """An engagement rule."""

    event_kind = forms.ChoiceField(label="When this happens", choices=EventKind.choices)
    detail = forms.CharField(
        label="Only where",
        max_length=200,
        required=False,
        help_text="A text in the page, the kind of content, the webinar, the link or the service, where there is one.",
    )
    field_order = ["label", "event_kind", "detail", "points"]
