"""A body for every call that changes a setting, so that a test can see the audit row of each.

A new one fails that test until it has its line here: URL name → what to post, from the organization's own rows; a
method before the name is for that method alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from capture.google_ads import hash_key
from capture.models import Form
from routing.models import Holiday, Pool, PoolMember, RoutingRule, RoutingRuleSet
from tests.contracts.places import Furniture
from tests.contracts.rows import build_row

Body = dict[str, Any]
Bodies = Callable[[Furniture], list[Body]]

CONDITION = {"condition.size": "1", "condition.kind": "all", "condition-0.field": "person.city"} | {
    "condition-0.op": "is",
    "condition-0.value": "Springfield",
}
NUMBERS = {
    "fit_bar": "41",
    "engagement_bar": "31",
    "half_life_days": "15",
    "sql_bar": "61",
    "hand_raise_intents": "hot",
}
FORM = {"name": "Renamed", "headline": "New", "button_text": "Go", "thank_you_text": "Thanks.", "intent": "warm"} | {
    "is_active": "on",
    "fields-TOTAL_FORMS": "1",
    "fields-INITIAL_FORMS": "0",
    "fields-0-name": "email",
    "fields-0-label": "E-mail",
    "fields-0-kind": "email",
}


@dataclass(frozen=True)
class Once:
    """One body, the same whoever posts it."""

    body: Body

    def __call__(self, _here: Furniture) -> list[Body]:
        return [self.body]


def once(**body: Any) -> Once:
    """Return a maker of this one body."""
    return Once(body)


def change_pool(here: Furniture) -> list[Body]:
    """Return one body for each card of a pool's page."""
    pool = Pool.objects.get(is_fallback=True)
    holiday = build_row(Holiday, pool=pool)
    PoolMember.objects.get_or_create(pool=pool, member=here.member)
    return [
        {"do": "pool", "name": "Closers", "time_zone": "UTC", "works_always": "on", "is_active": "on"},
        {"do": "member", "member": str(here.member.pk), "weight": "7", "capacity": "3"},
        {"do": "hours", "0-0-opens": "08:00", "0-0-closes": "12:00"},
        {"do": "holiday", "on": "2026-12-24", "name": "Eve"},
        {"do": "drop_holiday", "holiday": str(holiday.pk)},
        {"do": "promises", "hot": "9", "warm": "90", "content": "900"},
        {"do": "drop_member", "member": str(here.member.pk)},
    ]


def change_member(here: Furniture) -> list[Body]:
    """Return a new name; role and duties stay."""
    kept = {name: "on" for name in ("is_active", "is_marketing_owner", "is_duty_manager") if getattr(here.member, name)}
    return [{"name": "Renamed", "role": here.member.role, **kept}]


def name_member(here: Furniture) -> list[Body]:
    """Return a key for the member."""
    return [{"name": "CRM", "member": str(here.member.pk), "scopes": "leads:read"}]


def aim_at_member(here: Furniture) -> list[Body]:
    """Return a rule that sends leads to the member."""
    return [{"name": "Town", "target": "member", "member": str(here.member.pk), **CONDITION}]


def aim_by_api(here: Furniture) -> list[Body]:
    """Return the same rule as a program writes it."""
    return [{"name": "Town", "target": "member", "member": str(here.member.pk), "condition": {}}]


def hold_google_key(_here: Furniture) -> list[Body]:
    """Let the form have a key that can be ended."""
    Form.objects.update(google_key_sha256=hash_key("a-key-of-twenty-signs"))
    return [{}]


def begin_anew(_here: Furniture) -> list[Body]:
    """Leave no draft, so that one begins."""
    RoutingRule.objects.filter(rule_set__state="draft").delete()
    RoutingRuleSet.objects.filter(state="draft").delete()
    return [{}]


