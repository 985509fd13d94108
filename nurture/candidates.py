"""Who of many leads could enter a sequence by hand, and why not the others. The bulk page and enrolling many ask."""

from collections import Counter
from collections.abc import Sequence as Several
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leadhub.leads.models import Lead
from nurture.models import Sequence
from nurture.standing import Standing


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Those who would enter, and those who would not, each with the reason."""

    entering: list[Lead]
    refused: list[tuple[Lead, str]]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """How many are refused for which reason, the most frequent first."""
        return Counter(reason for _, reason in self.refused).most_common()


def sort_candidates(*, sequence: Sequence, leads: Several[Lead], now: datetime) -> Candidates:
    """Sort leads, read with their people, into those who would enter and those who would not."""
    standing = Standing(sequence=sequence, leads=leads, now=now)
    entering: list[Lead] = []
    refused: list[tuple[Lead, str]] = []
    chosen: set[UUID] = set()
    for lead in leads:
        reason = standing.find_obstacle(lead)
        if not reason and lead.person_id in chosen:
            reason = "Is in this sequence already."
        if reason:
            refused.append((lead, reason))
        else:
            chosen.add(lead.person_id)
            entering.append(lead)
    return Candidates(entering=entering, refused=refused)
