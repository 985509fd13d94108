"""Delivery: everything that leaves over the network."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """The outbox and its channels."""

    name = "leadhub.delivery"
    label = "delivery"
    default = True
