"""The shared lead model: people, leads, inquiries and everything that happens to them."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """What the five features share."""

    name = "leadhub.leads"
    label = "leads"
    default = True
