"""The shared lead model: people, leads, inquiries and everything that happens to them."""

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """What the five features share."""

    name = "leadhub.leads"
    label = "leads"
    default = True

    def ready(self) -> None:
        """Fill the catalogue of the condition language."""
        from leadhub.leads.conditions.fields import register_lead_fields

        register_lead_fields()
