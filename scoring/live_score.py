"""The line's step `score`: keep the live score of a lead up to date with each event. One update an event."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from leadhub.leads.conditions.prepared import EVENT_ID, LEAD_ID, NOW, PERSON_ID, prepare
from leadhub.leads.models import Event, EventKind, Lead
from leadhub.leads.walk import Walk
from leadhub.tenancy.scope import get_organization_id
from scoring.cooling import follow_cooling
from scoring.decay import add_points, find_cooling
from scoring.models import LeadScore
from scoring.queries import get_rules
from scoring.rescoring import rescore_leads, state_scores
from scoring.rules import Rules
from scoring.statement import score_events

# The ledger refuses an event a second time, so that walking it again adds nothing.
_ADD_EVENT = """
WITH {scored},
written AS (
    INSERT INTO engagement_point (organization_id, id, lead_id, event_id, rule_key, occurred_at)
    SELECT %s, gen_random_uuid(), lead_id, event_id, rule_key, occurred_at FROM scored WHERE event_id IS NOT NULL
    ON CONFLICT (organization_id, event_id, rule_key) DO NOTHING
    RETURNING rule_key
)
SELECT judged.fit, scored.points, scored.occurred_at
FROM judged LEFT JOIN (scored JOIN written USING (rule_key)) ON true
"""


def score(walk: Walk) -> None:
    """Add the event's points to the lead's engagement and measure its fit anew; the line calls it, lead locked."""
    rules = get_rules(walk)
    if walk.lead is None or rules is None:
        return
    if walk.opened_lead:  # nothing but this event has happened on it
        _score_first(lead=walk.lead, rules=_narrow(rules, walk.event), now=walk.now)
        return
    live = LeadScore.objects.select_for_update().filter(lead=walk.lead).first()
    if live is None:
        _score_first(lead=walk.lead, rules=rules, now=walk.now)
        return
    if live.model_version != rules.version or walk.event.kind == EventKind.OUTCOME_UNDONE:
        rescore_leads(lead_ids=[walk.lead.pk], rules=rules, now=walk.now)
        walk.lead.refresh_from_db(fields=["cooling_at"])
        return
    _add_event(walk, lead=walk.lead, live=live, rules=rules)
    _save(live=live, rules=rules)
    follow_cooling(lead_id=live.lead_id, cools_at=live.cools_at, now=walk.now)
    _warm_up(lead=walk.lead, live=live, now=walk.now)


def _narrow(rules: Rules, event: Event) -> Rules:
    """Leave out the rules for other kinds of events, which cannot apply: they are most of the statement's cost."""
    return replace(rules, engagement=tuple(rule for rule in rules.engagement if rule.event_kind == event.kind))


def _score_first(*, lead: Lead, rules: Rules, now: datetime) -> None:
    """Write ledger and score of a locked lead that has none yet."""
    statement = prepare(purpose="score first", conditions=rules, write=lambda: _state_first(rules))
    ((_, cools_at),) = statement.ask(lead=lead, now=now)
    if cools_at is not None:
        follow_cooling(lead_id=lead.pk, cools_at=cools_at, now=now)


def _state_first(rules: Rules) -> tuple[str, list[Any]]:
    scored = score_events(Lead.objects.filter(pk=LEAD_ID), rules=rules, now=NOW, people=[PERSON_ID])
    statement = state_scores(scored, rules=rules, now=NOW)
    return statement.text, statement.params


def _state_event(rules: Rules) -> tuple[str, list[Any]]:
    lead = Lead.objects.filter(pk=LEAD_ID)
    scored = score_events(lead, rules=rules, now=NOW, people=[PERSON_ID], event_id=EVENT_ID)
    return _ADD_EVENT.format(scored=scored.text), [*scored.params, get_organization_id()]


def _add_event(walk: Walk, *, lead: Lead, live: LeadScore, rules: Rules) -> None:
    concerned = _narrow(rules, walk.event)
    statement = prepare(purpose="score event", conditions=concerned, write=lambda: _state_event(concerned))
    for fit, points, occurred_at in statement.ask(lead=lead, now=walk.now, event=walk.event):
        live.fit = fit
        live.engagement, live.as_of = add_points(
            engagement=live.engagement,
            as_of=live.as_of,
            points=points or 0.0,
            occurred_at=occurred_at or walk.now,
            now=walk.now,
            half_life_days=rules.half_life_days,
        )


def _save(*, live: LeadScore, rules: Rules) -> None:
    live.grade = rules.find_grade(fit=live.fit, engagement=live.engagement)
    live.cools_at = None
    if rules.are_met(fit=live.fit, engagement=live.engagement):
        live.cools_at = find_cooling(
            engagement=live.engagement,
            as_of=live.as_of,
            line=rules.engagement_line,
            half_life_days=rules.half_life_days,
        )
    live.save(update_fields=["fit", "engagement", "as_of", "grade", "cools_at"])


def _warm_up(*, lead: Lead, live: LeadScore, now: datetime) -> None:
    """Take the mark off a cooling lead that is above the bar again."""
    if lead.cooling_at is not None and live.cools_at is not None and live.cools_at > now:
        lead.cooling_at = None
        lead.save(update_fields=["cooling_at"])
