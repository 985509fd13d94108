"""The forms that a lead's page and preview show, filled with what is known; a refused one comes back as posted.

Each is made when a template asks for it: the preview beside the queue shows few of them.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.utils.functional import SimpleLazyObject

from leadhub.desk.forms import (
    CloseOpportunityForm,
    ConsentForm,
    DetailsForm,
    DispositionForm,
    EnrollForm,
    OpportunityForm,
    OutcomeForm,
    QualificationForm,
    ReassignForm,
    RejectForm,
    RerouteForm,
    SnoozeForm,
    TaskForm,
    ValueForm,
    VerdictForm,
)
from leadhub.leads.details import DETAILS
from leadhub.leads.models import Lead, TaskKind, Verdict
from leadhub.lib.countries import name_country


def build_forms(*, lead: Lead, bound: Mapping[str, forms.Form], service: str = "") -> dict[str, Any]:
    """Return every form by the name of its act.

    A deal is named after the service they asked for. `refused` names the one that was posted in vain, `refusal` says
    what is wrong with none of its fields.
    """
    person = lead.person
    who = str(person.company or person.company_name or person.name)
    details = {name: getattr(person, column) for name, (column, _) in DETAILS.items()}
    details["country"] = name_country(person.country)
    if person.company_id is not None:
        del details["company"]
    deal = f"{service} for {who}" if service else who
    value = _write_plainly(lead.quote_value)
    fresh: dict[str, tuple[type[forms.Form], dict[str, Any]]] = {
        "outcome": (OutcomeForm, {}),
        "snooze": (SnoozeForm, {}),
        "task": (TaskForm, {"kind": TaskKind.CALL}),
        "qualification": (QualificationForm, {key: getattr(lead, key) for key in QualificationForm.base_fields}),
        "details": (DetailsForm, details),
        "consent": (ConsentForm, {"known": tuple(person.consent)}),
        "disposition": (DispositionForm, {}),
        "opportunity": (OpportunityForm, {"name": deal, "amount": value}),
        "opportunity_close": (CloseOpportunityForm, {}),
        "verdict": (VerdictForm, {"verdict": lead.verdict if lead.verdict != Verdict.PENDING else Verdict.QUALIFIED}),
        "value": (ValueForm, {"amount": value}),
        "reject": (RejectForm, {}),
        "reroute": (RerouteForm, {}),
        "reassign": (ReassignForm, {}),
        "enroll": (EnrollForm, {}),
    }
    built: dict[str, Any] = {
        name: SimpleLazyObject(partial(form_class, initial=initial, auto_id=f"{name}_%s"))
        for name, (form_class, initial) in fresh.items()
    }
    refusal = " ".join(str(error) for form in bound.values() for error in form.non_field_errors())
    return {**built, **bound, "refused": next(iter(bound), ""), "refusal": refusal}


def _write_plainly(amount: Decimal | None) -> Decimal | None:
    """Return the amount without cents where it has none."""
    return amount.quantize(Decimal(1)) if amount is not None and amount == amount.to_integral_value() else amount
