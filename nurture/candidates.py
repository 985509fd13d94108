"""Who of many leads could enter a sequence by hand, and why not the others: what the bulk page shows before.

Enrolling many goes by it too. It answers for a whole list in a few statements what `enrolling.find_obstacle` answers
for one lead.
"""

from collections import Counter
from collections.abc import Sequence as Several
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadhub.leads.conditions import matching
from leadhub.leads.models import OPEN_STAGES, Identity, Lead, Stage, Suppression, Verdict
from nurture.models import Enrollment, Sequence, Step


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Those who would enter, and those who would not, each with the reason."""

    entering: list[Lead]
    refused: list[tuple[Lead, str]]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """How many are refused for which reason, the most frequent first."""
        return Counter(reason for _, reason in self.refused).most_common()


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What is known of all the leads' people, by id or address."""

    active: set[UUID]
    been: set[UUID]
    silenced: set[str]
    open_stages: dict[UUID, str]
    at_exit: set[UUID]
    step_kinds: set[str]


def sort_candidates(*, sequence: Sequence, leads: Several[Lead], now: datetime) -> Candidates:
    """Sort leads, read with their people, into those who would enter and those who would not."""
    known = _read(sequence=sequence, leads=leads, now=now)
    entering: list[Lead] = []
    refused: list[tuple[Lead, str]] = []
    chosen: set[UUID] = set()
    for lead in leads:
        reason = _find_obstacle(lead, sequence=sequence, known=known)
        if not reason and lead.person_id in chosen:
            reason = "Is in this sequence already."
        if reason:
            refused.append((lead, reason))
        else:
            chosen.add(lead.person_id)
            entering.append(lead)
    return Candidates(entering=entering, refused=refused)


def _find_obstacle(lead: Lead, *, sequence: Sequence, known: _Known) -> str:
    if sequence.state != Sequence.State.ACTIVE:
        return "Turn the sequence on first."
    if lead.person_id in known.active:
        return "Is in this sequence already."
    if not sequence.allows_reentry and lead.person_id in known.been:
        return "Has been in this sequence, which takes nobody twice."
    if not known.step_kinds:
        return "The sequence has no step."
    if not lead.person.email_norm and Step.Kind.MAIL in known.step_kinds:
        return "Has no e-mail address."
    reason = _find_exit(lead, sequence=sequence, known=known)
    return f"Would leave at once: {reason[0].lower()}{reason[1:]}." if reason else ""


def _find_exit(lead: Lead, *, sequence: Sequence, known: _Known) -> str:
    if lead.person.do_not_contact or lead.person.email_norm in known.silenced:
        return "Asked not to be mailed"
    if lead.verdict == Verdict.NOT_A_LEAD:
        return "Not a lead"
    stages = {lead.stage, known.open_stages.get(lead.person_id, lead.stage)}
    reached = stages & {Stage.DISQUALIFIED, *sequence.exit_stages}
    if reached:
        return f"Reached {Stage(min(reached)).label}"
    return "Met the exit condition" if lead.pk in known.at_exit else ""


def _read(*, sequence: Sequence, leads: Several[Lead], now: datetime) -> _Known:
    people = {lead.person_id for lead in leads}
    been = Enrollment.objects.filter(sequence=sequence, lead__person__in=people)
    opened = Lead.objects.filter(person__in=people, stage__in=OPEN_STAGES)
    steps = Step.objects.filter(sequence=sequence, position__isnull=False)
    return _Known(
        active=set(been.filter(state=Enrollment.State.ACTIVE).values_list("lead__person", flat=True)),
        been=set(been.values_list("lead__person", flat=True)),
        silenced=_list_silenced({lead.person.email_norm for lead in leads if lead.person.email_norm}),
        open_stages=dict(opened.values_list("person", "stage")),
        at_exit=_list_at_exit(sequence=sequence, leads=leads, now=now),
        step_kinds=set(steps.values_list("kind", flat=True)),
    )


def _list_silenced(addresses: set[str]) -> set[str]:
    listed = Suppression.objects.filter(email_norm__in=addresses).values_list("email_norm", flat=True)
    owned = Identity.objects.filter(kind=Identity.Kind.EMAIL, value__in=addresses, person__do_not_contact=True)
    return {*listed, *owned.values_list("value", flat=True)}


def _list_at_exit(*, sequence: Sequence, leads: Several[Lead], now: datetime) -> set[UUID]:
    if not sequence.exit_condition:
        return set()
    asked = Lead.objects.filter(pk__in=[lead.pk for lead in leads])
    people = [lead.person_id for lead in leads]
    return set(matching(asked, sequence.exit_condition, now=now, people=people).values_list("pk", flat=True))
