"""Every named constraint of the shared lead model refuses what it is there to refuse."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model, UniqueConstraint

from leadhub.accounts.models import Membership
from leadhub.leads.models import (
    Company,
    Event,
    ExternalRef,
    Identity,
    Inquiry,
    Lead,
    Opportunity,
    OpportunityLead,
    Person,
    PersonMerge,
    SavedView,
    StageChange,
    Suppression,
    Task,
    Touch,
)
from leadhub.lib.ids import new_id
from leadhub.tenancy.models import Organization, TenantModel
from tests.contracts.rows import AT, build_row

CHECKS: dict[str, tuple[type[TenantModel], dict[str, Any]]] = {
    "event_kind": (Event, {"kind": "telepathy"}),
    "identity_kind": (Identity, {"kind": "face"}),
    "inquiry_intent": (Inquiry, {"intent": "tepid"}),
    "inquiry_door": (Inquiry, {"door": "chimney"}),
    "inquiry_quote_value": (Inquiry, {"quote_value": Decimal(-1)}),
    "lead_stage": (Lead, {"stage": "lost"}),
    "lead_verdict": (Lead, {"verdict": "maybe", "verdict_at": AT}),
    "lead_channel": (Lead, {"channel": "rumour"}),
    "lead_disposition": (Lead, {"disposition": "bored"}),
    "lead_closed_with_disposition": (Lead, {"stage": "recycled"}),
    "lead_timing_has_date": (Lead, {"disposition": "timing"}),
    "lead_verdict_dated": (Lead, {"verdict": "qualified"}),
    "lead_mql_reason": (Lead, {"mql_at": AT, "mql_reason": ""}),
    "lead_mql_dated": (Lead, {"stage": "mql"}),
    "lead_won_dated": (Lead, {"stage": "customer"}),
    "lead_quote_value": (Lead, {"quote_value": Decimal(-1), "quote_value_source": "form"}),
    "lead_quote_value_source": (Lead, {"quote_value": Decimal(1), "quote_value_source": ""}),
    "lead_deal_values": (Lead, {"pipeline_value": Decimal(-1)}),
    "opportunity_stage": (Opportunity, {"stage": "dreaming"}),
    "opportunity_amount": (Opportunity, {"amount": Decimal(-1)}),
    "opportunity_probability": (Opportunity, {"probability": 101}),
    "opportunity_closed_dated": (Opportunity, {"stage": "won"}),
    "opportunity_lost_reason": (Opportunity, {"stage": "lost", "closed_at": AT}),
    "stage_change_stage": (StageChange, {"to_stage": "lost"}),
    "task_kind": (Task, {"kind": "nap"}),
    "touch_channel": (Touch, {"channel": "rumour"}),
}


def repeat(model: type[TenantModel], **values: Any) -> Callable[[], None]:
    """Return a deed that makes two rows with the same values."""

    def make_both() -> None:
        made = {name: value() if callable(value) else value for name, value in values.items()}
        for _ in range(2):
            build_row(model, **made)

    return make_both


def person() -> TenantModel:
    return build_row(Person)


def lead() -> TenantModel:
    return build_row(Lead)


def repeat_own_opening() -> None:
    build_row(Inquiry, is_opening=True, duplicate_of=build_row(Inquiry))


def merge_with_oneself() -> None:
    one = person()
    build_row(PersonMerge, kept=one, absorbed=one)


DEEDS: dict[str, Callable[[], None]] = {
    "company_domain": repeat(Company, domain="client.example"),
    "event_dedupe_key": repeat(Event, dedupe_key="cause"),
    "external_ref_id": repeat(ExternalRef, system="crm", record_kind="person", external_id="7"),
    "identity_value": repeat(Identity, kind="email", value="lea@client.example"),
    "inquiry_submission": repeat(Inquiry, submission_id=new_id),
    "inquiry_one_opening": repeat(Inquiry, lead=lead, is_opening=True),
    "inquiry_opening_is_no_duplicate": repeat_own_opening,
    "lead_number": repeat(Lead, person=person, number=1, stage="recycled", disposition="cold"),
    "lead_one_open_per_person": repeat(Lead, person=person),
    "opportunity_lead_once": repeat(OpportunityLead, opportunity=lambda: build_row(Opportunity), lead=lead),
    "opportunity_one_primary": repeat(OpportunityLead, opportunity=lambda: build_row(Opportunity), is_primary=True),
    "person_merge_once": repeat(PersonMerge, absorbed=person),
    "person_merge_two_people": merge_with_oneself,
    "saved_view_name": repeat(SavedView, member=lambda: Membership.objects.earliest("id"), name="Hot ones"),
    "suppression_email": repeat(Suppression, email_norm="lea@client.example"),
    "task_dedupe_key": repeat(Task, dedupe_key="cause"),
}


def violate(deed: Callable[[], object]) -> str:
    """Do the deed; return the name of the constraint that refused it."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        deed()
    name: str = getattr(caught.value.__cause__, "diag").constraint_name  # noqa: B009
    return name


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_refuses(in_scope: Organization, ada: Membership, name: str) -> None:
    model, values = CHECKS[name]
    assert violate(lambda: build_row(model, **values)) == name


@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_is_refused(in_scope: Organization, ada: Membership, name: str) -> None:
    assert violate(DEEDS[name]) == name


def test_a_lead_without_an_owner_is_refused(in_scope: Organization, ada: Membership) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        build_row(Lead, owner=None)


def models_of_leads() -> list[type[Model]]:
    return list(apps.get_app_config("leads").get_models())


def test_every_constraint_has_its_case() -> None:
    named = {constraint.name for model in models_of_leads() for constraint in model._meta.constraints}
    assert named == CHECKS.keys() | DEEDS.keys()


def test_every_unique_leads_with_the_organization() -> None:
    for model in models_of_leads():
        for constraint in model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                assert constraint.fields[0] == "organization", constraint.name
