"""Accounts: people who log in, what they may do, and the keys of their programs."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users are global; what they may do hangs on their membership of an organization."""

    name = "leadhub.accounts"
    label = "accounts"
    default = True

    def ready(self) -> None:
        """Refuse a rate that cannot be read, which would fail every call."""
        from django.conf import settings

        from leadhub.lib.rates import parse_rate

        parse_rate(settings.API_RATE, "LEADHUB_API_RATE")
