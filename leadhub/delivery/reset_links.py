"""Mail the link that renews a forgotten password. The form asks for it (named in `ACCOUNT_FORMS`); a job mails it.

Whether an address is known must not be told by how long the answer takes: the form makes the same job for an unknown
one, and nobody is mailed. The link is made when the mail leaves and is stored nowhere, so that no admin reads it; a
mail twice, where a worker died after the call, is one more link that works. The job stands with an organization of the
user's, or with the first one where they have none: its admins see that it failed, where it did, and not whose it is.
"""

import logging
import smtplib
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from leadhub.accounts import login_forms
from leadhub.accounts.models import Membership, User
from leadhub.delivery.channels.failures import SendFailure
from leadhub.lib.clock import utc_now
from leadhub.lib.ids import new_id
from leadhub.tenancy.models import Organization
from leadhub.work.claims import complete_job
from leadhub.work.jobs import enqueue
from leadhub.work.registry import ClaimedJob, Clock
from leadhub.work.runner import job_scope

_log = logging.getLogger(__name__)
SEND_RESET_LINK = "delivery.reset_link"


class LinkNotMailed(Exception):
    """The mail was not taken. What the mail server said, which may name the user, is in the log alone."""


class ResetPasswordForm(login_forms.ResetPasswordForm):
    """Asks for the mail instead of sending it."""

    def save(self, request: Any, **kwargs: Any) -> str:  # noqa: ARG002 (allauth's signature)
        """Do the same for a known address and an unknown one."""
        for user_id in [user.pk for user in self.users] or [new_id()]:
            ask_for_reset_link(user_id=user_id, now=utc_now())
        return str(self.cleaned_data["email"])


def ask_for_reset_link(*, user_id: UUID, now: datetime) -> None:
    """Make the job; an id that is no user's makes one that mails nobody."""
    theirs = Membership.objects.filter(user=user_id, is_active=True).values_list("organization_id", flat=True)
    any_one = Organization.objects.order_by("created_at").values_list("pk", flat=True)
    found = [theirs.first(), any_one.first()]  # both are asked for, whoever it is
    organization_id = found[0] or found[1]
    if organization_id is None:
        return
    with transaction.atomic():
        enqueue(
            kind=SEND_RESET_LINK,
            target_id=user_id,
            dedupe_key=str(user_id),
            due_at=now,
            now=now,
            organization_id=organization_id,
        )


def send_reset_link(*, job: ClaimedJob, clock: Clock) -> None:
    """Handle the job: mail the user's own address, whatever was typed."""
    user = User.objects.filter(pk=job.target_id, is_active=True).first()
    if user is not None:
        _send(user)
    with job_scope(job.organization_id):
        complete_job(job=job, now=clock())


def _send(user: User) -> None:
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    url = f"{settings.PUBLIC_URL}{reverse('account_reset_password_from_key', kwargs=key)}"
    words = {"user": user, "password_reset_url": url, "public_url": settings.PUBLIC_URL}
    mail = get_adapter().render_mail("account/email/password_reset_key", user.email, words)
    try:
        mail.send()
    except (SendFailure, smtplib.SMTPException, OSError) as error:
        _log.warning("A link that renews a password was not mailed: %s", error)
        raise LinkNotMailed(type(error).__name__) from None
