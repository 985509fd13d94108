"""The people of a sequence, as a page and as a file, and one person's way through it: where they are and why."""

from collections.abc import Sequence as Several
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.lib.clock import utc_now
from leadhub.lib.sheets import Cell
from leadhub.web.export import export_list
from leadhub.web.filtering import ChoiceFilter, DayFilter, ListFilter, WordsFilter
from leadhub.web.paging import read_page
from leadhub.web.parts import Column
from leadhub.web.portions import write_each
from leadhub.web.saved_views import SavedList, read_views
from leadhub.web.sorting import Order, Sort, Sorting
from nurture.enrollments import list_messages, read_path, search_enrollments
from nurture.exits import stop_enrollment
from nurture.models import Enrollment, EnrollmentMove, Sequence, Step
from nurture.pages.permission import may_enroll
from nurture.pages.sequences import read_frame
from nurture.path import list_steps_ahead
from nurture.sentences import describe_step
from nurture.statistics import NUMBERS, count_mails_behind, list_behind
from nurture.steps import list_all_steps
from nurture.tracking import list_machine_hits

PAGE_SIZE = 50
_COLUMNS = [
    Column("Person", "name"),
    Column("State", "state"),
    Column("Where, and why"),
    Column("Next", "next"),
    Column("Entered", "entered"),
]
SORTING = Sorting(
    sorts=(
        Sort(key="entered", by="entered_at", up="Longest in it first", down="Latest entered first"),
        Sort(key="next", by="next_due_at", up="Next mail first", down="Next mail last", may_be_missing=True),
        Sort(key="name", by="lead__person__last_name", up="Name, A to Z", down="Name, Z to A"),
        Sort(key="state", by="state", up="State, A to Z", down="State, Z to A"),
    ),
    usual="-entered",
    last=("-entered_at", "-pk"),
)
_SHOWN = ("lead__person", "lead__owner", "step")
_HEADER = (
    "Name", "E-mail", "Company", "Owner", "State", "Step", "Where, and why", "Next", "Entered", "Ended", "Lead",
)  # fmt: skip
_NUMBER_WORDS = {
    "entered": "Who came",
    "waiting": "Who is there now",
    "sent": "Who was sent a mail",
    "opened": "Who opened",
    "clicked": "Who clicked",
    "replied": "Who replied",
    "unsubscribed": "Who unsubscribed",
    "mql": "Who became an MQL",
    "finished": "Who went through",
    "exited": "Who left",
}
_ICONS = {
    "entered": "login",
    "mailed": "mail",
    "waited": "clock",
    "tasked": "checklist",
    "skipped": "arrow-forward-up",
    "postponed": "moon",
    "finished": "circle-check",
    "exited": "logout",
    "stopped": "player-pause",
}
_HUES = {"mailed": "blue", "tasked": "violet", "waited": "amber", "postponed": "amber", "entered": "green"}


class EnrollmentFilter(ListFilter):
    """Who, in which state, entered on which days."""

    q = WordsFilter(label="Name, company, e-mail, phone", method="by_words")
    state = ChoiceFilter("state", choices=Enrollment.State.choices, label="State", every="In whatever state")
    first = DayFilter("entered_at")
    last = DayFilter("entered_at", is_last=True)

    def by_words(self, rows: QuerySet[Enrollment], name: str, words: str) -> QuerySet[Enrollment]:  # noqa: ARG002
        """Keep the enrollments of whom a search finds."""
        return search_enrollments(rows, text=words)


PEOPLE_VIEWS = SavedList(
    key="people",
    url_name="enrollment_list",
    permission="nurture.view",
    filters=frozenset({*EnrollmentFilter.base_filters, "number", "step"}),
)


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """Who is asked for: those behind a number of the sequence or of one step, whom the filters keep."""

    sequence: Sequence
    steps: list[Step]
    step: Step | None
    number: str
    filters: EnrollmentFilter
    order: Order

    def find(self) -> QuerySet[Enrollment]:
        """Return their enrollments in their order."""
        return self.order.apply(self.filters.qs)


