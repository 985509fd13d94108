"""Undoing an import: what it made goes, what it overwrote comes back, what somebody has built on stays and says why."""

from datetime import timedelta
from decimal import Decimal

import pytest

from capture.imports.models import Import, ImportRow
from capture.imports.undoing import undo_chunk, undo_import
from leadhub.accounts.models import Membership
from leadhub.leads.bulk import Duplicates
from leadhub.leads.models import Event, Inquiry, Lead, Opportunity, Outcome, Person, Stage, StageChange, Touch
from leadhub.leads.outcomes import log_outcome
from leadhub.work.runner import run_due
from tests.capture.imports.files import import_file, make_csv
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
    for model in (Person, Lead, Inquiry, Touch, Event, StageChange, Opportunity):
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


def test_undoing_twice_changes_nothing(ada: Membership) -> None:
    stored = undo(import_file(make_csv(HEADER, *ROWS), actor=ada), ada)
    undo(stored, ada)
    undo_chunk(chunk_id=stored.chunks.get().pk, now=LATER)
    assert ImportRow.objects.filter(undoing="taken_back").count() == len(ROWS)
