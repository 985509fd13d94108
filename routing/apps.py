"""Routing: who gets the lead, and what was promised."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """Rules, pools, assignments, SLA clocks."""

    name = "routing"
    label = "routing"
    default = True

    def ready(self) -> None:
        """Register what must happen later, and the rules for whoever asks which use a field."""
        from leadhub.leads.conditions.uses import register_rules
        from leadhub.work.models import Lane
        from leadhub.work.registry import register
        from routing import departures, reminders, uses, waiting

        register_rules("routing", uses.list_routing_rules)
        register(reminders.REMIND, Lane.SPEED, reminders.run_remind)
        register(reminders.ESCALATE, Lane.SPEED, reminders.run_escalate)
        register("routing.expire", Lane.SPEED, waiting.run_expire)
        register("routing.retry", Lane.SPEED, waiting.run_retry)
        register(departures.DEPART, Lane.BULK, departures.run_depart)
        register(departures.HAND_ON, Lane.BULK, departures.run_hand_on)
