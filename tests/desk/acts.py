"""Act on a lead's page, as a browser without JavaScript does."""

from typing import Any

from django.test import Client

from leadhub.leads.models import Lead


def post(browser: Client, lead: Lead, act: str, **values: Any) -> Any:
    """Post an act on the lead as a page without JavaScript does."""
    return browser.post(f"/leads/{lead.pk}/{act}/", values)
