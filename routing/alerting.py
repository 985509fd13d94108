"""Tell members what they must see: an alert in the browser and a mail, each cause once. The line's `alert` step.

Also called by answers, reassignment and reminders. Duplicates and imports alert nobody.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.delivery.outbox import deliver
from leadhub.leads.models import EventKind, Inquiry, Intent, Lead
from leadhub.leads.walk import Walk
from leadhub.live.alerts import raise_alert
from leadhub.live.models import Alert
from routing.assignment import get_current
from routing.models import Assignment

QUOTE_CHARACTERS = 120


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing for one member to see. `cause` names it: the same cause is told once."""

    member: Membership
    kind: Alert.Kind
    text: str
    cause: str
    lead: Lead
    inquiry: Inquiry | None = None


def alert(walk: Walk) -> None:
    """Alert the owner of a lead newly given to them, or of one that asked again; walking twice alerts once."""
    if walk.lead is None or walk.is_quiet:
        return
    current = get_current(walk)
    if current is None:
        return
    current.member.organization = walk.organization
    if walk.event.kind == EventKind.WOKEN:
        _announce_waking(walk, owner=current.member)
        return
    asks = walk.inquiry if walk.is_new_inquiry and not walk.lead.is_test else None
    if asks is not None and (not current.is_sales or asks.pk != current.inquiry_id):
        _announce_inquiry(inquiry=asks, lead=walk.lead, current=current, now=walk.now)
    elif current.is_sales and not current.receipt.get("is_quiet"):
        announce_assignment(assignment=current, now=walk.now)


def announce_assignment(*, assignment: Assignment, now: datetime) -> None:
    """Tell the member that the lead is theirs; the colleague who gave it to themselves knows."""
    if assignment.assigned_by_id == assignment.member_id:
        return
    is_first = assignment.reason not in {Assignment.Reason.MANUAL, Assignment.Reason.RETURNED}
    lead = assignment.lead
    notify(
        Notice(
            member=assignment.member,
            kind=Alert.Kind.ASSIGNED if is_first else Alert.Kind.REASSIGNED,
            text=f"{_headline(assignment)}: {describe_lead(lead)}{_quote(assignment.inquiry)}",
            cause=f"assignment:{assignment.pk}",
            lead=lead,
            inquiry=assignment.inquiry,
        ),
        now=now,
    )


def notify(notice: Notice, *, now: datetime) -> None:
    """Raise the alert and put its mail into the outbox, unless the cause was told before."""
    raised = raise_alert(
        member=notice.member,
        kind=notice.kind,
        lead=notice.lead,
        text=notice.text,
        dedupe_key=notice.cause,
        now=now,
        inquiry=notice.inquiry,
    )
    if raised is None:
        return
    deliver(
        channel="mail",
        purpose="alert",
        dedupe_key=f"alert:{notice.cause}",
        recipient=notice.member.user.email,
        content={"subject": " ".join(notice.text.split()), "text": _mail_text(notice)},
        lead=notice.lead,
        now=now,
    )


def describe_lead(lead: Lead) -> str:
    """Return who it is: the name, and the company where we know it."""
    person = lead.person
    company = person.company_name or (str(person.company) if person.company else "")
    return f"{person.name} ({company})" if company else person.name


def _announce_inquiry(*, inquiry: Inquiry, lead: Lead, current: Assignment, now: datetime) -> None:
    """Tell the owner that their lead asked again, or marketing of a new warm one; downloads alert nobody there."""
    if not current.is_sales and inquiry.intent == Intent.CONTENT:
        return
    words = "New inquiry" if inquiry.is_opening else "Asked again"
    notify(
        Notice(
            member=current.member,
            kind=Alert.Kind.INQUIRY,
            text=f"{words}: {describe_lead(lead)}{_quote(inquiry)}",
            cause=f"inquiry:{inquiry.pk}",
            lead=lead,
            inquiry=inquiry,
        ),
        now=now,
    )


def _announce_waking(walk: Walk, *, owner: Membership) -> None:
    """Tell the owner that a lead put off until now is back; who woke it before its day knows."""
    if walk.lead is None or walk.event.actor_id == owner.pk:
        return
    text = f"Woke up: {describe_lead(walk.lead)} is due for another try"
    cause = f"woken:{walk.event.pk}"
    notify(Notice(member=owner, kind=Alert.Kind.WOKEN, text=text, cause=cause, lead=walk.lead), now=walk.now)


def _headline(assignment: Assignment) -> str:
    if assignment.reason == Assignment.Reason.RETURNED:
        return "Returned by sales"
    if assignment.reason == Assignment.Reason.DUTY_MANAGER:
        return "Nobody is available for"
    if assignment.reason == Assignment.Reason.MANUAL:
        return "Given to you"
    return "New hot lead" if assignment.inquiry and assignment.inquiry.intent == Intent.HOT else "New lead"


def _quote(inquiry: Inquiry | None) -> str:
    words = " ".join(inquiry.message.split()) if inquiry else ""
    if not words:
        return ""
    return f" – “{words[:QUOTE_CHARACTERS]}{'…' if len(words) > QUOTE_CHARACTERS else ''}”"


def _mail_text(notice: Notice) -> str:
    """Return what the member needs to act without logging in first, and the link to the lead."""
    lead, inquiry = notice.lead, notice.inquiry
    person = lead.person
    rows = [("Phone", person.phone), ("E-mail", person.email), ("Asked for", inquiry.service if inquiry else "")]
    facts = [f"{label}: {value}" for label, value in rows if value]
    if inquiry and inquiry.due_at and inquiry.first_attempt_at is None:
        facts.append(f"First attempt due: {_local(inquiry.due_at, notice.member)}")
    message = [inquiry.message] if inquiry and inquiry.message else []
    link = f"{settings.PUBLIC_URL}{reverse('lead_detail', args=[lead.pk])}"
    return "\n\n".join([notice.text, *message, "\n".join(facts), link]) + "\n"


def _local(at: datetime, member: Membership) -> str:
    zone = ZoneInfo(member.user.time_zone or member.organization.time_zone)
    return at.astimezone(zone).strftime("%a %d %b %Y, %H:%M %Z")
