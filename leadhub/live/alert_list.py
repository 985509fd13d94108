"""What a member was told: the bell's menu, the page of all their alerts, and these as a file."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leadhub.accounts.access import MemberRequest, member_view
from leadhub.lib.sheets import Cell
from leadhub.live.alerts import count_unseen, list_alerts
from leadhub.live.models import Alert
from leadhub.web.export import export_list
from leadhub.web.filtering import ChoiceFilter, DayFilter, ListFilter, WordsFilter
from leadhub.web.paging import read_page
from leadhub.web.parts import Column
from leadhub.web.portions import write_each
from leadhub.web.sorting import Sort, Sorting

PAGE_SIZE = 50
SEEN = [("no", "Not seen yet"), ("yes", "Seen")]
_IN_MENU = 8
HEADER = ("Alert", "Why", "About", "When", "Seen", "Lead")
COLUMNS = [Column("Alert"), Column("Why", "why"), Column("When", "when")]
SORTING = Sorting(
    sorts=(
        Sort(key="when", by="created_at", up="Oldest first", down="Newest first"),
        Sort(key="why", by="kind", up="Why, A to Z", down="Why, Z to A"),
    ),
    usual="-when",
    last=("-created_at", "-pk"),
)


class AlertFilter(ListFilter):
    """What it says, why it came, whether it was seen, on which days."""

    q = WordsFilter("text", label="Find by words")
    why = ChoiceFilter("kind", choices=Alert.Kind.choices, label="Why", every="For every reason")
    seen = ChoiceFilter("seen_at", choices=SEEN, label="Seen", every="Seen or not", method="by_seen")
    first = DayFilter("created_at")
    last = DayFilter("created_at", is_last=True)

    def by_seen(self, rows: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        """Keep what was seen, or what was not."""
        return rows.filter(**{f"{name}__isnull": value == "no"})


@require_GET
@member_view(permission="account.own")
def alert_list(request: MemberRequest) -> HttpResponse:
    """Show the member's alerts, newest first unless asked otherwise: a page, or the bell's menu."""
    alerts = list_alerts(member=request.viewer.member)
    unseen = count_unseen(member=request.viewer.member)
    if request.htmx.target == "alert-list":
        return render(request, "live/alert_menu.html", {"alerts": alerts[:_IN_MENU], "unseen": unseen})
    filters, order = AlertFilter(request.GET, alerts), SORTING.read(request.GET)
    context = {
        "page": read_page(found=order.apply(filters.qs), rows=alerts, size=PAGE_SIZE, text=request.GET.get("page")),
        "filters": filters,
        "sort": order,
        "columns": COLUMNS,
        "unseen": unseen,
    }
    return render(request, "live/alerts.html", context)


@require_GET
@member_view(permission="account.own")
def alert_export(request: MemberRequest) -> StreamingHttpResponse:
    """Download the alerts that the page shows."""
    alerts = list_alerts(member=request.viewer.member)
    found = SORTING.read(request.GET).apply(AlertFilter(request.GET, alerts).qs)
    return export_list(request, name="alerts", header=HEADER, rows=write_each(found=found, rows=alerts, write=_write))


def _write(one: Alert) -> Sequence[Cell]:
    about = one.lead.person.name if one.lead else ""
    return one.text, one.get_kind_display(), about, one.created_at, one.seen_at, str(one.lead_id or "")
