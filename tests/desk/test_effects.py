"""Before a member, a pool, its turns, a form or a field goes, the page says what that does; only then it is done."""

from typing import Any

import pytest
from django.urls import reverse

from capture.models import Form, Submission
from leadhub.accounts.models import Membership
from leadhub.leads.conditions.uses import find_uses
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import scope
from routing.models import Pool, PoolMember
from routing.publishing import publish_draft, save_rule
from scoring.drafts import put_fit_rule, start_draft
from tests.capture.test_forms import EMAIL, SETTINGS, post_fields
from tests.factories import LeadFactory
from tests.personas import ClientOf

ROOF = {"all": [{"field": "inquiry.fields.roof_color", "op": "is", "value": "red"}]}


def read_effects(answer: Any) -> list[str]:
    """Return what the page says would happen."""
    assert answer.status_code == 200
    return [effect.words for effect in answer.context["effects"]]


def test_a_member_leaves_after_it_was_said_what_that_does(
    ada: Membership, ria: Membership, client_of: ClientOf
) -> None:
    who: dict[str, Any] = {"actor": ada, "now": utc_now()}
    with scope(ada.organization_id):
        LeadFactory(owner=ria)
        PoolMember.objects.create(pool=Pool.objects.get(), member=ria)
        save_rule(name="Roofs", condition={}, target="member", member=ria, **who)
        publish_draft(**who)
    client, url = client_of(ada), reverse("member_detail", args=[ria.pk])
    posted = {"name": "Ria", "role": "rep"}
    effects = read_effects(client.post(url, posted))
    assert effects == [
        "Ria can no longer log in.",
        "1 open leads go on to whom the rules choose now.",
        "1 pools lose their turns.",
        "Routing rule “Roofs” (published) names them: its leads go to the fallback pool.",
    ]
    ria.refresh_from_db()
    assert ria.is_active
    client.post(url, {**posted, "confirmed": "1"})
    ria.refresh_from_db()
    assert not ria.is_active


@pytest.fixture
def closers(ada: Membership, ria: Membership) -> Pool:
    """A pool with Ria alone, which a draft names."""
    with scope(ada.organization_id):
        pool = Pool.objects.create(name="Closers", created_at=utc_now())
        PoolMember.objects.create(pool=pool, member=ria)
        save_rule(name="Big", condition={}, target="pool", pool=pool, actor=ada, now=utc_now())
    return pool


def test_a_pool_is_switched_off_after_the_question(ada: Membership, closers: Pool, client_of: ClientOf) -> None:
    client, url = client_of(ada), reverse("pool_detail", args=[closers.pk])
    posted = {"do": "pool", "name": "Closers", "time_zone": "UTC"}
    effects = read_effects(client.post(url, posted))
    assert effects[1:] == ["Without any other turns: Ria.", "Routing rule “Big” (draft) sends leads here."]
    client.post(url, {**posted, "confirmed": "1"})
    with scope(ada.organization_id):
        assert not Pool.objects.get(pk=closers.pk).is_active


def test_a_member_leaves_the_turns_after_the_question(
    ada: Membership, ria: Membership, closers: Pool, client_of: ClientOf
) -> None:
    client, url = client_of(ada), reverse("pool_detail", args=[closers.pk])
    posted = {"do": "drop_member", "member": str(ria.pk)}
    effects = read_effects(client.post(url, posted))
    assert "takes 100 % of this pool's turns" in effects[0]
    assert "nobody else takes turns here" in effects[0]
    assert effects[1].startswith("Of the 0 leads that came to these turns in the last 30 days 0 were theirs.")
    client.post(url, {**posted, "confirmed": "1"})
    with scope(ada.organization_id):
        assert not PoolMember.objects.filter(pool=closers).exists()


def test_a_pool_catches_what_no_rule_takes_after_the_question(
    ada: Membership, closers: Pool, client_of: ClientOf
) -> None:
    with scope(ada.organization_id):
        LeadFactory.create_batch(2, owner=ada, captured_at=utc_now())
    client, url = client_of(ada), reverse("pool_detail", args=[closers.pk])
    effects = read_effects(client.post(url, {"do": "fallback"}))
    assert effects[0] == "No rule takes 2 of the 2 leads of the last 30 days: such come here instead of Sales."
    client.post(url, {"do": "fallback", "confirmed": "1"})
    with scope(ada.organization_id):
        assert Pool.objects.get(is_fallback=True) == closers


def test_a_field_and_a_form_go_after_the_question(ada: Membership, client_of: ClientOf) -> None:
    with scope(ada.organization_id):
        form = Form.objects.get()
        zip_code = {"name": "where", "label": "ZIP", "kind": "postal_code"}
        Form.objects.update(fields=[*form.fields, {"name": "roof_color", "label": "Colour", "kind": "text"}, zip_code])
        values = {"email": "a@b.example", "roof_color": "red"}
        Submission.objects.create(door="form", form=form, received_at=utc_now(), body=b"", values=values)
        start_draft(actor=ada, now=utc_now())
        north = {"all": [{"field": "person.postal_code", "op": "starts_with", "value": "602"}]}
        save_rule(name="North", condition=north, target="member", member=ada, actor=ada, now=utc_now())
        put_fit_rule(key="", label="Red roof", points=5, condition=ROOF, actor=ada, now=utc_now())
    client, url = client_of(ada), reverse("form_detail", args=[form.pk])
    posted = {**SETTINGS, **post_fields(EMAIL), "is_active": ""}
    effects = read_effects(client.post(url, posted))
    assert effects[0].startswith("1 posts came through it in the last 30 days")
    assert "“Colour” was filled in 1 times in the last 30 days; what came stays with its leads." in effects
    assert "Score rule “Red roof” (draft) asks about “Colour”." in effects
    assert "Routing rule “North” (draft) asks about “ZIP”." in effects
    client.post(url, {**posted, "confirmed": "1"})
    with scope(ada.organization_id):
        assert not Form.objects.get().is_active


@pytest.mark.usefixtures("in_scope")
def test_uses_are_found_by_field_and_by_value(ada: Membership) -> None:
    mine = {"any": [{"field": "lead.owner", "op": "is", "value": str(ada.pk)}]}
    save_rule(name="Mine", condition=mine, target="member", member=ada, actor=ada, now=utc_now())
    assert [rule.words for rule in find_uses(value=str(ada.pk))] == ["Routing rule “Mine” (draft)"]
    assert [rule.words for rule in find_uses(fields={"lead.owner"})] == ["Routing rule “Mine” (draft)"]
    assert find_uses(fields={"inquiry.fields.roof_color"}) == []
