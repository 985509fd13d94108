"""Desk: the screens that compose features."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Home, queue, lead page, team, search."""

    name = "leadhub.desk"
    label = "desk"
    default = True
