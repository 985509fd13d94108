"""Tell a rehearsal step by step, in words: what the line did and why. Called while the rehearsal stands."""

from dataclasses import dataclass

from django.utils import timezone

from leadhub.delivery.models import Delivery
from leadhub.leads.models import Lead, Verdict
from leadhub.line.rehearsal import Performance
from leadhub.live.models import Alert
from leadhub.web.formatting import format_moment
from nurture.models import Enrollment
from routing.queries import list_assignment_stories
from routing.receipts import Receipt
from scoring.explain import Explanation, NotScored, explain_score


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One step: its name, what came of it, and the details behind it. `is_bad` marks a refusal or a failure."""

    title: str
    words: str
    details: tuple[str, ...] = ()
    is_bad: bool = False


def tell_scenes(performance: Performance) -> list[Scene]:
    """Return the scenes in the order of the line; a refused arrival has one."""
    walk = performance.walk
    if walk is None or walk.lead is None:
        reasons = "; ".join(performance.submission.reasons)
        return [Scene(title="Intake", words=f"It is {performance.submission.status}: {reasons}", is_bad=True)]
    lead = Lead.objects.select_related("person__company", "owner").get(pk=walk.lead.pk)
    scenes = [
        _tell_intake(performance, lead),
        _tell_source(lead),
        *_tell_score(performance, lead),
        _tell_verdict(lead),
        _tell_owner(lead),
        _tell_promise(performance),
        _tell_alerts(lead),
        _tell_enrollments(lead),
        _tell_mail(lead),
    ]
    failed = [
        Scene(title=f"The step “{name}” would fail", words=f"{message} It would be tried again by itself.", is_bad=True)
        for name, message in performance.failures.items()
    ]
    return [*scenes, *failed]


def _tell_intake(performance: Performance, lead: Lead) -> Scene:
    is_new = performance.submission.status == "created"
    who = f"{lead.person.name} is {'a new lead' if is_new else f'known: it joins their lead no. {lead.number}'}"
    is_repeat = performance.walk is not None and not performance.walk.is_new_inquiry
    repeat = ". It repeats what they asked within a day: nobody is alerted or mailed again" if is_repeat else ""
    return Scene(title="Intake", words=f"{who}{repeat}.")


def _tell_source(lead: Lead) -> Scene:
    parts = [lead.get_channel_display(), lead.source, lead.campaign]
    company = lead.person.company
    details = (f"Company: {company}",) if company else ()
    return Scene(title="Source and company", words=" · ".join(part for part in parts if part), details=details)


def _tell_score(performance: Performance, lead: Lead) -> list[Scene]:
    now = performance.submission.received_at
    try:
        found: Explanation = explain_score(lead=lead, as_of=now)
    except NotScored as error:
        return [Scene(title="Score", words=str(error), is_bad=True)]
    fit = [f"Fit {line.points:+g}: {line.label}" for line in found.fit_lines]
    engagement = [f"Engagement {total.points:+g}: {total.label}" for total in found.totals]
    words = f"Grade {found.grade}: fit {found.fit:.0f} of {found.fit_bar:g}, engagement {found.engagement:.0f} of"
    end = f" {found.engagement_bar:g}. {found.treatment}"
    return [Scene(title="Score", words=words + end, details=(*fit, *engagement))]


def _tell_verdict(lead: Lead) -> Scene:
    if lead.mql_at is None:
        return Scene(title="Qualification", words=f"No MQL: it stays {lead.get_stage_display().lower()}.")
    verdict = Verdict(lead.verdict).label.lower()
    return Scene(title="Qualification", words=f"MQL at once: {lead.get_mql_reason_display().lower()}; {verdict}.")


def _tell_owner(lead: Lead) -> Scene:
    stories = list_assignment_stories(lead=lead)
    if not stories:
        return Scene(title="Owner", words=f"{lead.owner.name} keeps it.")
    return Scene(title="Owner", words=f"{stories[0].sentence}.", details=tuple(_list_tried(stories[0].receipt)))


def _list_tried(receipt: Receipt) -> list[str]:
    tried = [f"{'Matches' if rule.matched else 'Does not match'}: {rule.name} ({rule.why})" for rule in receipt.rules]
    return [*tried, *(f"Passed over: {skipped.member}, {skipped.why}" for skipped in receipt.skipped)]


def _tell_promise(performance: Performance) -> Scene:
    inquiry = performance.walk.inquiry if performance.walk else None
    if inquiry is not None:
        inquiry.refresh_from_db(fields=["due_at"])
    if inquiry is None or inquiry.due_at is None:
        return Scene(title="Promise", words="Nobody waits for an answer: there is no deadline.")
    due = format_moment(timezone.localtime(inquiry.due_at), "short")
    return Scene(title="Promise", words=f"First attempt by {due} ({inquiry.get_intent_display()}).")


def _tell_alerts(lead: Lead) -> Scene:
    alerts = Alert.objects.filter(lead=lead).select_related("member")
    details = tuple(f"{alert.member.name}: {alert.text}" for alert in alerts)
    return Scene(title="Alert", words=f"{len(details)} in the browser" if details else "Nobody", details=details)


def _tell_enrollments(lead: Lead) -> Scene:
    entered = Enrollment.objects.filter(lead=lead).select_related("sequence")
    names = ", ".join(enrollment.sequence.name for enrollment in entered)
    return Scene(title="Sequences", words=f"Enters {names}" if names else "Enters none")


def _tell_mail(lead: Lead) -> Scene:
    mails = Delivery.objects.filter(lead=lead)
    details = tuple(f"{mail.purpose.capitalize()} to {mail.recipient}: {mail.content.get('subject')}" for mail in mails)
    return Scene(title="Mail", words=f"{len(details)} would leave" if details else "None", details=details)
