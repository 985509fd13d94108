"""Work: everything that must happen later."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    """Jobs, their lanes and their handlers."""

    name = "leadhub.work"
    label = "work"
    default = True
