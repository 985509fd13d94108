"""How leads stand towards a sequence: why they cannot enter it, and why they are to leave. One lead or many alike.

Each fact is read when first asked for, of all the leads in one statement. Candidates, enrolling and exits ask.
"""

from collections.abc import Sequence as Several
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Q, QuerySet

from leadhub.leads.conditions import matching
from leadhub.leads.consent import explain_suppressed, list_covered
from leadhub.leads.models import OPEN_STAGES, Lead, Stage, Verdict
from nurture.models import Enrollment, Sequence, Step


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Leads, read with their people, before one sequence, as things stand; the methods take one of the leads."""

    sequence: Sequence
    leads: Several[Lead]
    now: datetime

    def find_obstacle(self, lead: Lead) -> str:
        """Return why the lead cannot enter, as a sentence, or an empty text."""
        if self.sequence.state != Sequence.State.ACTIVE:
            return "Turn the sequence on first."
        if lead.person_id in self._inside:
            return "Is in this sequence already."
        if not self.sequence.allows_reentry and lead.person_id in self._been:
            return "Has been in this sequence, which takes nobody twice."
        if not self._step_kinds:
            return "The sequence has no step."
        if not lead.person.email_norm and Step.Kind.MAIL in self._step_kinds:
            return "Has no e-mail address."
        reason = self.find_exit(lead)
        return f"Would leave at once: {reason[0].lower()}{reason[1:]}." if reason else ""

    def find_exit(self, lead: Lead) -> str:
        """Return why the lead may not be in the sequence, or an empty text."""
        if reason := self._find_silence(lead):
            return reason
        if lead.verdict == Verdict.NOT_A_LEAD:
            return "Not a lead"
        reached = self._stages[lead.pk] & {Stage.DISQUALIFIED, *self.sequence.exit_stages}
        if reached:
            return f"Reached {Stage(min(reached)).label}"
        return "Met the exit condition" if self.sequence.exit_condition and lead.pk in self._at_exit else ""

    def _find_silence(self, lead: Lead) -> str:
        """Return why nothing is mailed to the person: they asked, for this address or another, or it takes no mail."""
        person = lead.person
        if person.do_not_contact or self._covered.get(person.pk) == person.email_norm:
            return "Asked not to be mailed"
        if asked_as := self._covered.get(person.pk):
            return f"Asked not to be mailed, as {asked_as}"
        if person.email_norm not in self._silenced:
            return ""
        return f"On the suppression list: {self._silenced[person.email_norm]}"

    @property
    def _people(self) -> set[UUID]:
        return {lead.person_id for lead in self.leads}

    @property
    def _enrollments(self) -> QuerySet[Enrollment]:
        return Enrollment.objects.filter(sequence=self.sequence, lead__person__in=self._people)

    @cached_property
    def _inside(self) -> set[UUID]:
        active = self._enrollments.filter(state=Enrollment.State.ACTIVE)
        return set(active.values_list("lead__person", flat=True))

    @cached_property
    def _been(self) -> set[UUID]:
        return set(self._enrollments.values_list("lead__person", flat=True))

    @cached_property
    def _step_kinds(self) -> set[str]:
        steps = Step.objects.placed().filter(sequence=self.sequence)
        return set(steps.values_list("kind", flat=True))

    @cached_property
    def _silenced(self) -> dict[str, str]:
        return explain_suppressed({lead.person.email_norm for lead in self.leads if lead.person.email_norm})

    @cached_property
    def _covered(self) -> dict[UUID, str]:
        return list_covered(self._people)

    @cached_property
    def _stages(self) -> dict[UUID, set[str]]:
        """Lead → its stage, and that of the person's open lead where it is closed itself."""
        asked = Q(pk__in=[lead.pk for lead in self.leads]) | Q(stage__in=OPEN_STAGES)
        rows = list(Lead.objects.filter(asked, person__in=self._people).values_list("pk", "person", "stage"))
        own = {pk: stage for pk, _, stage in rows}
        opened = {person: stage for _, person, stage in rows if stage in OPEN_STAGES}
        stages = {lead.pk: own.get(lead.pk, lead.stage) for lead in self.leads}
        return {lead.pk: {stages[lead.pk], opened.get(lead.person_id, stages[lead.pk])} for lead in self.leads}

    @cached_property
    def _at_exit(self) -> set[UUID]:
        asked = Lead.objects.filter(pk__in=[lead.pk for lead in self.leads])
        people = [lead.person_id for lead in self.leads]
        met = matching(asked, self.sequence.exit_condition, now=self.now, people=people)
        return set(met.values_list("pk", flat=True))
