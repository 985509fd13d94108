"""Budget, authority, need and timeline, filled by a human: what makes an SQL. Called by the lead page and API."""

from datetime import datetime

from leadhub.accounts.models import Membership
from leadhub.leads.lifecycle import move_lead
from leadhub.leads.locking import lock_lead
from leadhub.leads.models import EventKind, Lead, Stage
from leadhub.leads.stages import QUALIFICATION
from leadhub.leads.timeline import record_event

_BEFORE_SQL = (Stage.NEW, Stage.MQL, Stage.SAL)


def qualify_lead(
    *, lead: Lead, budget: str, authority: str, need: str, timeline: str, actor: Membership, now: datetime
) -> Lead:
    """Save the four answers, empty where not known yet; the lead becomes an SQL when none is empty."""
    lock_lead(lead)
    told = {"budget": budget, "authority": authority, "need": need, "timeline": timeline}
    answers = {name: " ".join(told[name].split())[:300] for name in QUALIFICATION}
    changed = [name for name, answer in answers.items() if answer != getattr(lead, name)]
    if changed:
        _save_answers(lead=lead, answers={name: answers[name] for name in changed}, actor=actor, now=now)
    if all(answers.values()) and lead.stage in _BEFORE_SQL:
        move_lead(lead=lead, to_stage=Stage.SQL, now=now, actor=actor, reason="Qualified", walks=not changed)
    return lead


def _save_answers(*, lead: Lead, answers: dict[str, str], actor: Membership, now: datetime) -> None:
    for name, answer in answers.items():
        setattr(lead, name, answer)
    lead.updated_at = now
    lead.save(update_fields=[*answers, "updated_at"])
    record_event(
        person=lead.person,
        lead=lead,
        kind=EventKind.QUALIFICATION_CHANGED,
        occurred_at=now,
        now=now,
        actor=actor,
        summary=", ".join(name.capitalize() for name in answers),
        properties=answers,
    )
