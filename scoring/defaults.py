"""The score model a new organization starts with. Called when an organization is founded.

Sensible for a small team that sells to businesses or homes: who can be reached, what they asked for and what
it may be worth make the fit; what they did in the last weeks makes the engagement.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from leadhub.leads.models import EventKind, Intent
from leadhub.leads.versions import VersionState
from scoring.models import ScoreModel

DECISION_MAKERS = ("owner", "founder", "chief", "ceo", "director", "head of", "president", "manager")
JOB_SEEKERS = ("job application", "my resume", "my cv", "internship", "vacancy")


def create_default_model(*, now: datetime) -> ScoreModel:
    """Publish version 1 for the organization in scope."""
    return ScoreModel.objects.create(
        version=1,
        state=VersionState.PUBLISHED,
        fit_rules=default_fit_rules(),
        engagement_rules=default_engagement_rules(),
        half_life_days=Decimal(14),
        fit_bar=Decimal(30),
        engagement_bar=Decimal(30),
        sql_bar=Decimal(90),
        hand_raise_intents=[Intent.HOT.value],
        note="The model every organization starts with",
        created_at=now,
        published_at=now,
    )


def default_fit_rules() -> list[dict[str, Any]]:
    """Return the fit rules: who they are."""
    business_mail = [_leaf("person.is_free_mail", "is", value=False), _leaf("person.email", "is_known")]
    company = [_leaf("company.name", "is_known"), _leaf("person.company_name", "is_known")]
    return [
        _fit("business_mail", "Writes from a company address", 15, {"all": business_mail}),
        _fit("phone", "Can be called", 15, {"all": [_leaf("person.phone", "is_known")]}),
        _fit("company", "Company is known", 10, {"any": company}),
        _fit("service", "Named a service", 10, {"all": [_leaf("inquiry.service", "is_known")]}),
        _fit("value", "Quote value of 1,000 or more", 20, {"all": [_leaf("lead.quote_value", "gte", value=1000)]}),
        _fit("title", "Decides or prepares the decision", 15, _contains_any("person.title", DECISION_MAKERS)),
        _fit("job_seeker", "Looks for a job", -60, _contains_any("inquiry.message", JOB_SEEKERS)),
    ]


def default_engagement_rules() -> list[dict[str, Any]]:
    """Return the engagement rules: what they did."""
    hot = {"all": [_leaf("inquiry.intent", "is", value=Intent.HOT.value)]}
    return [
        _engagement("form", "Submitted a form", 20, EventKind.FORM_SUBMITTED),
        _engagement("form_hot", "Asked for a quote, demo, call or price", 20, EventKind.FORM_SUBMITTED, condition=hot),
        _engagement("asked_again", "Asked again", 15, EventKind.INQUIRY_REPEATED),
        _engagement("page", "Viewed a page", 1, EventKind.PAGE_VIEWED),
        _engagement("pricing", "Viewed the prices", 8, EventKind.PAGE_VIEWED, detail="pric"),
        _engagement("download", "Downloaded content", 10, EventKind.CONTENT_DOWNLOADED),
        _engagement("webinar_registered", "Registered for a webinar", 10, EventKind.WEBINAR_REGISTERED),
        _engagement("webinar_attended", "Attended a webinar", 20, EventKind.WEBINAR_ATTENDED),
        _engagement("meeting_requested", "Asked for a meeting", 30, EventKind.MEETING_REQUESTED),
        _engagement("meeting_booked", "Booked a meeting", 30, EventKind.MEETING_BOOKED),
        _engagement("mail_clicked", "Clicked in a mail", 5, EventKind.MAIL_CLICKED),
        _engagement("mail_replied", "Replied to a mail", 20, EventKind.MAIL_REPLIED),
        _engagement("called", "Called us", 25, EventKind.CALL_INBOUND),
        _engagement("chat", "Chatted with us", 15, EventKind.CHAT),
    ]


def _leaf(field: str, op: str, *, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op} if value is None else {"field": field, "op": op, "value": value}


def _contains_any(field: str, words: tuple[str, ...]) -> dict[str, Any]:
    return {"any": [_leaf(field, "contains", value=word) for word in words]}


def _fit(key: str, label: str, points: int, condition: dict[str, Any]) -> dict[str, Any]:
    return {"key": key, "label": label, "points": points, "condition": condition}


def _engagement(
    key: str, label: str, points: int, kind: EventKind, *, detail: str = "", condition: dict[str, Any] | None = None
) -> dict[str, Any]:
    rule = {"key": key, "label": label, "points": points, "event_kind": kind.value}
    return {**rule, "detail": detail, "condition": condition or {}}
