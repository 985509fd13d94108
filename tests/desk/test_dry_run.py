"""A dry run tells each step of the line and keeps nothing."""

from typing import Any

import pytest
from django.db import models
from django.urls import reverse

from capture.models import Form, Submission
from leadhub.accounts.models import AuditEntry, Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.models import Event, Lead, Person
from leadhub.lib.clock import utc_now
from leadhub.live.models import Alert
from leadhub.tenancy.scope import scope
from leadhub.work.models import Job
from routing.models import Assignment, PoolMember
from routing.publishing import save_rule
from tests.desk.leads import make_lead
from tests.personas import ClientOf

WRITTEN: tuple[type[models.Model], ...] = (
    Submission,
    Person,
    Lead,
    Event,
    Assignment,
    Alert,
    Delivery,
    AuditEntry,
    Job,
)
ASKED = {"email": "grace@navy.example", "first_name": "Grace", "message": "New siding", "service": "Siding"}


def count_everything(member: Membership) -> dict[str, Any]:
    """Return what a run could have written, and the turns that it could have taken."""
    with scope(member.organization_id):
        counts: dict[str, Any] = {model.__name__: model._default_manager.count() for model in WRITTEN}
        return {**counts, "turns": list(PoolMember.objects.values_list("turns", "current_weight"))}


@pytest.fixture
def asked(ada: Membership) -> dict[str, str]:
    """What arrives, at Acme's form."""
    with scope(ada.organization_id):
        return {**ASKED, "form": str(Form.objects.get().pk)}


def test_each_step_is_told_and_nothing_is_kept(ada: Membership, asked: dict[str, str], client_of: ClientOf) -> None:
    before = count_everything(ada)
    scenes = {scene.title: scene for scene in client_of(ada).get(reverse("dry_run"), asked).context["scenes"]}
    assert scenes["Intake"].words == "Grace is a new lead."
    assert scenes["Qualification"].words.startswith("MQL at once: raised a hand")
    assert scenes["Owner"].words.startswith("Ada: next turn in Sales")
    assert "First attempt by" in scenes["Promise"].words
    assert scenes["Alert"].details
    assert any("grace@navy.example" in detail for detail in scenes["Mail"].details)
    assert not any(scene.is_bad for scene in scenes.values())
    assert count_everything(ada) == before


def test_the_drafts_decide_where_asked(
    ada: Membership, ria: Membership, asked: dict[str, str], client_of: ClientOf
) -> None:
    with scope(ada.organization_id):
        save_rule(name="All to Ria", condition={}, target="member", member=ria, actor=ada, now=utc_now())
    before = count_everything(ada)
    for drafts, owner in (("", "Ada"), ("on", "Ria")):
        scenes = client_of(ada).get(reverse("dry_run"), {**asked, "uses_drafts": drafts}).context["scenes"]
        [told] = [scene.words for scene in scenes if scene.title == "Owner"]
        assert told.startswith(f"{owner}: ")
    assert count_everything(ada) == before


def test_a_known_person_joins_unless_taken_for_a_stranger(
    ada: Membership, asked: dict[str, str], client_of: ClientOf
) -> None:
    client = client_of(ada)
    client.post(reverse("lead_create"), ASKED)
    known = client.get(reverse("dry_run"), asked).context["scenes"][0]
    assert "joins their lead no. 1" in known.words
    stranger = client.get(reverse("dry_run"), {**asked, "is_stranger": "on"}).context["scenes"][0]
    assert stranger.words == "Grace is a new lead."


def test_what_intake_refuses_is_told(ada: Membership, asked: dict[str, str], client_of: ClientOf) -> None:
    scenes = client_of(ada).get(reverse("dry_run"), {**asked, "email": "", "phone": "12"}).context["scenes"]
    assert scenes[0].is_bad


def test_a_lead_fills_in_the_form(ada: Membership, client_of: ClientOf) -> None:
    client = client_of(ada)
    client.post(reverse("lead_create"), ASKED)
    with scope(ada.organization_id):
        lead = Lead.objects.get()
        other = make_lead(owner=ada, now=utc_now(), name="Without a submission")
    page = client.get(reverse("dry_run"), {"lead": str(lead.pk)})
    assert page.context["form"].initial["email"] == "grace@navy.example"
    assert client.get(reverse("dry_run"), {"lead": str(other.pk)}).status_code == 200
    assert client.get(reverse("dry_run"), {"lead": "nonsense"}).status_code == 200
