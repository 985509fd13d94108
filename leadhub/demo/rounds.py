"""What the demo's colleagues do twice a day: the tasks that are due, the leads that nobody was free for, old ones.

So nothing waits for weeks that nobody would leave: what is still to do is of the last hours.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from leadhub.accounts.models import Membership
from leadhub.demo.planning import Planner, Plans
from leadhub.demo.story import TIME_ZONE
from leadhub.demo.team import Team
from leadhub.demo.visitors import Visitor
from leadhub.demo.work import TODAY, Colleague
from leadhub.leads.disposition import dispose_lead
from leadhub.leads.models import DispositionCode, Lead, Stage, Task, TaskKind
from leadhub.leads.tasks import complete_task
from routing.queries import held_leads

HOURS = (time(8, 30), time(14))
FORGOTTEN = timedelta(days=5)
BEFORE_A_DEAL = (Stage.NEW, Stage.MQL, Stage.SAL, Stage.SQL)


def list_rounds(*, days: int, now: datetime) -> Iterator[datetime]:
    """Yield the instants of the rounds of the last days, in the company's zone; today's are still to do."""
    today = now.astimezone(ZoneInfo(TIME_ZONE)).date()
    for back in range(days, -1, -1):
        for hour in HOURS:
            at = datetime.combine(today - timedelta(days=back), hour, ZoneInfo(TIME_ZONE))
            if at < now - TODAY:
                yield at


class Rounds(Planner):
    """Everybody looks at what waits for them."""

    def __init__(self, *, team: Team, colleague: Colleague, chance: random.Random) -> None:
        super().__init__(chance=chance)
        self.team = team
        self.colleague = colleague
        self._chased: dict[UUID, datetime] = {}

    def __call__(self, at: datetime) -> Plans:
        """Plan what each of them does in the next hour or two."""
        for lead in held_leads().filter(owner=self.team.mia).order_by("captured_at", "person__email"):
            yield self._minutes(5, 60), partial(self.hand_over, lead.pk)
        due = Task.objects.filter(done_at=None, due_at__lte=at).order_by("due_at", "lead__person__email", "title")
        for task in due:
            if self.chance.random() < 0.85:  # the others wait until the next round
                yield self._minutes(2, 90), partial(self.settle, task.pk)
        for lead in self._list_forgotten(at):
            self._chased[lead.pk] = at
            yield self._minutes(2, 90), partial(self.colleague.call, lead.pk, self.colleague.visitors[lead.pk], 1)

    def hand_over(self, lead_id: UUID, at: datetime) -> Plans:
        """Let Mia give a lead that she holds to a rep."""
        return self.colleague.hand_over(lead_id, self.colleague.visitors[lead_id], at)

    def settle(self, task_id: UUID, at: datetime) -> Plans:
        """Do a task: a rep calls, Max looks whether the lead is worth a call by now."""
        task = Task.objects.select_related("member").get(pk=task_id)
        if task.done_at:
            return
        lead = Lead.objects.select_related("person", "owner").get(pk=task.lead_id)
        visitor = self.colleague.visitors[lead.pk]
        if task.kind == TaskKind.WOKEN:
            visitor = replace(visitor, is_good=self.chance.random() < 0.3)
        if lead.is_open and task.member in self.team.reps:
            self._chased[lead.pk] = at
            yield timedelta(0), partial(self.colleague.call, lead.pk, visitor, 1)
            return
        complete_task(task=task, now=at)
        if lead.is_open:
            yield from self._look(lead, task.member, visitor, at)

    def _look(self, lead: Lead, member: Membership, visitor: Visitor, at: datetime) -> Plans:
        """Hand over who has become ready, end what never answered, leave the others to the letters."""
        if visitor.is_good:
            yield self._minutes(5, 60), partial(self.colleague.hand_over, lead.pk, visitor)
        elif self.chance.random() < 0.25:
            dispose_lead(lead=lead, code=DispositionCode.COLD, actor=member, now=at, note="Never answered our letters")

    def _list_forgotten(self, at: datetime) -> list[Lead]:
        """Return the reps' leads that nothing has happened to for days, and that have no deal yet."""
        old = Lead.objects.filter(
            owner__in=self.team.reps, stage__in=BEFORE_A_DEAL, wakes_at=None, updated_at__lt=at - FORGOTTEN
        )
        waiting = old.order_by("captured_at", "person__email")
        return [lead for lead in waiting if self._chased.get(lead.pk, lead.captured_at) < at - FORGOTTEN]
