"""Accounts: people who log in, what they may do, and the keys of their programs."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users are global; what they may do hangs on their membership of an organization."""

    name = "leadhub.accounts"
    label = "accounts"
    default = True
