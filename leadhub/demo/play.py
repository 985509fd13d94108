"""Play the demo's days: visitors post at the doors, jobs run when they are due, colleagues do their work.

One heap of acts in time order. Everything happens inside the scope of one transaction, at the instants of the
story: no worker sees half a demo, and an interrupted one leaves nothing.
"""

import heapq
import itertools
import json
import logging
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction

from capture.doors import Arrival, store_submission
from capture.models import Submission
from leadhub.demo.mail import LEFT_TO_THE_SENDER, Readers, take_mail
from leadhub.demo.nuisances import Nuisance
from leadhub.demo.rounds import Rounds, list_rounds
from leadhub.demo.team import Team
from leadhub.demo.visitors import Visitor
from leadhub.demo.work import Colleague
from leadhub.leads.models import Door, EventKind
from leadhub.leads.responses import recount_responses
from leadhub.leads.timeline import record_event
from leadhub.lib.errors import DomainError
from leadhub.lib.ids import new_id
from leadhub.line.entry import enter_lead
from leadhub.tenancy.statistics import count_rows_anew
from leadhub.work.models import Lane
from leadhub.work.runner import run_due

_log = logging.getLogger(__name__)
Act = Callable[[datetime], Iterator[tuple[timedelta, "Act"]]]


class Stage:
    """The heap of what happens next, and the hands that do it."""

    def __init__(self, *, team: Team, chance: random.Random, now: datetime) -> None:
        self.team = team
        self.colleague = Colleague(team=team, chance=chance, now=now)
        self.readers = Readers(chance=chance)
        self.now = now
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = itertools.count()

    def plan(self, at: datetime, act: Act) -> None:
        """Put an act on the heap; what lies after the present is never played."""
        if at < self.now:
            heapq.heappush(self._acts, (at, next(self._order), act))

    def play(self, *, step: Callable[[], None]) -> None:
        """Play all acts in order; `step` is called after each arrival."""
        arrivals = itertools.count(1)
        while self._acts:
            at, _, act = heapq.heappop(self._acts)
            self.run_jobs(at)
            for delay, following in self._perform(act, at):
                self.plan(at + delay, following)
            self.run_jobs(at)
            if isinstance(act, Visit):
                step()
                if (number := next(arrivals)) & (number - 1) == 0:  # twice as many rows as the planner knows of
                    count_rows_anew()
        self.run_jobs(self.now)

    def run_jobs(self, at: datetime) -> None:
        """Do what is due; the last day's mail waits for its worker."""
        is_past = at < self.now - LEFT_TO_THE_SENDER
        if run_due(now=at, lanes=tuple(Lane) if is_past else (Lane.SPEED, Lane.BULK)) and is_past:
            for delay, reaction in self.readers.plan_reactions(at=at):
                self.plan(at + delay, reaction)

    def _perform(self, act: Act, at: datetime) -> list[tuple[timedelta, Act]]:
        """Do the act; what the product refuses (the lead has moved on) is left undone."""
        try:
            with transaction.atomic():
                return list(act(at))
        except DomainError as refusal:
            _log.debug("Left undone: %s", refusal.message)
            return []


class Visit:
    """A visitor posts a form, or calls and the telephone system tells the API."""

    def __init__(self, stage: Stage, visitor: Visitor) -> None:
        self.stage = stage
        self.visitor = visitor

    def __call__(self, at: datetime) -> Iterator[tuple[timedelta, Act]]:
        """Let the arrival in by its door, let the line take it, and plan what colleagues will do."""
        lead_id = self._call(at) if self.visitor.form == "call" else self._post(at)
        if lead_id:
            yield from self.stage.colleague.plan_for(lead_id=lead_id, visitor=self.visitor, at=at)

    def _call(self, at: datetime) -> UUID | None:
        """Enter the caller as the API does, then the call as an event of theirs."""
        walk = enter_lead(
            door=Door.API,
            values=self.visitor.values,
            body=json.dumps(self.visitor.values).encode(),
            content_type="application/json",
            request={"address": "203.0.113.20", "agent": "calls.example/4.1"},
            now=at,
        )
        if walk.lead is None:
            return None
        seconds = self.visitor.call_seconds
        record_event(
            person=walk.person,
            lead=walk.lead,
            inquiry=walk.inquiry,
            kind=EventKind.CALL_INBOUND,
            occurred_at=at,
            now=at,
            summary=f"{seconds // 60} min {seconds % 60} s" if seconds else "Nobody picked up",
            properties={"answered": seconds > 0, "duration_seconds": seconds},
        )
        recount_responses(lead=walk.lead)
        return walk.lead.pk

    def _post(self, at: datetime) -> UUID | None:
        submission_id = new_id()
        form = self.stage.team.forms[self.visitor.form]
        arrival = Arrival(
            door=Door.FORM,
            form_id=form.pk,
            body=urlencode(self.visitor.values).encode(),
            content_type="application/x-www-form-urlencoded",
            request={"address": "203.0.113.7", "agent": "Mozilla/5.0"},
            values=self.visitor.values,
        )
        store_submission(
            submission_id=submission_id, arrival=arrival, status=Submission.Status.PENDING, reasons=[], now=at
        )
        self.stage.run_jobs(at)
        lead_id: UUID | None = Submission.objects.values_list("lead_id", flat=True).get(pk=submission_id)
        return lead_id


def play_story(
    *,
    team: Team,
    visitors: list[Visitor],
    nuisances: list[Nuisance],
    chance: random.Random,
    now: datetime,
    days: int,
    step: Callable[[], None],
) -> None:
    """Play the visitors' days up to `now`. Needs the organization's scope."""
    stage = Stage(team=team, chance=chance, now=now)
    rounds = Rounds(team=team, colleague=stage.colleague, chance=chance)
    for at in list_rounds(days=days, now=now):
        stage.plan(at, rounds)
    for nuisance in nuisances:
        stage.plan(nuisance.at, nuisance)
    for visitor in visitors:
        stage.plan(visitor.at, Visit(stage, visitor))
    with take_mail():
        stage.play(step=step)
