"""Scoring: fit, engagement, the bar and decay."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """Versioned score models and live scores."""

    name = "scoring"
    label = "scoring"
    default = True

    def ready(self) -> None:
        """Offer the score to conditions and the rules to whoever asks, and do scoring's jobs."""
        from leadhub.leads.conditions import register_fields
        from leadhub.leads.conditions.uses import register_rules
        from leadhub.work.models import Lane
        from leadhub.work.registry import register
        from scoring import rescoring
        from scoring.cooling import COOL, WARM_UP, run_cool
        from scoring.fields import SCORE_FIELDS
        from scoring.uses import list_score_rules

        register_fields(SCORE_FIELDS)
        register_rules("scoring", list_score_rules)
        register(COOL, Lane.SPEED, run_cool)
        register(rescoring.RESCORE, Lane.BULK, rescoring.run_rescore)
        register(rescoring.PROMOTE, Lane.BULK, rescoring.run_promote)
        register(WARM_UP, Lane.BULK, rescoring.run_warm_up)
