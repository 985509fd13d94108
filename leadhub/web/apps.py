"""Web: the shell, navigation and shared components."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Layout and components; no models."""

    name = "leadhub.web"
    label = "web"
    default = True
