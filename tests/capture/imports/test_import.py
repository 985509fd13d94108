"""A file becomes people, leads, inquiries and outcomes, with the same meaning as arrivals one by one."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from capture.imports.identification import identify_chunk
from capture.imports.models import Import, ImportChunk, ImportRow
from capture.imports.queries import list_refusals
from capture.imports.undoing import undo_import
from leadhub.accounts.models import Membership
from leadhub.leads.bulk import Duplicates
from leadhub.leads.models import Event, Identity, Inquiry, Lead, Opportunity, Person, Stage, StageChange, Touch
from leadhub.lib.sheets import SheetTooLarge
from leadhub.live.models import Alert
from leadhub.work.runner import run_due
from tests.capture.imports.files import check, import_file, list_outcomes, make_csv, upload
from tests.leads.arrivals import make_lead
from tests.personas import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_scope")]
HEADER = ("E-mail", "Full name", "Company", "Source", "Medium", "Created at", "Message", "Quote value")
LEA = ("lea@client.example", "Lea Lang", "Client Ltd", "google", "cpc", "2026-02-01 10:00", "A roof", "1200.50")


def test_row_becomes_a_whole_lead(ada: Membership) -> None:
    stored = import_file(make_csv(HEADER, LEA), actor=ada)
    assert (stored.state, list_outcomes(stored)) == (Import.State.DONE, ["created"])
    lead = Lead.objects.select_related("person__company", "first_touch").get()
    person = lead.person
    assert (person.first_name, person.last_name, person.email_norm) == ("Lea", "Lang", "lea@client.example")
    assert person.company is not None
    assert person.company.domain == "client.example"
    assert (lead.channel, lead.source, lead.medium) == ("paid_search", "google", "cpc")
    assert lead.captured_at == datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert (lead.quote_value, lead.currency) == (Decimal("1200.50"), "USD")
    inquiry = Inquiry.objects.get()
    assert (inquiry.door, inquiry.message, inquiry.is_opening, inquiry.touch) == (
        "import",
        "A roof",
        True,
        Touch.objects.get(),
    )
    assert Event.objects.filter(lead=lead, kind="form_submitted", occurred_at=lead.captured_at).count() == 1
    assert not Alert.objects.exists()


def test_two_rows_of_one_person_make_one_person_and_join_the_open_lead(ada: Membership) -> None:
    header = ("email", "phone", "date", "message")
    rows = [
        ("lea@client.example", "", "2026-02-01", "first"),
        ("LEA@client.example", "+1 202 555 0143", "2026-02-05", "second"),
        ("", "(202) 555-0143", "2026-02-09", "third"),
    ]
    import_file(make_csv(header, *rows), actor=ada)
    assert (Person.objects.count(), Lead.objects.count(), Inquiry.objects.count()) == (1, 1, 3)
    assert Identity.objects.count() == 2
    assert Inquiry.objects.filter(is_opening=True).get().message == "first"


def test_known_person_is_skipped_filled_or_overwritten(ada: Membership) -> None:
    known = make_lead("lea@client.example", first_name="Lea", title="")
    content = make_csv(("email", "first name", "job title"), ("lea@client.example", "Leah", "CEO"))
    expected = {Duplicates.SKIP: ("Lea", ""), Duplicates.FILL: ("Lea", "CEO"), Duplicates.OVERWRITE: ("Leah", "CEO")}
    for policy, (first_name, title) in expected.items():
        stored = import_file(content, actor=ada, duplicates=policy)
        known.person.refresh_from_db()
        assert (known.person.first_name, known.person.title) == (first_name, title)
        assert list_outcomes(stored) == ["skipped" if policy == Duplicates.SKIP else "updated"]
    assert Lead.objects.count() == 1


def test_the_same_file_again_adds_nothing(ada: Membership) -> None:
    for policy in (Duplicates.FILL, Duplicates.FILL, Duplicates.OVERWRITE):
        stored = import_file(make_csv(HEADER, LEA), actor=ada, duplicates=policy)
    assert list_outcomes(stored) == ["skipped"]
    assert (Lead.objects.count(), Inquiry.objects.count(), Event.objects.filter(kind="form_submitted").count()) == (
        1,
        1,
        1,
    )


def test_chunk_done_twice_changes_nothing(ada: Membership) -> None:
    import_file(make_csv(HEADER, LEA), actor=ada)
    batch = identify_chunk(chunk_id=ImportChunk.objects.get().pk, now=NOW)
    assert (batch.lead_ids, Lead.objects.count(), ImportRow.objects.count()) == ((), 1, 1)


def test_won_lead_is_a_customer_with_its_sale_at_its_date(ada: Membership) -> None:
    header = ("id", "date", "stage", "won date", "sales value")
    import_file(make_csv(header, ("7", "2026-01-01", "MQL", "2026-02-01", "900")), actor=ada)
    lead = Lead.objects.get()
    won = datetime(2026, 2, 1, tzinfo=UTC)
    assert (lead.stage, lead.customer_at, lead.mql_at) == (Stage.CUSTOMER, won, datetime(2026, 1, 1, tzinfo=UTC))
    assert (lead.sales_value, lead.verdict, lead.sal_at) == (Decimal(900), "qualified", won)
    deal = Opportunity.objects.get()
    assert (deal.stage, deal.amount, deal.closed_at) == ("won", Decimal(900), won)
    moves = StageChange.objects.order_by("at").values_list("from_stage", "to_stage", "is_override")
    assert list(moves) == [("new", "mql", True), ("mql", "customer", False)]


def test_sale_before_the_first_contact_is_kept_and_flagged(ada: Membership) -> None:
    stored = import_file(make_csv(("id", "date", "won date"), ("7", "2026-02-01", "2026-01-01")), actor=ada)
    assert Lead.objects.get().customer_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert "won before the first contact" in ImportRow.objects.get(upload=stored).reason


def test_second_file_tells_what_became_of_the_first(ada: Membership) -> None:
    import_file(make_csv(("mql_id", "date"), ("a", "2026-01-01"), ("b", "2026-01-02")), actor=ada)
    stored = import_file(
        make_csv(("mql_id", "won_date", "segment"), ("a", "2026-01-09", "pets")), actor=ada, duplicates=Duplicates.FILL
    )
    assert list_outcomes(stored) == ["updated"]
    assert (Lead.objects.count(), Inquiry.objects.count()) == (2, 2)
    lead = Lead.objects.get(stage=Stage.CUSTOMER)
    assert lead.custom == {"segment": "pets"}


def test_lost_lead_ends_with_its_reason(ada: Membership) -> None:
    import_file(make_csv(("email", "status", "lost reason"), ("a@b.example", "Closed Lost", "Too small")), actor=ada)
    lead = Lead.objects.get()
    assert (lead.stage, lead.disposition, lead.disposition_note) == (Stage.DISQUALIFIED, "no_fit", "Too small")


def test_errors_are_told_at_the_cell_before_anything_is_written(ada: Membership) -> None:
    rows = [
        ("lea@client.example", "", "2026-01-01", "100"),
        ("no address", "12", "31.02.2026", "many"),
        ("", "", "2026-01-01", ""),
    ]
    stored = check(make_csv(("email", "phone", "date", "quote value"), *rows), actor=ada)
    chunk = ImportChunk.objects.get(upload=stored)
    assert [(error["row"], error["column"]) for error in chunk.errors] == [
        (3, "date"),
        (3, "email"),
        (3, "phone"),
        (3, "quote value"),
        (4, ""),
    ]
    assert chunk.counts == {"new": 1, "known": 0, "invalid": 2}
    assert not Person.objects.exists()


def test_the_check_knows_whom_the_import_will_know(ada: Membership) -> None:
    import_file(make_csv(("email", "phone"), ("lea@client.example", "+1 415 555 2671")), actor=ada)
    rows = [("max@client.example", "+1 415 555 2671"), ("", "+1 415 555 2671"), ("lea@client.example", "")]
    stored = check(make_csv(("email", "phone"), *rows), actor=ada)
    assert ImportChunk.objects.get(upload=stored).counts == {"new": 1, "known": 2, "invalid": 0}
    assert list_outcomes(import_file(make_csv(("email", "phone"), *rows), actor=ada)) == [
        "created",
        "skipped",
        "skipped",
    ]


def test_leads_go_to_the_row_s_owner_the_named_one_or_marketing(
    ada: Membership, ria: Membership, raj: Membership
) -> None:
    header = ("email", "owner")
    rows = [("a@client.example", ria.user.email), ("b@client.example", "")]
    import_file(make_csv(header, *rows), actor=ada, assign=str(raj.pk))
    owners = dict(Lead.objects.values_list("person__email", "owner_id"))
    assert owners == {"a@client.example": ria.pk, "b@client.example": raj.pk}


def test_more_than_one_chunk_in_order(ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capture.imports.uploading.ROWS_OF_A_CHUNK", 10)
    rows = [(f"p{number}@client.example", str((NOW - timedelta(days=9)).date()), number) for number in range(35)]
    stored = import_file(make_csv(("email", "date", "quote value"), *rows), actor=ada)
    assert ImportChunk.objects.filter(upload=stored, state="settled").count() == 4
    assert (stored.row_count, Lead.objects.count()) == (35, 35)


def test_short_rows_below_a_long_header_are_counted_by_what_is_stored(
    ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capture.imports.uploading.MOST_CELLS", 60)
    short = [("a@client.example",)] * 20
    with pytest.raises(SheetTooLarge, match="more than 15 rows"):
        upload(make_csv(("email", "name", "company", "city"), *short), actor=ada)
    assert upload(make_csv(("email", "name", "company"), *short), actor=ada).row_count == 20


def test_later_rows_complete_different_people_of_the_same_file(
    ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadhub.leads.bulk.arrival.PORTION", 2)
    rows = [
        ("a@client.example", "", "", "new"),
        ("b@client.example", "", "", "new"),
        ("a@client.example", "CEO", "", "mql"),
        ("b@client.example", "", "Ulm", "new"),
    ]
    stored = import_file(make_csv(("email", "job title", "city", "stage"), *rows), actor=ada)
    assert stored.state == Import.State.DONE
    found = Person.objects.order_by("email").values_list("title", "city", "do_not_contact")
    assert list(found) == [("CEO", "", False), ("", "Ulm", False)]
    assert list(Lead.objects.order_by("person__email").values_list("stage", flat=True)) == [Stage.MQL, Stage.NEW]


def test_rows_have_the_numbers_that_a_spreadsheet_shows(ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capture.imports.uploading.ROWS_OF_A_CHUNK", 5)
    header, blank = ("email", "date"), ("", "")
    people = [(f"p{number}@client.example", "2026-02-01") for number in range(4)]
    lines = [header, blank, people[0], blank, blank, ("nobody", ""), people[1], *[blank] * 20, people[2], people[3]]
    stored = import_file(make_csv(*lines), actor=ada)
    ledger = ImportRow.objects.filter(upload=stored).order_by("number").values_list("number", "outcome")
    assert list(ledger) == [(3, "created"), (6, "failed"), (7, "created"), (28, "created"), (29, "created")]
    assert [list(list_refusals(chunk)) for chunk in ImportChunk.objects.exclude(errors=[])] == [[6]]
    undo_import(upload_id=stored.pk, actor=ada, now=NOW)
    run_due(now=NOW)
    assert (stored.row_count, Person.objects.count()) == (5, 0)


@pytest.mark.parametrize("policy", list(Duplicates))
def test_the_wish_to_be_left_alone_is_heard_whatever_the_policy(ada: Membership, policy: Duplicates) -> None:
    known = make_lead("lea@client.example", first_name="Lea", title="")
    content = make_csv(("email", "job title", "do not contact"), ("lea@client.example", "CEO", "yes"))
    stored = import_file(content, actor=ada, duplicates=policy)
    known.person.refresh_from_db()
    assert known.person.do_not_contact
    assert known.person.title == ("" if policy == Duplicates.SKIP else "CEO")
    row = ImportRow.objects.get(upload=stored)
    assert (row.outcome, row.changed["person"]["do_not_contact"]) == ("updated", [False, True])
    assert ("do not contact" in row.reason) == (policy == Duplicates.SKIP)
    again = import_file(content, actor=ada, duplicates=Duplicates.SKIP)
    assert list_outcomes(again) == ["skipped"]


@pytest.mark.parametrize(
    ("policy", "place", "home"),
    [
        (Duplicates.FILL, "Chicago", ("", "60201", "Evanston", "")),
        (Duplicates.FILL, "Evanston", ("9 Oak Avenue", "60201", "Evanston", "IL")),
        (Duplicates.OVERWRITE, "Chicago", ("9 Oak Avenue", "", "Chicago", "IL")),
    ],
)
def test_an_address_is_of_one_place_and_goes_back_with_the_import(
    ada: Membership, policy: Duplicates, place: str, home: tuple[str, ...]
) -> None:
    make_lead("lea@client.example", postal_code="60201", city="Evanston")
    rows = [("lea@client.example", "9 Oak Avenue", place, "IL")]
    stored = import_file(make_csv(("email", "street", "city", "state"), *rows), actor=ada, duplicates=policy)
    shown = Person.objects.values_list("street", "postal_code", "city", "region")
    assert shown.get() == home
    undo_import(upload_id=stored.pk, actor=ada, now=NOW)
    run_due(now=NOW)
    assert shown.get() == ("", "60201", "Evanston", "")