BODIES: dict[str, Bodies] = {
    "api_score_models": once(**{**NUMBERS, "hand_raise_intents": ["hot"]}),
    "api_score_model_publications": once(note="Now"),
    "api_routing_rules": aim_by_api,
    "api_routing_publications": once(note="Now"),
    "api_routing_draft": once(),
    "POST api_routing_draft": begin_anew,
    "api_routing_rule": aim_by_api,
    "DELETE api_routing_rule": once(),
    "api_score_model_draft": once(),
    "api_score_rule": once(label="Town", points=7),
    "api_member_absence": once(),
    "api_forms": once(name="Brochure"),
    "api_form": once(name="Renamed", fields=[{"name": "email", "kind": "email"}]),
    "api_sending_rules": once(cap_mails=3),
    "api_pools": once(name="Closers"),
    "api_pool": once(name="Closers", promises={"hot": 9}, hours=[]),
    "api_pool_member": once(weight=7, capacity=3),
    "api_pool_holiday": once(name="Christmas"),
    "api_mail_templates": once(name="Call me", subject="Hello", body="New words"),
    "api_mail_template": once(subject="New words"),
    "team_absence": once(),
    "member_absence": once(do="away"),
    "routing_draft": once(do="discard"),
    "routing_publish": once(note="Now"),
    "routing_restoration": once(),
    "routing_rule_new": aim_at_member,
    "routing_rule": aim_at_member,
    "routing_rule_move": once(to="0"),
    "routing_rule_delete": once(),
    "pool_new": once(name="Closers", time_zone="UTC", works_always="on"),
    "pool_detail": change_pool,
    "api_webhooks": once(name="Warehouse", url="https://hooks.example/leadhub"),
    "api_webhook": once(name="Renamed"),
    "DELETE api_webhook": once(),
    "api_webhook_secret": once(),
    "api_webhook_state": once(state="paused"),
    "api_webhook_test": once(),
    "api_webhook_delivery_again": once(),
    "webhook_list": once(name="Warehouse", url="https://hooks.example/leadhub"),
    "webhook_detail": once(name="Renamed", url="https://hooks.example/leadhub"),
    "webhook_secret": once(),
    "webhook_test": once(),
    "webhook_state": once(do="pause"),
    "webhook_deletion": once(),
    "webhook_call_again": once(),
    "member_list": once(email="somebody@acme.example", name="Some", role="rep"),
    "member_detail": change_member,
    "invitation_revoke": once(),
    "api_key_list": name_member,
    "api_key_revoke": once(),
    "organization_settings": once(name="Renamed", time_zone="UTC", currency="USD", country="US"),
    "score_numbers": once(**NUMBERS),
    "score_draft_discard": once(),
    "score_rule": once(label="Town", points="7", **CONDITION),
    "score_rule_removal": once(),
    "score_publication": once(note="Now"),
    "score_restoration": once(),
    "form_create": once(name="Brochure"),
    "form_detail": once(**FORM),
    "api_form_google_key": once(google_key="a-key-of-twenty-signs"),
    "DELETE api_form_google_key": hold_google_key,
    "form_google_ads": once(do="make"),
    "form_acknowledgement": once(acknowledgement_subject="Hello", acknowledgement_body="New words"),
    "target_list": once(qualified_leads="40"),
    "api_targets": once(month="2026-03", targets={"qualified_leads": "40"}),
    "api_sequences": once(name="Spring"),
    "api_sequence": once(name="Renamed"),
    "api_sequence_steps": once(kind="wait", wait_days=2),
    "api_step": once(wait_days=2),
    "api_sequence_state": once(state="archived"),
    "api_suppressions": once(addresses=["a@b.example"], reason="asked"),
    "api_suppression": once(reason="asked"),
    "sequence_list": once(name="Spring"),
    "sequence_state": once(do="archive"),
    "sequence_rules": once(name="Renamed"),
    "step_new": once(subject="Hello", body="New words"),
    "step_detail": once(wait_days="4", wait_hours="0"),
    "step_position": once(to="0"),
    "step_removal": once(),
    "nurture_settings": once(quiet_from="21:00", quiet_until="07:00", cap_mails="3", cap_days="7"),
    "mail_template_new": once(name="Call me", subject="Hello", body="New words"),
    "mail_template": once(name="Call me", subject="Hello", body="New words"),
    "mail_template_removal": once(),
    "suppression_list": once(addresses="a@b.example", reason="asked"),
    "suppression_lift": once(reason="asked"),
}


def list_bodies(name: str, method: str, here: Furniture) -> list[Body]:
    """Return what a member of the organization sends to the URL by the method; needs the scope."""
    return find_bodies(name, method)(here)


def find_bodies(name: str, method: str) -> Bodies:
    """Return the maker of the URL's bodies."""
    return BODIES.get(f"{method} {name}", BODIES[name])
