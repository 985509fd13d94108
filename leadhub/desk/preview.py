"""What stands beside the queue: enough of a lead to call it, and the pad that logs what came of the call."""

from dataclasses import dataclass
from datetime import datetime

from leadhub.desk.local_time import LocalTime, read_local_time
from leadhub.desk.timeline import Item, list_latest
from leadhub.leads.address import write_home
from leadhub.leads.models import Inquiry, Lead, Task
from routing.models import Assignment

LATEST = 5


@dataclass(frozen=True, kw_only=True)
class Preview:
    """One lead beside the list."""

    lead: Lead
    inquiries: list[Inquiry]
    local_time: LocalTime | None
    tasks: list[Task]
    latest: list[Item]
    assignment: Assignment | None

    @property
    def words(self) -> Inquiry | None:
        """The latest inquiry that says something, else the latest."""
        return next((each for each in self.inquiries if each.message), next(iter(self.inquiries), None))

    @property
    def address(self) -> str:
        """Where the job is, in one line, if that is known."""
        return write_home(self.lead.person)

    @property
    def is_offered(self) -> bool:
        """Say whether the owner has yet to accept or reject."""
        return bool(self.assignment and self.assignment.state == Assignment.State.OFFERED)


def read_preview(*, lead: Lead, now: datetime) -> Preview:
    """Read the preview of a lead from `get_lead`."""
    return Preview(
        lead=lead,
        inquiries=list(Inquiry.objects.filter(lead=lead).order_by("-arrived_at")[:5]),
        local_time=read_local_time(zone_name=lead.person.time_zone, now=now),
        tasks=list(Task.objects.filter(lead=lead, done_at=None).order_by("due_at")),
        latest=list_latest(lead=lead, limit=LATEST),
        assignment=Assignment.objects.filter(lead=lead, ended_at=None).select_related("pool").first(),
    )
