"""Webhooks leave signed, are tried again as the spec says, never by a second id, and hold nobody else up."""

import json
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.conf import LazySettings
from standardwebhooks import Webhook, WebhookVerificationError

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.delivery.models import Delivery
from leadhub.delivery.settling import send_again
from leadhub.lib.clock import utc_now
from leadhub.webhooks import sending
from leadhub.webhooks.announcing import write_deliveries, write_delivery
from leadhub.webhooks.calling import Outcome, read_wait
from leadhub.webhooks.endpoints import (
    EndpointPlan,
    Shown,
    change_endpoint,
    delete_endpoint,
    pause_endpoint,
    resume_endpoint,
    rotate_secret,
    send_test,
)
from leadhub.webhooks.event_types import EventType
from leadhub.webhooks.health import FAILED_TIMES, FAILING_FOR
from leadhub.webhooks.models import Announcement, Endpoint
from leadhub.webhooks.sending import RETRY_SECONDS
from leadhub.work.claims import PORTIONS, Turn, claim_jobs
from leadhub.work.models import Job, Lane
from leadhub.work.runner import run_due, run_jobs
from tests.listening import Listener, Reply
from tests.webhooks.conftest import plug

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]
State = Delivery.State
LANES = [Lane.WEBHOOK]


def put(shown: Shown, *, now: datetime, key: str = "1") -> Delivery:
    """Put an event into the outbox."""
    told = write_delivery(
        endpoint=Endpoint.objects.get(pk=shown.endpoint.pk),
        event_type=EventType.LEAD_WON,
        told={"lead": {"email": "jané@client.example"}},
        dedupe_key=f"test:{shown.endpoint.pk}:{key}",
        lead=None,
        at=now,
    )
    write_deliveries([told], now=now)
    return told[1]


def send(now: datetime) -> int:
    return run_due(now=now, lanes=LANES)


def read(delivery: Delivery) -> Announcement:
    found: Announcement = Announcement.objects.select_related("endpoint", "delivery").get(pk=delivery.pk)
    return found


def test_call_is_signed_and_told_once(shown: Shown, server: Listener) -> None:
    now = utc_now()  # receivers refuse what was signed long ago
    delivery = put(shown, now=now)
    assert send(now) == 1
    assert send(now) == 0
    [heard] = server.heard
    body = Webhook(shown.secret).verify(heard.body, heard.headers)
    assert body == {
        "type": "lead.won",
        "timestamp": now.isoformat(),
        "data": {"lead": {"email": "jané@client.example"}},
    }
    assert heard.headers["webhook-id"] == str(delivery.pk)
    assert heard.headers["content-type"] == "application/json"
    one = read(delivery)
    assert (one.delivery.state, one.status, one.answer, one.endpoint.answered_at) == (State.SENT, 200, "ok", now)
    with pytest.raises(WebhookVerificationError):
        Webhook(shown.secret).verify(heard.body + b" ", heard.headers)


