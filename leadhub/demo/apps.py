"""Demo: a believable business, entered through the doors."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The `leadhub demo` command's data."""

    name = "leadhub.demo"
    label = "demo"
    default = True
