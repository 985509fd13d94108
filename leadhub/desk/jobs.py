"""The admin's page of work that was given up: dead letters, each tried again or all; and jobs on their next try."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.desk.troubles import go_back, list_trouble_tabs
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.web.export import export_list
from leadhub.web.filtering import ChoiceFilter, DayFilter, ListFilter, WordsFilter
from leadhub.web.paging import read_page
from leadhub.web.parts import Column
from leadhub.web.portions import Lines, Portions
from leadhub.web.sorting import Sort, Sorting
from leadhub.work.dead_letters import (
    add_failures,
    list_dead_letters,
    list_lane_loads,
    list_retrying,
    retry_all,
    retry_job,
)
from leadhub.work.models import Lane

PAGE_SIZE = 50
HEADER = ("Job", "Lane", "Error", "Message", "Tries", "Given up", "Due first", "Number")
COLUMNS = [
    Column("Job", "job"),
    Column("Why", "why"),
    Column("Tries", "tries", "end"),
    Column("When", "when"),
    Column(""),
]
RETRYING_COLUMNS = [Column("Job"), Column("Why"), Column("Tries", align="end"), Column("When"), Column("")]
SORTING = Sorting(
    sorts=(
        Sort(key="when", by="dead_at", up="Longest ago first", down="Latest first"),
        Sort(key="job", by="kind", up="Job, A to Z", down="Job, Z to A"),
        Sort(key="why", by="error_class", up="Error, A to Z", down="Error, Z to A"),
        Sort(key="tries", by="attempts", up="Fewest tries first", down="Most tries first"),
    ),
    usual="-when",
    last=("-dead_at", "-pk"),
)


class DeadLetterFilter(ListFilter):
    """The job or its error, the lane, the days on which it was given up."""

    q = WordsFilter("kind", "error_class", label="Find by job or error")
    lane = ChoiceFilter("lane", choices=Lane.choices, label="Lane", every="Every lane")
    first = DayFilter("dead_at")
    last = DayFilter("dead_at", is_last=True)


@require_GET
@member_view(permission="jobs.view")
def job_list(request: MemberRequest) -> HttpResponse:
    """Show the work that waits for a person, why, and what may be done."""
    filters, order = DeadLetterFilter(request.GET, list_dead_letters()), SORTING.read(request.GET)
    found, text = order.apply(filters.qs), request.GET.get("page")
    page = read_page(found=found, rows=list_dead_letters(), size=PAGE_SIZE, text=text)
    context = {
        "tabs": list_trouble_tabs("job_list"),
        "filters": filters,
        "sort": order,
        "page": page,
        "dead": add_failures(page),
        "retrying": list_retrying(),
        "loads": list_lane_loads(now=utc_now()),
        "columns": COLUMNS,
        "retrying_columns": RETRYING_COLUMNS,
        "may_retry": request.viewer.may("jobs.retry"),
    }
    return render(request, "desk/troubles/jobs.html", context)


@require_GET
@member_view(permission="jobs.view")
def job_export(request: MemberRequest) -> StreamingHttpResponse:
    """Download the dead letters that the list shows, without what is for developers."""
    found = SORTING.read(request.GET).apply(DeadLetterFilter(request.GET, list_dead_letters()).qs)
    return export_list(request, name="dead-letters", header=HEADER, rows=Portions(found=found, read=read_lines))


def read_lines(keys: Sequence[UUID]) -> Lines:
    """Return the line of each job."""
    found = add_failures(list_dead_letters().filter(pk__in=keys))
    return {
        (job := each.job).pk: [
            (
                job.kind, job.get_lane_display(), job.error_class, each.failure.message if each.failure else "",
                job.attempts, job.dead_at, job.created_at, str(job.pk),
            )
        ]
        for each in found
    }  # fmt: skip


@require_POST
@member_view(permission="jobs.retry")
def job_retry(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Try one dead letter again."""
    try:
        job = retry_job(job_id=pk, actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        return go_back(request, "job_list", error.message, is_refusal=True)
    return go_back(request, "job_list", f"{job.kind} is tried again now.")


@require_POST
@member_view(permission="jobs.retry")
def job_retry_all(request: MemberRequest) -> HttpResponse:
    """Try every dead letter again."""
    count = retry_all(actor=request.viewer.member, now=utc_now())
    return go_back(request, "job_list", f"{count} dead letters are tried again now.")
