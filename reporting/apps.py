"""Reporting: which marketing made the money."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Read-only queries and their pages."""

    name = "reporting"
    label = "reporting"
    default = True
