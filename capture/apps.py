"""Capture: every way in."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    """Forms, submissions, enrichment, channels."""

    name = "capture"
    label = "capture"
    default = True

    def ready(self) -> None:
        """Refuse to start with a rate that cannot be read: at the door it would cost posts."""
        from django.conf import settings

        from capture.rate import parse_rate

        parse_rate(settings.FORM_RATE)
