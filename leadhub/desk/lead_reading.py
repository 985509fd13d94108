"""Everything the lead page shows, read in a fixed number of statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from capture.addresses import find_part
from capture.models import Form
from leadhub.desk.local_time import LocalTime, read_local_time
from leadhub.desk.sla import Promise, read_promise
from leadhub.desk.timeline import Timeline, read_timeline
from leadhub.leads.address import PARTS, write_home, write_lines
from leadhub.leads.consent import find_silence
from leadhub.leads.consenting import name_purpose
from leadhub.leads.models import Inquiry, Lead, Opportunity, Person, Stage, Suppression, Task, Touch
from leadhub.leads.stage_dates import FUNNEL, REACHED_AT
from leadhub.lib.clock import utc_now
from leadhub.lib.countries import name_country
from leadhub.lib.words import bare_words
from leadhub.web.formatting import format_label, format_moment
from leadhub.web.parts import Step
from nurture.enrollments import list_of_lead
from nurture.models import Enrollment
from routing.models import Assignment
from routing.queries import AssignmentStory, list_assignment_stories
from scoring.explain import Explanation, NotScored, explain_score

TOUCHES = 50
ENROLLMENTS = 10


@dataclass(frozen=True, kw_only=True)
class LeadPage:
    """What the page opens with, its timeline, and the cards beside it."""

    lead: Lead
    person: Person
    inquiries: list[Inquiry]
    promise: Promise | None
    local_time: LocalTime | None
    steps: list[Step]
    tasks: list[Task]
    timeline: Timeline
    explanation: Explanation | None
    as_of: datetime
    touches: list[Touch]
    owners: list[AssignmentStory]
    opportunities: list[Opportunity]
    enrollments: list[Enrollment]
    silence: Suppression | None

    @property
    def words(self) -> Inquiry | None:
        """The latest inquiry that says something, else the latest."""
        return next((each for each in self.inquiries if each.message), next(iter(self.inquiries), None))

    @property
    def owner_story(self) -> AssignmentStory | None:
        """Who owns the lead now and why."""
        return next((each for each in self.owners if each.assignment.ended_at is None), None)

    @property
    def former_owners(self) -> list[AssignmentStory]:
        """Who had it before."""
        return [each for each in self.owners if each.assignment.ended_at is not None]

    @property
    def is_offered(self) -> bool:
        """Say whether the owner has yet to accept or reject."""
        story = self.owner_story
        return story is not None and story.assignment.state == Assignment.State.OFFERED

    @property
    def score_maximum(self) -> float:
        """The points that fill a bar."""
        if self.explanation is None:
            return 1
        lines = [line.points for line in self.explanation.fit_lines]
        return max([*lines, *(total.points for total in self.explanation.totals)], default=1)

    @property
    def source_words(self) -> str:
        """The report touch in one line."""
        parts = (self.lead.source, self.lead.medium, self.lead.campaign)
        return " · ".join([self.lead.get_channel_display(), *filter(None, parts)])

    @property
    def qualification(self) -> list[tuple[str, str]]:
        """Budget, authority, need, timeline, for those who may only read."""
        return [(name.title(), getattr(self.lead, name)) for name in ("budget", "authority", "need", "timeline")]

    @property
    def address(self) -> str:
        """Where the job is, in one line, if that is known."""
        return write_home(self.person)

    @property
    def company_items(self) -> list[tuple[str, Any]]:
        """What is known of the employer."""
        company = self.person.company
        if company is None:
            return []
        known = ("domain", "industry", "employees")
        items = [("Name", str(company)), *((name.title(), getattr(company, name)) for name in known)]
        items.append(("Country", name_country(company.country)))
        return [item for item in items if item[1]]

    @property
    def detail_items(self) -> list[tuple[str, Any]]:
        """How to reach them, and every other field they filled in."""
        person = self.person
        place = ("Address" if self.address else "Place", _write_address(person))
        fields = self.words.fields if self.words else {}
        known = [("E-mail", person.email), ("Phone", person.phone), place, ("Language", person.language)]
        return [
            *filter(lambda item: item[1], known),
            *map(_word_consent, person.consent.items()),
            *(
                (format_label(str(key)), value)
                for key, value in fields.items()
                if not _is_shown(person, self._parts.get(key) or find_part(key), value)
            ),
        ]

    @property
    def _parts(self) -> dict[str, str]:
        """The parts of an address that the form asked for, by the names that it gave them."""
        asked = getattr(self.words, "form_fields", None) or ()
        return {field["name"]: field["kind"] for field in asked if field.get("kind") in PARTS}


def _write_address(person: Person) -> str:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in write_lines(person)))


def _is_shown(person: Person, part: str | None, answer: Any) -> bool:
    """Say whether the address shows the answer already."""
    return part is not None and bare_words(str(answer)) == bare_words(getattr(person, part))


def _word_consent(item: tuple[str, dict[str, Any]]) -> tuple[str, str]:
    purpose, consent = item
    said = "agreed" if consent["given"] else "refused"
    day = format_moment(datetime.fromisoformat(consent["at"]), "date")
    return f"Consent: {name_purpose(purpose)}", f"{said} on {day}. {consent['source']}"


def get_lead(pk: UUID) -> Lead:
    """Return the lead with what the page's head needs; 404 where there is none."""
    related = ("person__company", "owner", "verdict_by", "first_touch", "last_touch")
    lead: Lead = get_object_or_404(Lead.objects.select_related(*related), pk=pk)
    return lead


