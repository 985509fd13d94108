"""Reads of forms and submissions for pages and for the line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q

from capture.models import Form, Submission
from leadhub.leads.models import Door
from leadhub.leads.walk import Walk

FORM = "capture.form"  # the walk's note of the form that its inquiry came through


def find_walked_form(walk: Walk) -> Form | None:
    """Return the form that the walk's inquiry came through, if it came through one; intake noted it."""
    form_id = walk.inquiry.form_id if walk.inquiry else None
    if form_id is None:
        return None
    return walk.once(FORM, lambda: Form.objects.filter(pk=form_id).first())


def list_form_names() -> dict[UUID, str]:
    """Return the name of every form by its id."""
    return dict(Form.objects.values_list("id", "name"))


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """A form and what came through it."""

    form: Form
    received: int
    leads_created: int
    last_at: datetime | None


def list_forms() -> list[FormRow]:
    """Return every form, open ones first.

    The counts are a query of their own: a tenant's primary key is composite, so that PostgreSQL does not know
    the form's other columns by its id.
    """
    created = Q(status=Submission.Status.CREATED)
    counted = (
        Submission.objects.filter(form__isnull=False)
        .order_by()
        .values("form")
        .annotate(received=Count("id"), leads_created=Count("id", filter=created), last_at=Max("received_at"))
    )
    known = {counts["form"]: counts for counts in counted}
    return [_describe_form(form, known.get(form.pk, {})) for form in Form.objects.order_by("-is_active", "name")]


def _describe_form(form: Form, counts: Mapping[str, Any]) -> FormRow:
    return FormRow(
        form=form,
        received=counts.get("received", 0),
        leads_created=counts.get("leads_created", 0),
        last_at=counts.get("last_at"),
    )


def find_last_arrival(*, form_id: UUID, door: Door) -> Submission | None:
    """Return what came last through a door of the form, whatever became of it."""
    found = Submission.objects.filter(form_id=form_id, door=door).defer("body").order_by("-received_at")
    last: Submission | None = found.first()
    return last


def count_submissions(form: Form) -> list[tuple[str, int]]:
    """Return what came through a form, by what became of it."""
    counted = Submission.objects.filter(form=form).order_by().values_list("status").annotate(n=Count("id"))
    known = dict(counted)
    return [(status.label, known.get(status.value, 0)) for status in Submission.Status]
