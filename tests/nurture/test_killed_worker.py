"""A worker killed by kill -9 within a step, or within the call to the mail server: no mail leaves twice."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.tenancy.scope import scope
from leadhub.work.runner import run_due
from nurture.enrolling import enroll_lead
from nurture.models import Enrollment, Message
from tests.answers import read
from tests.nurture.programmes import HELLO, make_new_lead, make_sequence, set_rules
from tests.personas import NOW, ClientOf

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]
# Does the mail lane's jobs until it comes to the step's commit, or to the call.
WORKER = """
import os, signal, sys
from datetime import datetime
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from leadhub.delivery.channels.mail import MailChannel
from leadhub.work.models import Lane
from leadhub.work.registry import register
from leadhub.work.runner import run_due
from nurture import path, progress
def die(*arguments, **named):
    if sys.argv[3] == "step":
        progress.run_step(**named)
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[3] == "step":
    register(path.STEP, Lane.MAIL, die)
MailChannel.send = die
run_due(now=datetime.fromisoformat(sys.argv[2]), lanes=[Lane.MAIL])
"""


@pytest.mark.parametrize(("place", "state", "mails"), [("step", "sent", 1), ("call", "in_doubt", 0)])
def test_a_step_s_mail_leaves_once_or_is_listed_as_in_doubt(
    ada: Membership, client_of: ClientOf, place: str, state: str, mails: int
) -> None:
    with scope(ada.organization_id):
        set_rules()
        enroll_lead(sequence=make_sequence(HELLO), lead=make_new_lead(ada), actor=ada, now=NOW)
    killed = run_worker(place)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    with scope(ada.organization_id):
        written = [("nurture", "sending")] if place == "call" else []
        assert list(Delivery.objects.values_list("purpose", "state")) == written
        for minutes in (2, 4):  # the lease is over; then once more
            run_due(now=NOW + timedelta(minutes=minutes))
        assert (Delivery.objects.get().state, len(mail.outbox), Message.objects.count()) == (state, mails, 1)
        assert Enrollment.objects.get().state == Enrollment.State.FINISHED
    listed = "pat@patdoe.example" in read(client_of(ada).get(reverse("delivery_list")))
    assert listed == (state == "in_doubt")


def run_worker(place: str) -> "subprocess.CompletedProcess[bytes]":
    """Run the worker on the test's database until it dies."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "leadhub.settings"}
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", WORKER, name, NOW.isoformat(), place]
    return subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
