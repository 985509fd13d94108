"""Live: what reaches a browser without reloading."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Alerts and server-sent events."""

    name = "leadhub.live"
    label = "live"
    default = True
