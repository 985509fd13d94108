"""Nurture: mail to people."""

from django.apps import AppConfig


class NurtureConfig(AppConfig):
    """Acknowledgements; sequences build on it."""

    name = "nurture"
    label = "nurture"
    default = True
