"""Capture: every way in."""

from django.apps import AppConfig


class CaptureConfig(AppConfig):
    """Forms, submissions, enrichment, channels."""

    name = "capture"
    label = "capture"
    default = True
