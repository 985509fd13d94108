"""Rehearse the line: let one arrival walk every real step, be told of what came of it, and keep nothing.

It runs in a savepoint that is always rolled back, jobs, mails and turns with it, so that what it tells is what the
line does, not what a second reading of the rules believes. The dry-run page of the settings calls it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from capture.intake import identify_submission, read_person
from capture.models import Form, Submission
from leadhub.accounts.models import Membership
from leadhub.leads.keys import list_keys
from leadhub.leads.models import Door, Identity
from leadhub.leads.versions import find_draft
from leadhub.leads.walk import Walk
from leadhub.lib.errors import DomainError
from leadhub.line.steps import STEPS
from leadhub.line.walk import read_anew, take_step
from leadhub.tenancy.country import get_country
from routing import publishing as routing_publishing
from routing.models import RoutingRuleSet
from scoring import publishing as scoring_publishing
from scoring.models import ScoreModel

Told = TypeVar("Told")


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What arrives: at which form, with which values; `is_stranger` ignores what is known of the address."""

    form: Form | None
    values: dict[str, Any]
    is_stranger: bool


@dataclass(kw_only=True)
class Performance:
    """The walk as it stands at the end, and the steps that failed with what they said."""

    submission: Submission
    walk: Walk | None
    failures: dict[str, str] = field(default_factory=dict)


def rehearse(
    *, arrival: Arrival, uses_drafts: bool, actor: Membership, now: datetime, tell: Callable[[Performance], Told]
) -> Told:
    """Return what `tell` makes of the performance before it is rolled back; drafts decide with `uses_drafts`."""
    with transaction.atomic():
        if uses_drafts:
            _publish_drafts(actor=actor, now=now)
        told = tell(_perform(arrival, now=now))
        transaction.set_rollback(True)  # of the savepoint
    return told


def _perform(arrival: Arrival, *, now: datetime) -> Performance:
    if arrival.is_stranger:
        _forget_keys(arrival.values)
    submission = Submission.objects.create(
        door=Door.FORM if arrival.form else Door.API,
        form=arrival.form,
        received_at=now,
        body=b"",
        values=arrival.values,
    )
    walk = identify_submission(submission_id=submission.pk, now=now)
    submission.refresh_from_db()
    performance = Performance(submission=submission, walk=walk)
    if walk is None:
        return performance
    for name in STEPS:
        try:
            take_step(walk, name=name)
        except Exception as error:  # noqa: BLE001 (what a step says is what the page is to tell)
            performance.failures[name] = error.message if isinstance(error, DomainError) else repr(error)
            read_anew(walk)
    return performance


def _publish_drafts(*, actor: Membership, now: datetime) -> None:
    if find_draft(ScoreModel) is not None:
        scoring_publishing.publish_draft(actor=actor, now=now)
    if find_draft(RoutingRuleSet) is not None:
        routing_publishing.publish_draft(actor=actor, now=now)


def _forget_keys(values: dict[str, Any]) -> None:
    """Delete the keys by which somebody would be recognised; the roll-back restores them."""
    country = get_country()
    person = read_person(values)
    keys = list_keys(email=person.email, phone=person.phone, external_ids=[], country=country)
    for key in keys:
        Identity.objects.filter(kind=key.kind, value=key.value).delete()
