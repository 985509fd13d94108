"""The admin's page of what did not work: dead letters, jobs on their next try, deliveries in doubt or failed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.delivery.settling import list_unsettled, mark_sent, send_again
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.web.paging import read_page
from leadhub.web.parts import Column
from leadhub.web.sorting import Sort, Sorting
from leadhub.work.dead_letters import list_dead_letters, list_lane_loads, list_retrying, retry_all, retry_job

PAGE_SIZE = 50
JOB_COLUMNS = [Column("Job"), Column("Why"), Column("Tries", align="end"), Column("When"), Column("")]
DELIVERY_COLUMNS = [Column("What"), Column("To", "to"), Column("State", "state"), Column("Why"), Column("")]
SORTING = Sorting(  # "in_doubt" sorts after "failed"
    sorts=(
        Sort(key="state", by="state", up="Failed first", down="In doubt first"),
        Sort(key="to", by="recipient", up="Recipient, A to Z", down="Recipient, Z to A"),
    ),
    usual="-state",
    last=("-created_at", "-pk"),
)


@require_GET
@member_view(permission="jobs.view")
def job_list(request: MemberRequest) -> HttpResponse:
    """Show what waits for a person, why, and what may be done."""
    order, unsettled = SORTING.read(request.GET), list_unsettled()
    context = {
        "dead": list_dead_letters(),
        "retrying": list_retrying(),
        "page": read_page(found=order.apply(unsettled), rows=unsettled, size=PAGE_SIZE, text=request.GET.get("page")),
        "sort": order,
        "loads": list_lane_loads(now=utc_now()),
        "job_columns": JOB_COLUMNS,
        "delivery_columns": DELIVERY_COLUMNS,
        "may_retry": request.viewer.may("jobs.retry"),
    }
    return render(request, "desk/jobs.html", context)


@require_POST
@member_view(permission="jobs.retry")
def job_retry(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Try one dead letter again."""
    try:
        job = retry_job(job_id=pk, actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        return _back(request, error.message, is_refusal=True)
    return _back(request, f"{job.kind} is tried again now.")


@require_POST
@member_view(permission="jobs.retry")
def job_retry_all(request: MemberRequest) -> HttpResponse:
    """Try every dead letter again."""
    count = retry_all(actor=request.viewer.member, now=utc_now())
    return _back(request, f"{count} dead letters are tried again now.")


@require_POST
@member_view(permission="jobs.retry")
def delivery_send_again(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Send a delivery once more."""
    try:
        delivery = send_again(delivery_id=pk, actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        return _back(request, error.message, is_refusal=True)
    return _back(request, f"It is sent to {delivery.recipient} once more.")


@require_POST
@member_view(permission="jobs.retry")
def delivery_mark_sent(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Settle a delivery that is known to have arrived."""
    try:
        delivery = mark_sent(delivery_id=pk, actor=request.viewer.member, now=utc_now())
    except DomainError as error:
        return _back(request, error.message, is_refusal=True)
    return _back(request, f"The delivery to {delivery.recipient} counts as sent.")


def _back(request: HttpRequest, words: str, *, is_refusal: bool = False) -> HttpResponse:
    messages.add_message(request, messages.ERROR if is_refusal else messages.SUCCESS, words)
    return redirect("job_list")
