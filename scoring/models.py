"""Score models in versions, and the live score of every lead."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from leadhub.leads.models import Event, Lead
from leadhub.leads.versions import RuleVersion
from leadhub.tenancy.fields import TenantForeignKey, TenantOneToOneField
from leadhub.tenancy.models import OrganizationPart, TenantPart
from scoring.decay import decay


class ScoreModel(RuleVersion):
    """One row per version of how leads are scored. Written by `publishing.py`. Unique: version; one draft, one live.

    `fit_rules`: [{"key", "label", "points", "condition"}]. `engagement_rules`: [{"key", "label", "points",
    "event_kind", "condition"}]. Fit and engagement are points ≥ 0; the MQL bar is fit ≥ `fit_bar` and
    engagement, counted whole, ≥ `engagement_bar`, or an intent in `hand_raise_intents`.
    """

    fit_rules = models.JSONField(default=list)
    engagement_rules = models.JSONField(default=list)
    half_life_days = models.DecimalField(max_digits=6, decimal_places=2, default=14)
    fit_bar = models.DecimalField(max_digits=8, decimal_places=2, default=40)
    engagement_bar = models.DecimalField(max_digits=8, decimal_places=2, default=30)
    hand_raise_intents = models.JSONField(default=list)
    sql_bar = models.DecimalField(max_digits=8, decimal_places=2, default=60, help_text="Suggests, never moves.")

    class Meta(RuleVersion.Meta):
        db_table = "score_model"
        constraints = [
            models.UniqueConstraint(fields=["organization", "version"], name="score_model_version"),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(state="published"), name="score_model_one_published"
            ),
            models.UniqueConstraint(fields=["organization"], condition=Q(state="draft"), name="score_model_one_draft"),
            models.CheckConstraint(condition=Q(half_life_days__gt=0), name="score_model_half_life"),
            models.CheckConstraint(condition=Q(fit_bar__gte=0, engagement_bar__gt=0), name="score_model_bar"),
        ]

    def __str__(self) -> str:
        return f"Score model v{self.version}"


class LeadScore(TenantPart):
    """One narrow row per lead: its score as of an instant. Written by `live_score.py` and in sets by `rescoring.py`.

    Engagement at t is `engagement · 2^(−(t − as_of)/half-life)`. `cools_at` is when it falls below the bar,
    counted whole (`points`).
    """

    lead = TenantOneToOneField(Lead, models.CASCADE, related_name="live_score")
    fit = models.FloatField(default=0)
    engagement = models.FloatField(default=0)
    as_of = models.DateTimeField()
    half_life_days = models.FloatField(help_text="Of the model that scored it, so that the value now needs no join.")
    grade = models.CharField(max_length=2, help_text="Fit A–D, engagement 1–4, as of `as_of`.")
    cools_at = models.DateTimeField(null=True, blank=True)
    model_version = models.PositiveIntegerField()

    class Meta(TenantPart.Meta):
        db_table = "lead_score"

    def reckon_engagement(self, moment: datetime) -> float:
        """Return what is left of the engagement at an instant."""
        return decay(points=self.engagement, since=self.as_of, until=moment, half_life_days=self.half_life_days)

    def __str__(self) -> str:
        return f"{self.grade} {self.fit:.0f}/{self.engagement:.0f}"


class EngagementPoint(OrganizationPart):
    """One row per event and rule that scored: the ledger that explains engagement. Unique: (event, rule_key).

    What it is worth, the rule says: the one of that key in the version that the lead is scored by
    (`LeadScore.model_version`). Written by `live_score.py`, `rescoring.py` and `revising.py`.
    """

    lead = TenantForeignKey(Lead, models.CASCADE, related_name="engagement_points")
    event = TenantForeignKey(Event, models.CASCADE, related_name="+")
    rule_key = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()

    class Meta(OrganizationPart.Meta):
        db_table = "engagement_point"
        constraints = [
            models.UniqueConstraint(fields=["organization", "event", "rule_key"], name="engagement_point_once")
        ]
        indexes = [
            # All that adding a lead's points up reads.
            models.Index(
                fields=["organization", "lead", "occurred_at"], include=["rule_key"], name="engagement_point_of_lead"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_key} at {self.occurred_at:%Y-%m-%d %H:%M}"
