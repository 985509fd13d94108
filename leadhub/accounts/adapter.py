"""How allauth behaves here: nobody signs up by themselves, and mail that cannot be sent says so.

Account mail (a new address, a notice) is sent at once, not through the outbox: a stored link could be read by the
admins of one organization about a user of another, and the user, who is logged in, sees no mail and asks again. Who has
forgotten the password is not known yet: `leadhub.delivery.reset_links`.
"""

import smtplib
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Named in settings; called by allauth."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Keep sign-up closed: organizations are founded by command and people are invited."""
        return False

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the link on our own origin: a forged Host header must not carry the key elsewhere."""
        return _put_on_our_origin(super().get_email_confirmation_url(request, emailconfirmation))

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell users what was changed of their log-in, in case it was somebody else."""
        super().send_notification_mail(template_prefix, user, {**(context or {}), "is_notice": True}, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send now; where the mail server does not answer, tell the user instead of failing the page.

        A notice that does not leave changes nothing for the user, who knows what they did.
        """
        try:
            super().send_mail(template_prefix, email, {**context, "public_url": settings.PUBLIC_URL})
        except (OSError, smtplib.SMTPException):
            if "is_notice" not in context:
                messages.error(self.request, "The mail server does not answer. Try again in a few minutes.")


def _put_on_our_origin(url: str) -> str:
    return f"{settings.PUBLIC_URL}{urlsplit(url).path}"
