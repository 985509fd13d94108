"""A link that renews a password, refused by the mail server: whoever sees the job does not see whose it is."""

import pytest

from leadhub.accounts.models import Membership
from leadhub.delivery.reset_links import SEND_RESET_LINK, ask_for_reset_link
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from leadhub.work.models import Job, JobFailure
from leadhub.work.runner import run_due
from tests.delivery.conftest import MailServer
from tests.personas import NOW


def test_the_failure_names_nobody(
    acme: Organization, ada: Membership, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    Membership.objects.filter(pk=ada.pk).update(is_active=False)
    mail_server.answers["RCPT"] = f"550 <{ada.user.email}> unknown".encode()
    ask_for_reset_link(user_id=ada.user_id, now=NOW)
    run_due(now=NOW)
    assert Job.objects.get(kind=SEND_RESET_LINK).organization_id == acme.id
    with scope(acme.id):
        failure = JobFailure.objects.get()
    assert (failure.error_class, failure.message) == ("LinkNotMailed", "PermanentFailure")
    assert ada.user.email not in failure.traceback
    assert ada.user.email in caplog.text
