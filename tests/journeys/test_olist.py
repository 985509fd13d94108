"""Real input: 8,000 leads of a marketplace and the 842 that closed come in by the normal import, and the reports say
what the files say. Collected only where the files are (`tests/journeys/olist.py`).
"""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connections

from capture.imports.models import Import, ImportRow
from capture.imports.running import start_import
from leadhub.accounts.models import Membership
from leadhub.leads.bulk import Duplicates
from leadhub.leads.models import Lead, Person, Stage
from leadhub.tenancy.scope import scope
from leadhub.work.claims import claim_jobs_of
from leadhub.work.models import Lane
from leadhub.work.runner import run_jobs
from reporting.cohorts import report_cohorts
from reporting.funnel import report_funnel
from reporting.periods import Period
from reporting.source_value import report_source_value
from tests.capture.imports.files import check
from tests.journeys import olist

AT = datetime(2026, 3, 4, 15, tzinfo=UTC)
PERIOD = Period(first_on=date(2017, 1, 1), last_on=date(2018, 12, 31), zone=ZoneInfo("UTC"))


def import_committed(content: bytes, *, actor: Membership, **choices: Any) -> Import:
    """Import a file as workers do, each chunk in a transaction of its own, with PostgreSQL's statistics kept.

    A real installation's autovacuum keeps them; within a test's minute nobody would.
    """
    with scope(actor.organization_id):
        stored = check(content, actor=actor, now=AT, **choices)
        start_import(upload_id=stored.pk, actor=actor, now=AT)
    while jobs := claim_jobs_of(organization_id=actor.organization_id, lane=Lane.BULK, now=AT):
        run_jobs(jobs=jobs, clock=lambda: AT)
        with connections["owner"].cursor() as cursor:
            cursor.execute("ANALYZE")
    return stored


def test_the_reports_say_what_the_files_say(ada: Membership) -> None:
    mql = {"external_system": "olist", "stage": Stage.MQL.value}
    leads = import_committed(olist.LEADS.read_bytes(), actor=ada, fixed=mql)
    outcomes = {"fixed": {"external_system": "olist"}, "duplicates": Duplicates.FILL}
    deals = import_committed(olist.DEALS.read_bytes(), actor=ada, **outcomes)
    with scope(ada.organization_id):
        check_ledger(leads, {"created": len(olist.read_leads())})
        check_ledger(deals, {"updated": len(olist.read_sales())})
        check_reports()
        check_dates()


def check_reports() -> None:
    """Compare funnel, sources and cohorts with the files."""
    known, sales = olist.read_leads(), olist.read_sales()
    assert (Person.objects.count(), Lead.objects.count()) == (len(known), len(known))
    funnel = report_funnel(period=PERIOD, now=AT)
    assert funnel.find(Stage.MQL).reached == len(known)
    assert funnel.find(Stage.CUSTOMER).reached == len(sales)
    rows = report_source_value(period=PERIOD, currency="USD", dimension="source").rows
    assert {row.value: row.numbers.leads for row in rows} == dict(olist.count_sources())
    cohorts = report_cohorts(period=PERIOD, now=AT, stage=Stage.CUSTOMER, unit="month").cohorts
    assert {one.first_on: (one.leads, one.reached) for one in cohorts} == olist.count_months()


def check_dates() -> None:
    """Compare dates and landing pages with the files; a sale before the first contact is flagged."""
    sales, known = olist.read_sales(), olist.read_leads()
    for lead in Lead.objects.filter(stage=Stage.CUSTOMER).select_related("person"):
        key = lead.person.identities.get().value.removeprefix("olist:")
        assert lead.customer_at == sales[key].replace(tzinfo=UTC)
        assert lead.captured_at.date().isoformat() == known[key]["first_contact_date"]
        assert lead.landing_page == known[key]["landing_page_id"]
    early = {key for key, at in sales.items() if at.date().isoformat() < known[key]["first_contact_date"]}
    flagged = ImportRow.objects.filter(reason__contains="won before the first contact")
    assert flagged.count() == len(early) > 0


def check_ledger(upload: Import, expected: dict[str, int]) -> None:
    """Compare the outcomes of a file's rows."""
    counts = {name: ImportRow.objects.filter(upload=upload, outcome=name).count() for name in expected}
    assert counts == expected
    assert upload.row_count == sum(expected.values())