@require_GET
@member_view(permission="nurture.view")
def enrollment_list(request: MemberRequest, pk: UUID) -> HttpResponse:
    """List the people behind a number of the sequence or of one step, by state."""
    asked = _read(request, pk)
    sequence, step, number = asked.sequence, asked.step, asked.number
    rows = Enrollment.objects.select_related(*_SHOWN)
    context = {
        **read_frame(request, sequence, current="enrollment_list"),
        "page": read_page(found=asked.find(), rows=rows, size=PAGE_SIZE, text=request.GET.get("page")),
        "sort": asked.order,
        "views": read_views(request, PEOPLE_VIEWS),
        "columns": _COLUMNS,
        "filters": asked.filters,
        "steps": [(each, describe_step(each)) for each in asked.steps],
        "step": step,
        "numbers": [(name, _NUMBER_WORDS[name]) for name in NUMBERS],
        "number": number,
        "mails": None if asked.filters.kept else count_mails_behind(sequence=sequence, number=number, step=step),
        "is_filtered": bool(asked.filters.kept or step or number != "entered"),
    }
    return render(request, "nurture/enrollments.html", context)


@require_GET
@member_view(permission="nurture.view")
def enrollment_export(request: MemberRequest, pk: UUID) -> StreamingHttpResponse:
    """Download the people that the page lists."""
    asked = _read(request, pk)
    rows = write_each(found=asked.find(), rows=Enrollment.objects.select_related(*_SHOWN), write=_write)
    return export_list(request, name=f"people-of-{asked.sequence.name}", header=_HEADER, rows=rows)


@require_GET
@member_view(permission="nurture.view")
def enrollment_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Show one way through a sequence: what happened, why it is where it is, and what still comes."""
    enrollment = _get(pk)
    mails = list(list_messages(enrollments=[enrollment]))
    context = {
        "enrollment": enrollment,
        "sequence": enrollment.sequence,
        "moves": [_show_move(move) for move in read_path(enrollment=enrollment)],
        "to_come": _list_to_come(enrollment) if enrollment.is_active else [],
        "mails": mails,
        "machine_hits": list_machine_hits(messages=mails),
        "is_due": enrollment.next_due_at is not None and enrollment.next_due_at <= utc_now(),
        "may_stop": enrollment.is_active and may_enroll(request.viewer, enrollment.lead),
    }
    return render(request, "nurture/enrollment.html", context)


@require_POST
@member_view(permission="nurture.enroll")
def enrollment_stop(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take the lead out of the sequence."""
    enrollment = _get(pk)
    if not may_enroll(request.viewer, enrollment.lead):
        raise PermissionDenied("This lead is not yours: its owner, a manager or marketing may do this.")
    reason = request.POST.get("reason", "")[:200]
    stop_enrollment(enrollment=enrollment, actor=request.viewer.member, now=utc_now(), reason=reason)
    messages.success(request, f"{enrollment.lead.person.name} is out of “{enrollment.sequence.name}”.")
    return redirect("enrollment_detail", pk=pk)


def _read(request: HttpRequest, pk: UUID) -> _Asked:
    sequence: Sequence = get_object_or_404(Sequence, pk=pk)
    steps = list_all_steps(sequence=sequence)
    step = next((each for each in steps if str(each.pk) == request.GET.get("step")), None)
    number = request.GET.get("number", "")
    number = number if number in _NUMBER_WORDS else "entered"
    behind = list_behind(sequence=sequence, number=number, step=step)
    return _Asked(
        sequence=sequence,
        steps=steps,
        step=step,
        number=number,
        filters=EnrollmentFilter(request.GET, behind),
        order=SORTING.read(request.GET),
    )


def _write(one: Enrollment) -> Several[Cell]:
    lead, person, step = one.lead, one.lead.person, one.step
    return (
        person.name, person.email, person.company_name, lead.owner.name, one.get_state_display(),
        describe_step(step) if step else "", one.why_here, one.next_due_at, one.entered_at, one.ended_at, str(lead.pk),
    )  # fmt: skip


def _get(pk: UUID) -> Enrollment:
    related = ("sequence", "lead__person", "lead__owner", "step", "enrolled_by")
    found: Enrollment = get_object_or_404(Enrollment.objects.select_related(*related), pk=pk)
    return found


def _show_move(move: EnrollmentMove) -> dict[str, Any]:
    return {
        "move": move,
        "icon": _ICONS[move.kind],
        "hue": _HUES.get(move.kind, "slate"),
        "what": describe_step(move.step) if move.step else "",
    }


def _list_to_come(enrollment: Enrollment) -> list[tuple[str, bool]]:
    """Return the steps that are still ahead, in words, and whether each is the present one."""
    return [(describe_step(step), step.pk == enrollment.step_id) for step in list_steps_ahead(enrollment)]
