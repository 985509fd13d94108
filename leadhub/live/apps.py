"""Live: what reaches a browser without reloading."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Alerts and server-sent events."""

    name = "leadhub.live"
    label = "live"
    default = True

    def ready(self) -> None:
        """Have the daily pruning forget old alerts."""
        from leadhub.live.alerts import forget_old_alerts
        from leadhub.work.pruning import prune_with

        prune_with(forget_old_alerts)
