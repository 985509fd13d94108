"""Routing: who gets the lead, and what was promised."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """Rules, pools, assignments, SLA clocks."""

    name = "routing"
    label = "routing"
    default = True
