"""Tenancy: the organization, and everything that keeps one from seeing another."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """The floor every table stands on."""

    name = "leadhub.tenancy"
    default = True
