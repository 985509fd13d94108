"""Scoring: fit, engagement, the bar and decay."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Versioned score models and live scores."""

    name = "scoring"
    label = "scoring"
    default = True
