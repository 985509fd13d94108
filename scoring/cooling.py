"""When a lead's engagement falls below the bar (ADR 31). Decay never moves a stage nor takes a lead away.

Before the hand-off to sales the grade falls, and with it the place in the queue. After it the lead is marked as
cooling, its owner is told, and so is the duty manager while nobody has confirmed the need: decay cannot hide a
broken promise.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, EventKind, Lead, Stage
from leadhub.leads.timeline import record_event
from leadhub.live.alerts import raise_alert
from leadhub.live.models import Alert
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.jobs import JobRequest, cancel, enqueue, enqueue_many
from leadhub.work.models import Job
from leadhub.work.registry import ClaimedJob
from scoring.decay import find_cooling
from scoring.models import LeadScore
from scoring.queries import find_published_rules
from scoring.rules import Rules

COOL, WARM_UP = "scoring.cool", "scoring.warm_up"
HANDED_OFF = (Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY)
UNCONFIRMED = (Stage.MQL, Stage.SAL)
_SOON = timedelta(minutes=1)
_LET_GO = "DELETE FROM job WHERE organization_id = %s AND kind = %s AND dedupe_key = ANY(%s) RETURNING target_id"


def follow_cooling(*, lead_id: UUID, cools_at: datetime | None, now: datetime) -> None:
    """Keep the lead's one cooling job in step: due when the lead cools, or none where it does not."""
    if cools_at is None:
        cancel(kind=COOL, dedupe_key=str(lead_id))
    else:
        enqueue(kind=COOL, target_id=lead_id, dedupe_key=str(lead_id), due_at=cools_at, now=now)


def follow_cooling_of_many(*, cools_at: Mapping[UUID, datetime | None], now: datetime) -> list[UUID]:
    """Keep the jobs of many leads in step: a statement for those that cool, one for the others. Return who fell."""
    follow_warm({lead_id: moment for lead_id, moment in cools_at.items() if moment is not None}, now=now)
    return let_go([lead_id for lead_id, moment in cools_at.items() if moment is None])


def list_watched(*, after: UUID, upto: UUID) -> list[UUID]:
    """Return the leads behind one id, up to another, that have such a job: they were at the bar."""
    jobs = Job.objects.filter(
        organization_id=get_organization_id(), kind=COOL, target_id__gt=after, target_id__lte=upto
    )
    return list(jobs.values_list("target_id", flat=True))


def let_go(lead_ids: Sequence[UUID]) -> list[UUID]:
    """Take the leads' jobs away; return the leads that had one."""
    with connection.cursor() as cursor:
        cursor.execute(_LET_GO, [get_organization_id(), COOL, [str(lead_id) for lead_id in lead_ids]])
        return [lead_id for (lead_id,) in cursor.fetchall()]


def follow_warm(cools_at: Mapping[UUID, datetime], *, now: datetime) -> None:
    """Make the cooling job of each lead, due when it cools."""
    jobs = [
        JobRequest(kind=COOL, target_id=lead_id, dedupe_key=str(lead_id), due_at=moment)
        for lead_id, moment in cools_at.items()
    ]
    enqueue_many(jobs=jobs, now=now)


def run_cool(*, job: ClaimedJob, now: datetime) -> None:
    """Handle "scoring.cool"; a lead that is warm, closed or gone is left alone.

    One that fell by a published bar is marked by the warm-up of its range, which knows it by this job.
    """
    lead = Lead.objects.open().filter(pk=job.target_id).select_for_update(of=("self",), no_key=True).first()
    live = LeadScore.objects.select_for_update().filter(lead=lead).first() if lead else None
    rules = find_published_rules()
    if lead is None or live is None or rules is None:
        return
    if live.cools_at is None or live.cools_at > now:
        if live.cools_at or _is_to_be_marked():
            follow_cooling(lead_id=lead.pk, cools_at=live.cools_at or now + _SOON, now=now)
        return
    crossed_at = live.cools_at
    again = _lower_grade(live=live, rules=rules, now=now)
    if again is not None:
        follow_cooling(lead_id=lead.pk, cools_at=again, now=now)
    elif lead.stage in HANDED_OFF and lead.cooling_at is None:
        mark_cooling(lead=lead, crossed_at=crossed_at, now=now)


def _is_to_be_marked() -> bool:
    return Job.objects.filter(organization_id=get_organization_id(), kind=WARM_UP, dead_at=None).exists()


def mark_cooling(*, lead: Lead, crossed_at: datetime, now: datetime) -> Event:
    """Mark a lead that sales has as cooling, and tell who must act."""
    lead.cooling_at = crossed_at
    lead.save(update_fields=["cooling_at"])
    event = record_event(
        person=lead.person,
        lead=lead,
        kind=EventKind.COOLING,
        occurred_at=crossed_at,
        now=now,
        summary="Engagement fell below the bar",
        dedupe_key=f"cooling:{lead.pk}:{crossed_at:%Y%m%d%H%M%S}",
        walks=False,
    )
    for member in _list_told(lead):
        _tell(member=member, lead=lead, event=event, now=now)
    return event


def _lower_grade(*, live: LeadScore, rules: Rules, now: datetime) -> datetime | None:
    """Bring the score to now; return when the lead will cool, None where it has.

    It has not yet where `cools_at` was capped at `MAX_COOLING`, or was reckoned when exact points counted.
    """
    live.engagement = live.reckon_engagement(now)
    live.as_of = max(live.as_of, now)
    live.cools_at = find_cooling(
        engagement=live.engagement,
        as_of=live.as_of,
        line=rules.engagement_line,
        half_life_days=live.half_life_days,
    )
    live.grade = rules.find_grade(fit=live.fit, engagement=live.engagement)
    live.save(update_fields=["engagement", "as_of", "grade", "cools_at"])
    return live.cools_at


def _list_told(lead: Lead) -> list[Membership]:
    """Return the owner, and the duty manager while the need is not confirmed."""
    told = {lead.owner_id: lead.owner}
    if lead.stage in UNCONFIRMED:
        duty = Membership.objects.filter(organization_id=get_organization_id(), is_duty_manager=True)
        told.update({member.pk: member for member in duty})
    return list(told.values())


def _tell(*, member: Membership, lead: Lead, event: Event, now: datetime) -> None:
    is_owner = member.pk == lead.owner_id
    text = (
        f"{lead.person.name} is cooling: get in touch"
        if is_owner
        else (f"{lead.person.name} is cooling with {lead.owner.name}")
    )
    raise_alert(
        member=member,
        kind=Alert.Kind.COOLING,
        lead=lead,
        text=text,
        dedupe_key=f"cooling:{event.pk}:{member.pk}",
        now=now,
    )