def read_lead_page(*, lead: Lead, only: str = "", is_long: bool = False, as_of: datetime | None = None) -> LeadPage:
    """Read the page of a lead from `get_lead`; `only` filters the timeline, `as_of` dates the score."""
    now = utc_now()
    asked = Subquery(Form.objects.filter(pk=OuterRef("form_id")).values("fields")[:1])
    inquiries: list[Inquiry] = list(
        Inquiry.objects.filter(lead=lead).annotate(form_fields=asked).order_by("-arrived_at")
    )
    owners = list_assignment_stories(lead=lead)
    current = next((each.assignment for each in owners if each.assignment.ended_at is None), None)
    return LeadPage(
        lead=lead,
        person=lead.person,
        inquiries=inquiries,
        promise=read_promise(inquiries=inquiries, pool=current.pool if current else None, now=now),
        local_time=read_local_time(zone_name=lead.person.time_zone, now=now),
        steps=list_steps(lead),
        tasks=list(Task.objects.filter(lead=lead, done_at=None).select_related("member").order_by("due_at")),
        timeline=read_timeline(lead=lead, only=only, is_long=is_long),
        explanation=_explain(lead, as_of or now),
        as_of=as_of or now,
        touches=list(Touch.objects.filter(person_id=lead.person_id).order_by("occurred_at")[:TOUCHES]),
        owners=owners,
        opportunities=list(
            Opportunity.objects.filter(opportunity_leads__lead=lead).select_related("owner").order_by("-opened_at")
        ),
        enrollments=list(list_of_lead(lead=lead)[:ENROLLMENTS]),
        silence=find_silence(lead.person),
    )


def _explain(lead: Lead, as_of: datetime) -> Explanation | None:
    try:
        return explain_score(lead=lead, as_of=as_of)
    except NotScored:
        return None


def list_steps(lead: Lead) -> list[Step]:
    """Return the funnel's steps with the day each was reached."""
    dates: list[datetime | None] = [getattr(lead, REACHED_AT[stage]) for stage in FUNNEL]
    last = max(index for index, at in enumerate(dates) if at)
    current = FUNNEL.index(Stage(lead.stage)) if lead.stage in FUNNEL else last
    return [_step(stage, at, index, current) for index, (stage, at) in enumerate(zip(FUNNEL, dates, strict=True))]


def _step(stage: Stage, at: datetime | None, index: int, current: int) -> Step:
    state = "done" if index < current else "current" if index == current else "open"
    return Step(str(stage.label), state, format_moment(at, "date") if at else "")