def test_both_secrets_sign_for_a_day(shown: Shown, server: Listener, ada: Membership) -> None:
    now = utc_now()
    new = rotate_secret(endpoint=shown.endpoint, actor=ada, now=now)
    put(shown, now=now)
    send(now)
    for secret in (shown.secret, new.secret):
        Webhook(secret).verify(server.heard[0].body, server.heard[0].headers)
    Endpoint.objects.update(former_until=now)
    put(shown, now=now, key="2")
    send(now)
    Webhook(new.secret).verify(server.heard[1].body, server.heard[1].headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(shown.secret).verify(server.heard[1].body, server.heard[1].headers)


def test_secrets_are_sealed_and_in_no_audit_row(shown: Shown, ada: Membership, now: datetime) -> None:
    new = rotate_secret(endpoint=shown.endpoint, actor=ada, now=now)
    endpoint = Endpoint.objects.get()
    for secret in (shown.secret, new.secret):
        assert secret.startswith("whsec_")
        assert secret not in f"{endpoint.secret} {endpoint.former_secret}"
        assert not [row for row in AuditEntry.objects.all() if secret in json.dumps([row.before, row.after])]


def test_failure_is_tried_again_as_the_spec_says_under_the_same_id(
    shown: Shown, server: Listener, now: datetime
) -> None:
    server.reply_with(Reply(status=500, body=b"x" * 500))
    delivery, at, waits = put(shown, now=now), now, []
    for _ in RETRY_SECONDS:
        send(at)
        one = read(delivery)
        assert (one.delivery.state, one.status, one.answer) == (State.PENDING, 500, "x" * 100)
        assert one.next_try_at is not None
        waits.append(int((one.next_try_at - at).total_seconds()))
        assert send(one.next_try_at - timedelta(seconds=1)) == 0
        at = one.next_try_at
    send(at)
    assert tuple(waits) == RETRY_SECONDS
    assert read(delivery).delivery.state == State.FAILED
    assert read(delivery).delivery.error == "The server answered 500 Internal Server Error."
    assert len(server.heard) == len(RETRY_SECONDS) + 1
    assert {heard.headers["webhook-id"] for heard in server.heard} == {str(delivery.pk)}
    assert all(former.body == later.body for former, later in pairwise(server.heard))
    assert not Job.objects.filter(lane=Lane.WEBHOOK).exists()


def test_failed_one_is_sent_again_by_hand(shown: Shown, server: Listener, ada: Membership, now: datetime) -> None:
    delivery = put(shown, now=now)
    Delivery.objects.filter(pk=delivery.pk).update(state=State.FAILED, attempts=10)
    Job.objects.filter(lane=Lane.WEBHOOK).delete()
    send_again(delivery_id=delivery.pk, actor=ada, now=now)
    send(now)
    assert read(delivery).delivery.state == State.SENT
    assert server.heard[0].headers["webhook-id"] == str(delivery.pk)


def test_redirect_is_a_failure(shown: Shown, server: Listener, now: datetime) -> None:
    server.reply_with(Reply(status=307, headers={"Location": "http://localhost:1/"}))
    delivery = put(shown, now=now)
    send(now)
    assert (read(delivery).status, read(delivery).delivery.state) == (307, State.PENDING)
    assert len(server.heard) == 1


def test_private_address_is_never_called(shown: Shown, server: Listener, now: datetime, settings: LazySettings) -> None:
    """A name that was fine when the endpoint was made, and whose DNS now says loopback."""
    settings.PRIVATE_HOSTS = frozenset()
    Endpoint.objects.update(url=f"https://localhost:{server.port}/")
    delivery = put(shown, now=now)
    send(now)
    assert (server.heard, read(delivery).delivery.state) == ([], State.PENDING)
    assert read(delivery).delivery.error == "localhost is not in the public internet."


def test_crash_between_call_and_record_sends_again_with_the_same_id(
    shown: Shown, server: Listener, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The worker dies."""

    def die(**_: object) -> None:
        raise Killed

    delivery = put(shown, now=now)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_record", die)
        with pytest.raises(Killed):
            send(now)
    assert (read(delivery).delivery.state, len(server.heard)) == (State.SENDING, 1)
    assert send(now) == 0  # the lease runs
    send(now + PORTIONS[Lane.WEBHOOK].lease)
    assert (read(delivery).delivery.state, read(delivery).delivery.attempts) == (State.SENT, 2)
    assert server.heard[0].headers["webhook-id"] == server.heard[1].headers["webhook-id"]


def test_late_sender_changes_nothing(shown: Shown, server: Listener, now: datetime) -> None:
    """Its lease ran out, another one sent: the outcome of the other stands."""
    delivery, later = put(shown, now=now), now + PORTIONS[Lane.WEBHOOK].lease
    stale = claim_jobs(lane=Lane.WEBHOOK, turn=Turn(), now=now)
    fresh = claim_jobs(lane=Lane.WEBHOOK, turn=Turn(), now=later)
    run_jobs(jobs=fresh, clock=lambda: later)
    server.reply_with(Reply(status=500))
    run_jobs(jobs=stale, clock=lambda: now)
    assert (read(delivery).delivery.state, read(delivery).delivery.attempts, len(server.heard)) == (State.SENT, 1, 1)


def test_gone_switches_off_and_keeps_what_waits(
    shown: Shown, server: Listener, ada: Membership, now: datetime, mailoutbox: list[object]
) -> None:
    server.reply_with(Reply(status=410))
    first, second = put(shown, now=now), put(shown, now=now, key="2")
    send(now)
    endpoint = Endpoint.objects.get()
    assert (endpoint.state, len(server.heard)) == (Endpoint.State.SWITCHED_OFF, 1)
    assert Delivery.objects.filter(channel="webhook", state=State.PENDING).count() == 2
    assert AuditEntry.objects.filter(action="webhook.switched_off").count() == 1
    [mail] = Delivery.objects.filter(channel="mail", purpose="alert")
    assert (mail.recipient, str(endpoint.pk) in mail.content["text"]) == ("ada@acme.example", True)
    put(shown, now=now, key="3")
    send(now)
    assert (Job.objects.filter(lane=Lane.WEBHOOK).exists(), len(server.heard)) == (False, 1)
    server.reply_with(Reply())
    assert resume_endpoint(endpoint=endpoint, gives_up=False, actor=ada, now=now) == 3
    send(now)
    assert len(server.heard) == 4
    assert read(first).delivery.state == read(second).delivery.state == State.SENT


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("Wed, 04 Mar 2026 15:02:00 GMT", 120),
        ("Wed, 04 Mar 2026 14:00:00 GMT", 0),
        ("99999999", 86400),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 400, None),
    ],
)
def test_retry_after_is_read(text: str, seconds: int | None, now: datetime) -> None:
    wait = read_wait(text, now=now)
    assert (None if wait is None else wait.total_seconds()) == seconds


def test_server_that_asks_for_time_is_left_alone_by_all_that_waits(
    shown: Shown, server: Listener, now: datetime
) -> None:
    server.reply_with(Reply(status=503, headers={"Retry-After": "900"}))
    first, second = put(shown, now=now), put(shown, now=now, key="2")
    send(now)
    assert len(server.heard) == 1
    assert {read(one).next_try_at for one in (first, second)} == {now + timedelta(seconds=900)}
    assert read(second).delivery.attempts == 0
    server.reply_with(Reply())
    send(now + timedelta(seconds=900))
    assert Delivery.objects.filter(state=State.SENT).count() == 2


def test_dead_server_costs_one_call_however_much_waits_and_delays_no_other(
    shown: Shown, server: Listener, ada: Membership, now: datetime
) -> None:
    with_other = plug(server, actor=ada, name="Other")
    Endpoint.objects.filter(pk=shown.endpoint.pk).update(url="http://localhost:1/")
    for number in range(9):
        put(shown, now=now, key=str(number))
    other = put(with_other, now=now)
    send(now)
    dead = Delivery.objects.filter(recipient="http://localhost:1/")
    assert sum(dead.values_list("attempts", flat=True)) == 1
    assert read(other).delivery.state == State.SENT


def test_lane_is_not_the_mails(shown: Shown, now: datetime) -> None:
    put(shown, now=now)
    assert run_due(now=now, lanes=[Lane.SPEED, Lane.MAIL, Lane.BULK]) == 0


def test_long_failure_switches_off(shown: Shown, server: Listener, now: datetime) -> None:
    server.reply_with(Reply(status=500))
    Endpoint.objects.update(failures=FAILED_TIMES - 1, failing_since=now - FAILING_FOR + timedelta(seconds=5))
    put(shown, now=now)
    send(now)
    assert Endpoint.objects.get().state == Endpoint.State.ACTIVE
    send(now + timedelta(seconds=5))
    endpoint = Endpoint.objects.get()
    assert (endpoint.state, endpoint.failures) == (Endpoint.State.SWITCHED_OFF, FAILED_TIMES + 1)


def test_one_success_forgets_the_failures(shown: Shown, server: Listener, now: datetime) -> None:
    Endpoint.objects.update(failures=50, failing_since=now - timedelta(days=30))
    put(shown, now=now)
    send(now)
    endpoint = Endpoint.objects.get()
    assert (endpoint.failures, endpoint.failing_since) == (0, None)


def test_paused_one_is_not_called_and_can_forget_what_it_missed(
    shown: Shown, server: Listener, ada: Membership, now: datetime
) -> None:
    before = put(shown, now=now)
    pause_endpoint(endpoint=shown.endpoint, actor=ada, now=now)
    send(now)
    after = put(shown, now=now, key="2")
    send(now)
    assert (server.heard, Job.objects.filter(lane=Lane.WEBHOOK).exists()) == ([], False)
    assert resume_endpoint(endpoint=shown.endpoint, gives_up=True, actor=ada, now=now) == 2
    send(now)
    assert server.heard == []
    assert {read(one).delivery.state for one in (before, after)} == {State.SUPPRESSED}


def test_what_failed_for_good_is_mailed_once_and_sent_on_resuming(
    shown: Shown, server: Listener, ada: Membership, now: datetime
) -> None:
    server.reply_with(Reply(status=500))
    first, second = put(shown, now=now), put(shown, now=now, key="2")
    for hours in range(100):
        send(now + timedelta(hours=hours))
    assert {read(one).delivery.state for one in (first, second)} == {State.FAILED}
    [mail] = Delivery.objects.filter(channel="mail", purpose="alert")
    assert mail.content["subject"] == "Webhook not taken: CRM"
    later = now + timedelta(hours=101)
    pause_endpoint(endpoint=shown.endpoint, actor=ada, now=later)
    server.reply_with(Reply(status=200))
    assert resume_endpoint(endpoint=Endpoint.objects.get(), gives_up=False, actor=ada, now=later) == 2
    send(later)
    assert {read(one).delivery.state for one in (first, second)} == {State.SENT}


def test_yes_and_a_new_url_wake_what_rested(shown: Shown, server: Listener, ada: Membership, now: datetime) -> None:
    server.reply_with(Reply(status=503, headers={"Retry-After": "3600"}))
    rested = put(shown, now=now)
    send(now)
    put(shown, now=now, key="2")
    send(now)
    assert len(server.heard) == 1
    server.reply_with(Reply(status=200))
    send_test(endpoint=shown.endpoint, actor=ada, now=now)
    send(now)  # the test is sent all the same, and its yes ends the rest
    send(now)
    assert read(rested).delivery.state == State.SENT
    assert not Delivery.objects.filter(channel="webhook", state=State.PENDING).exists()


def test_lost_secret_waits_for_an_admin(
    shown: Shown, server: Listener, ada: Membership, now: datetime, settings: LazySettings
) -> None:
    settings.ENCRYPTION_KEYS = ["another-key-that-opens-nothing-here"]
    delivery = put(shown, now=now)
    send(now)
    assert (Endpoint.objects.get().state, server.heard) == (Endpoint.State.SWITCHED_OFF, [])
    new = rotate_secret(endpoint=shown.endpoint, actor=ada, now=now)
    resume_endpoint(endpoint=new.endpoint, gives_up=False, actor=ada, now=now)
    send(now)
    assert read(delivery).delivery.state == State.SENT


def test_answer_of_a_former_url_says_nothing_of_the_new_one(shown: Shown, now: datetime) -> None:
    put(shown, now=now)
    [job] = claim_jobs(lane=Lane.WEBHOOK, turn=Turn(), now=now)
    call = sending._claim(job=job, now=now)
    assert call is not None
    Endpoint.objects.update(url="https://new.example/")
    sending._record(job=job, outcome=Outcome(error="Gone", status=410, is_gone=True), now=now)
    assert (Endpoint.objects.get().state, Endpoint.objects.get().failures) == (Endpoint.State.ACTIVE, 0)


def test_test_event_reaches_a_paused_one_and_is_tried_once(
    shown: Shown, server: Listener, ada: Membership, now: datetime
) -> None:
    pause_endpoint(endpoint=shown.endpoint, actor=ada, now=now)
    send_test(endpoint=shown.endpoint, actor=ada, now=now)
    send(now)
    assert json.loads(server.heard[0].body)["type"] == "webhook.test"
    server.reply_with(Reply(status=404))
    failed = send_test(endpoint=shown.endpoint, actor=ada, now=now + timedelta(seconds=1))
    send(now + timedelta(seconds=1))
    assert (read(failed).delivery.state, read(failed).status) == (State.FAILED, 404)


def test_what_waits_goes_to_the_new_url(shown: Shown, server: Listener, ada: Membership, now: datetime) -> None:
    Endpoint.objects.update(url="http://localhost:1/")
    delivery = put(shown, now=now)
    send(now)
    plan = EndpointPlan(name="CRM", url=server.url)
    change_endpoint(endpoint=shown.endpoint, plan=plan, actor=ada, now=now)
    send(now + timedelta(seconds=5))
    assert (read(delivery).delivery.state, read(delivery).delivery.recipient) == (State.SENT, server.url)


def test_deleted_one_is_called_no_more(shown: Shown, server: Listener, ada: Membership, now: datetime) -> None:
    delivery = put(shown, now=now)
    delete_endpoint(endpoint=shown.endpoint, actor=ada, now=now)
    send(now)
    assert (server.heard, Delivery.objects.get(pk=delivery.pk).state) == ([], State.SUPPRESSED)
    assert not Job.objects.filter(lane=Lane.WEBHOOK).exists()
