"""Undoing an import: what it made goes, what it overwrote comes back, what somebody has built on stays and says why."""

from datetime import timedelta
from decimal import Decimal

import pytest

from capture.imports.identification import identify_chunk
from capture.imports.models import Import, ImportRow
from capture.imports.running import start_import
from capture.imports.undoing import undo_chunk, undo_import
from capture.imports.uploading import ROWS_OF_A_CHUNK
from leadhub.accounts.models import Membership
from leadhub.leads.bulk import Duplicates
from leadhub.leads.models import (
    Company,
    Event,
    Identity,
    Inquiry,
    Lead,
    Opportunity,
    Outcome,
    Person,
    Stage,
    StageChange,
    TaskKind,
    Touch,
)
from leadhub.leads.outcomes import log_outcome
from leadhub.leads.tasks import create_task
from leadhub.tenancy.models import Organization
from leadhub.work.runner import run_due
from tests.capture.imports.files import check, import_file, make_csv
from tests.leads.arrivals import make_lead
from tests.personas import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]
LATER = NOW + timedelta(hours=1)
HEADER = ("email", "first name", "source", "date", "won date", "sales value")
ROWS = [(f"p{n}@client.example", "Pat", "google", "2026-01-01", "2026-02-01", "100") for n in range(3)]


def undo(stored: Import, actor: Membership) -> Import:
    undo_import(upload_id=stored.pk, actor=actor, now=LATER)
    run_due(now=LATER)
    stored.refresh_from_db()
    return stored


def test_whatever_it_made_goes(ada: Membership) -> None:
    stored = undo(import_file(make_csv(HEADER, *ROWS), actor=ada), ada)
    assert stored.state == Import.State.UNDONE
    for model in (Person, Identity, Company, Lead, Inquiry, Touch, Event, StageChange, Opportunity):
        assert not model.objects.exists(), model
    assert set(ImportRow.objects.values_list("undoing", flat=True)) == {"taken_back"}


def test_lead_that_somebody_worked_on_stays(ada: Membership) -> None:
    stored = import_file(make_csv(("email",), ("a@client.example",), ("b@client.example",)), actor=ada)
    lead = Lead.objects.get(person__email="a@client.example")
    log_outcome(lead=lead, outcome=Outcome.CONNECTED, actor=ada, now=LATER)
    undo(stored, ada)
    assert list(Lead.objects.values_list("person__email", flat=True)) == ["a@client.example"]
    kept = ImportRow.objects.get(undoing="kept")
    assert (kept.number, kept.undoing_note) == (2, "Somebody has worked on this lead since")


def test_overwritten_values_come_back_unless_changed_since(ada: Membership) -> None:
    for name in ("a", "b"):
        make_lead(f"{name}@client.example", first_name="Lea", title="CTO")
    content = make_csv(("email", "first name", "job title"), *((f"{n}@client.example", "Leah", "CEO") for n in "ab"))
    stored = import_file(content, actor=ada, duplicates=Duplicates.OVERWRITE)
    Person.objects.filter(email="b@client.example").update(title="Chair")
    undo(stored, ada)
    shown = list(Person.objects.order_by("email").values_list("first_name", "title"))
    assert shown == [("Lea", "CTO"), ("Lea", "Chair")]
    assert ImportRow.objects.get(undoing="kept").undoing_note == "Changed since: title"


def test_outcome_told_of_a_known_lead_is_taken_back(ada: Membership) -> None:
    lead = make_lead("a@client.example")
    content = make_csv(("email", "won date", "sales value"), ("a@client.example", "2026-03-01", "500"))
    stored = import_file(content, actor=ada, duplicates=Duplicates.FILL)
    lead.refresh_from_db()
    assert (Stage(lead.stage), lead.sales_value) == (Stage.CUSTOMER, Decimal(500))
    undo(stored, ada)
    lead.refresh_from_db()
    assert (Stage(lead.stage), lead.sales_value, lead.verdict) == (Stage.NEW, Decimal(0), "pending")
    assert lead.customer_at is None
    assert not Opportunity.objects.exists()


@pytest.mark.parametrize("time_zone", ["America/New_York", "Asia/Kolkata"])
def test_dates_of_another_zone_and_amounts_without_cents_come_back(ada: Membership, time_zone: str) -> None:
    Organization.objects.update(time_zone=time_zone)
    lead = make_lead("a@client.example")
    told = ("a@client.example", "2026-03-01", "500", "1200")
    content = make_csv(("email", "won date", "sales value", "quote value"), told)
    stored = undo(import_file(content, actor=ada, duplicates=Duplicates.FILL), ada)
    lead.refresh_from_db()
    assert stored.state == Import.State.UNDONE
    assert (Stage(lead.stage), lead.mql_at, lead.customer_at) == (Stage.NEW, None, None)
    assert (lead.sales_value, lead.quote_value) == (Decimal(0), None)
    assert not ImportRow.objects.filter(undoing="kept").exists()


def test_lead_that_somebody_worked_on_while_the_import_ran_stays(ada: Membership) -> None:
    rows = ((f"p{n}@client.example", "2026-01-01") for n in range(ROWS_OF_A_CHUNK + 5))
    stored = check(make_csv(("email", "date"), *rows), actor=ada)
    start_import(upload_id=stored.pk, actor=ada, now=NOW)
    first, second = stored.chunks.order_by("number")
    identify_chunk(chunk_id=first.pk, now=NOW)
    lead = Lead.objects.get(person__email="p7@client.example")
    log_outcome(lead=lead, outcome=Outcome.CONNECTED, actor=ada, now=NOW + timedelta(minutes=1))
    identify_chunk(chunk_id=second.pk, now=NOW + timedelta(minutes=2))
    undo(stored, ada)
    assert Lead.objects.get() == lead


def test_lead_for_which_somebody_planned_a_task_stays(ada: Membership) -> None:
    stored = import_file(make_csv(("email",), ("a@client.example",), ("b@client.example",)), actor=ada)
    lead = Lead.objects.get(person__email="a@client.example")
    create_task(lead=lead, member=ada, kind=TaskKind.CALL, title="Call", due_at=LATER, now=NOW + timedelta(minutes=1))
    undo(stored, ada)
    assert Lead.objects.get() == lead


def test_known_person_is_not_recognised_any_more_by_what_the_file_told(ada: Membership) -> None:
    make_lead("", phone="+1 212 555 0134")
    content = make_csv(("email", "phone"), ("new@other.example", "+1 212 555 0134"))
    stored = import_file(content, actor=ada, duplicates=Duplicates.FILL)
    assert Identity.objects.filter(value="new@other.example").exists()
    undo(stored, ada)
    assert list(Identity.objects.values_list("kind", flat=True)) == ["phone"]


def test_undoing_twice_changes_nothing(ada: Membership) -> None:
    stored = undo(import_file(make_csv(HEADER, *ROWS), actor=ada), ada)
    undo(stored, ada)
    undo_chunk(chunk_id=stored.chunks.get().pk, now=LATER)
    assert ImportRow.objects.filter(undoing="taken_back").count() == len(ROWS)
