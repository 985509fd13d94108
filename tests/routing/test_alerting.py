"""Each cause is told once, in the browser and by mail, to the one whom it concerns."""

from datetime import datetime, timedelta

from leadhub.accounts.models import Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.models import Door, Intent
from leadhub.live.models import Alert
from routing.models import Pool
from routing.reassignment import reassign
from tests.routing.conftest import Arrive, step_on


def told() -> list[tuple[str, str]]:
    return list(Alert.objects.order_by("created_at", "id").values_list("member__name", "kind"))


def test_the_owner_is_told_once(arrive: Arrive, sales: Pool) -> None:
    walk = arrive(message="We need new siding,\nsoon.")
    step_on(walk)
    assert told() == [("Ria", "assigned")]
    alert, mail = Alert.objects.get(), Delivery.objects.get()
    assert alert.text == "New hot lead: Jane Doe (X Homes) – “We need new siding, soon.”"
    assert (mail.recipient, mail.purpose, mail.channel) == ("ria@acme-siding.example", "alert", "mail")
    assert mail.content["subject"] == alert.text
    assert "First attempt due: Wed 04 Mar 2026, 15:05 UTC" in mail.content["text"]
    assert f"/leads/{alert.lead_id}/" in mail.content["text"]


def test_a_repeat_alerts_nobody_and_another_question_its_owner(arrive: Arrive, sales: Pool, now: datetime) -> None:
    arrive()
    arrive(at=now + timedelta(hours=1))
    assert told() == [("Ria", "assigned")]
    arrive(at=now + timedelta(hours=2), service="roofs", intent=Intent.WARM)
    assert told() == [("Ria", "assigned"), ("Ria", "inquiry")]


def test_imports_alert_nobody_even_later(arrive: Arrive, sales: Pool) -> None:
    walk = arrive(door=Door.IMPORT)
    walk.is_quiet = False
    walk.is_new_inquiry = False
    step_on(walk)
    assert told() == []


def test_marketing_hears_of_questions_not_of_downloads(arrive: Arrive, sales: Pool) -> None:
    arrive(intent=Intent.CONTENT)
    assert told() == []
    arrive(email="b@x.example", intent=Intent.WARM)
    assert told() == [("Ada", "inquiry")]


def test_a_colleague_who_gets_the_lead_is_told(
    arrive: Arrive, sales: Pool, raj: Membership, mia: Membership, now: datetime
) -> None:
    walk = arrive()
    assert walk.lead is not None
    reassign(lead=walk.lead, member=raj, actor=mia, now=now)
    step_on(walk)
    reassign(lead=walk.lead, member=mia, actor=mia, now=now)
    step_on(walk)
    assert told() == [("Ria", "assigned"), ("Raj", "reassigned")]
