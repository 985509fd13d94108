"""The line's first step: a stored submission becomes person, lead, inquiry and event. Called by the line's walk.

Whatever door it came through, its values are judged and read here; what it became is written on the submission,
so that the ledger always balances.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from capture.addresses import read_address
from capture.channels import ATTRIBUTION_FIELDS, LONGEST_ATTRIBUTION, classify, read_touch
from capture.models import Form, Submission
from capture.money import Money, parse_money
from capture.payloads import KNOWN_FIELDS, Values, read_text
from capture.queries import FORM
from capture.spam import HONEYPOT, STAMP
from capture.validation import list_errors
from leadhub.accounts.duty import get_marketing_owner
from leadhub.leads.arrival import Received, receive_inquiry
from leadhub.leads.inquiry_records import InquiryDetails
from leadhub.leads.models import Door, Intent
from leadhub.leads.person_fields import PersonDetails
from leadhub.leads.touches import TouchDetails
from leadhub.leads.walk import Walk

_READ = KNOWN_FIELDS | {*ATTRIBUTION_FIELDS, HONEYPOT, STAMP}
_Status = Submission.Status


def identify_submission(*, submission_id: UUID, now: datetime) -> Walk | None:
    """Settle a pending submission and return its walk; None where it was settled before, held or is rejected."""
    submission = _lock_pending(submission_id)
    if submission is None:
        return None
    marketing_owner = get_marketing_owner()
    organization = marketing_owner.organization
    errors = list_errors(values=submission.values, country=organization.country)
    if errors:
        _reject(submission, reasons=[f"{error.field}: {error.message}" for error in errors], now=now)
        return None
    received = receive_inquiry(
        details=read_person(submission.values, form=submission.form),
        touch=read_session(submission),
        inquiry=read_inquiry(submission),
        now=now,
        marketing_owner=marketing_owner,
    )
    _settle(submission, received=received, now=now)
    walk = _start_walk(submission, received=received, now=now)
    walk.notes.update({"organization": organization, FORM: submission.form})
    return walk


def read_person(values: Values, *, form: Form | None = None) -> PersonDetails:
    """Return what the values say of the person; the form's kinds of field tell which are the address."""
    address = read_address(values, fields=form.fields if form else ())
    return PersonDetails(
        email=read_text(values, "email"),
        phone=read_text(values, "phone"),
        first_name=read_text(values, "first_name"),
        last_name=read_text(values, "last_name"),
        name=read_text(values, "name"),
        title=read_text(values, "title"),
        company=read_text(values, "company"),
        street=address.get("street", ""),
        postal_code=address.get("postal_code", ""),
        city=address.get("city", ""),
        region=address.get("region", ""),
    )


def read_session(submission: Submission) -> TouchDetails:
    """Return the classified touch; a post of another site's page names its page by the Referer header."""
    texts = {name: read_text(submission.values, name)[:LONGEST_ATTRIBUTION] for name in ATTRIBUTION_FIELDS}
    values = {name: text for name, text in texts.items() if text}
    if "landing_page" not in values and (page := submission.request.get("referrer") or ""):
        values["landing_page"] = page
    return classify(read_touch(values))


def read_inquiry(submission: Submission) -> InquiryDetails:
    """Return what was asked; the form's service counts where the values name none."""
    values, form = submission.values, submission.form
    money = _read_money(values)
    return InquiryDetails(
        door=Door(submission.door),
        service=(read_text(values, "service") or (form.service if form else ""))[:120],
        intent=_read_intent(submission),
        message=read_text(values, "message"),
        quote_value=money.amount if money else None,
        currency=_read_currency(values, money),
        submission_id=submission.id,
        form_id=form.id if form else None,
        fields=read_other_fields(values, is_read={"intent"} if form is None else set()),
        arrived_at=submission.received_at,
    )


def read_other_fields(values: Values, *, is_read: set[str]) -> dict[str, Any]:
    """Return every field that is neither ours, nor attribution, nor `is_read` otherwise, and was answered."""
    known = _READ | is_read
    return {name: value for name, value in values.items() if name not in known and value not in ("", None, [])}


def _lock_pending(submission_id: UUID) -> Submission | None:
    submission: Submission | None = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("form")
        .filter(pk=submission_id, status=_Status.PENDING)
        .first()
    )
    return submission


def _read_intent(submission: Submission) -> Intent:
    """Return the form's intent; without a form, what a caller with a key said, else hot: somebody asked."""
    if submission.form:
        return Intent(submission.form.intent)
    named = read_text(submission.values, "intent")
    return Intent(named) if named in Intent.values else Intent.HOT


def _read_money(values: Values) -> Money | None:
    value = values.get("quote_value")
    if value in (None, ""):
        return None
    return parse_money(value if isinstance(value, int | float) else read_text(values, "quote_value"))


def _read_currency(values: Values, money: Money | None) -> str:
    """Return the currency that is named, by its field before the amount's own text; empty: the organization's."""
    return read_text(values, "currency").upper() or (money.currency if money else "")


def _reject(submission: Submission, *, reasons: list[str], now: datetime) -> None:
    submission.status = _Status.REJECTED
    submission.reasons = [reason[:200] for reason in reasons]
    submission.settled_at = now
    submission.save(update_fields=["status", "reasons", "settled_at"])


def _settle(submission: Submission, *, received: Received, now: datetime) -> None:
    submission.status = _Status.CREATED if received.is_new_lead else _Status.MERGED
    submission.person, submission.lead, submission.inquiry = received.person, received.lead, received.inquiry
    submission.settled_at = now
    submission.save(update_fields=["status", "person", "lead", "inquiry", "settled_at"])


def _start_walk(submission: Submission, *, received: Received, now: datetime) -> Walk:
    return Walk(
        event=received.event,
        person=received.person,
        lead=received.lead,
        inquiry=received.inquiry,
        is_new_inquiry=not received.is_duplicate,
        is_quiet=submission.door == Door.IMPORT,
        now=now,
        opened_lead=received.is_new_lead and not received.is_recalled,
        met_person=received.is_new_person,
    )
