"""Delivery: everything that leaves over the network."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """The outbox and its channels."""

    name = "leadhub.delivery"
    label = "delivery"
    default = True

    def ready(self) -> None:
        """Register the senders' jobs."""
        from leadhub.delivery.reset_links import SEND_RESET_LINK, send_reset_link
        from leadhub.delivery.sending import send_delivery
        from leadhub.work.models import Lane
        from leadhub.work.registry import register_sender

        register_sender("delivery.send", Lane.MAIL, send_delivery)
        register_sender(SEND_RESET_LINK, Lane.MAIL, send_reset_link)
