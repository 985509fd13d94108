"""Webhooks: other systems are told of what happens, by HTTP calls to the endpoints that an admin names."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Endpoints, what they are told, and how."""

    name = "leadhub.webhooks"
    label = "webhooks"
    default = True

    def ready(self) -> None:
        """Watch the timeline, and register the sender of the channel's jobs."""
        from leadhub.delivery.outbox import send_by
        from leadhub.leads.timeline import watch
        from leadhub.webhooks import announcing, sending
        from leadhub.work.models import Lane
        from leadhub.work.registry import register, register_sender

        watch(announcing.note_events)
        register(announcing.ANNOUNCE, Lane.WEBHOOK, announcing.announce_again)
        register_sender(sending.KIND, Lane.WEBHOOK, sending.send_announcement)
        send_by(channel=announcing.CHANNEL, kind=sending.KIND)
