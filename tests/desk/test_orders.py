"""Every list that is sorted: each of its orders on the page and in the file, told to who listens, kept by its links."""

import pytest

from capture import inquiry_pages, ledger_pages
from capture.imports import list_page as import_list_page
from capture.imports import pages as import_pages
from capture.models import Import
from leadhub.accounts.models import Membership
from leadhub.desk import deliveries, jobs, lead_list, team_page
from leadhub.desk.members import members
from leadhub.desk.settings import audit
from leadhub.live import alert_list
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from leadhub.web.sorting import Sorting
from nurture.models import Sequence
from nurture.pages import enrollments, suppressions
from reporting.pages import lost, speed, spend_filter
from tests.contracts.places import Furniture, furnish
from tests.personas import ClientOf

LISTS: list[tuple[str, str, Sorting]] = [
    ("/leads/", "/leads/export/", lead_list.SORTING),
    ("/inquiries/", "/inquiries/export/", inquiry_pages.SORTING),
    ("/intake/", "/intake/export/", ledger_pages.SORTING),
    ("/sequences/{sequence}/people/", "/sequences/{sequence}/people/export/", enrollments.SORTING),
    ("/sequences/suppressions/", "/sequences/suppressions/export/", suppressions.SORTING),
    ("/audit/", "/audit/export/", audit.SORTING),
    ("/imports/", "/imports/export/", import_list_page.SORTING),
    ("/imports/{upload}/", "/imports/{upload}/rows/", import_pages.LEDGER_SORTING),
    ("/alerts/", "/alerts/export/", alert_list.SORTING),
    ("/members/", "/members/export/", members.SORTING),
    ("/team/", "", team_page.SORTING),
    ("/jobs/", "/jobs/export/", jobs.SORTING),
    ("/jobs/deliveries/", "/jobs/deliveries/export/", deliveries.SORTING),
    ("/reports/spend/", "/reports/spend/export/", spend_filter.SORTING),
    ("/reports/lost/deals/", "/reports/lost/deals/export/", lost.DEAL_SORTING),
    ("/reports/speed/inquiries/", "/reports/speed/inquiries/export/", speed.INQUIRY_SORTING),
]


@pytest.fixture
def furniture(acme: Organization, ada: Membership) -> Furniture:
    here = furnish(ada)
    with scope(acme.id):
        Import.objects.update(state="done")
    return here


@pytest.mark.parametrize(("page", "file", "sorting"), LISTS, ids=[page for page, _, _ in LISTS])
def test_every_order_is_one_of_page_and_file(
    furniture: Furniture, ada: Membership, client_of: ClientOf, page: str, file: str, sorting: Sorting
) -> None:
    browser = client_of(ada)
    with scope(ada.organization_id):
        names = {"sequence": Sequence.objects.earliest("id").pk, "upload": Import.objects.earliest("id").pk}
    page, file = page.format(**names), file.format(**names)

    for key in [f"{sign}{sort.key}" for sort in sorting.sorts for sign in ("", "-")]:
        assert browser.get(page, {"sort": key}).context["sort"].present == key
        if file:
            assert b"".join(browser.get(file, {"sort": key}).streaming_content)  # type: ignore[attr-defined]
    usual, refused = browser.get(page), browser.get(page, {"sort": "-password"})

    assert usual.context["sort"].present == sorting.usual
    assert (refused.status_code, refused.context["sort"].refused) == (200, "-password")
