"""Spend from a file: read as ad platforms write it, checked before it is written, never counted twice."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.models import Channel
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from reporting.models import Spend, SpendUpload
from reporting.spend import SpendLine, enter_spend
from reporting.spend_sheet import Habits, UnreadableSpend, read_amount, read_day, read_lines
from reporting.spend_upload import apply_upload, find_same_file, preview_upload, read_upload
from tests.personas import NOW, ClientOf

GOOGLE = Habits(channel="paid_search", source="google", currency="USD", has_month_first=True)
EXPORT = "Day,Campaign,Cost\n2026-03-01,spring,10.00\n2026-03-02,spring,11.50\n2026-03-01,roof,1\n"


def upload(text: str, actor: Membership, habits: Habits = GOOGLE) -> SpendUpload:
    return read_upload(file=BytesIO(text.encode()), name="ads.csv", habits=habits, actor=actor, now=NOW)


def effects(of: SpendUpload) -> list[str]:
    return [each.effect.value for each in preview_upload(upload=of)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12", "12"),
        ("$1,234.50", "1234.50"),
        ("1.234,50 €", "1234.50"),
        ("1,234", "1234"),
        ("7,5", "7.5"),
        ("-3", "-3"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str) -> None:
    assert read_amount(text) == Decimal(amount)


def test_days_are_read_as_people_write_them() -> None:
    day = date(2026, 3, 4)
    assert read_day("2026-03-04 00:00:00", has_month_first=False) == day
    assert read_day("4.3.2026", has_month_first=True) == day
    assert read_day("3/4/2026", has_month_first=True) == day
    assert read_day("4/3/2026", has_month_first=False) == day
    for wrong in ("", "13/13/2026", "Total"):
        with pytest.raises(UnreadableSpend):
            read_day(wrong, has_month_first=True)


def test_each_wrong_row_says_what_is_wrong_with_it() -> None:
    rows = [
        ["Channel", "Source", "Campaign", "Day", "Amount spent (USD)", "Currency"],
        ["Paid Search", "Google", "spring", "2026-03-01", "5"],
        ["paid_search", "google", "spring", "2026-03-01", "2.50"],
        ["Newspaper", "", "", "2026-03-01", "5"],
        ["", "", "", "2026-03-01", "5"],
        ["Display", "", "", "soon", "5"],
        ["Display", "", "", "2026-03-01", "much"],
        ["Display", "", "", "2026-03-01", "-5"],
        ["Display", "", ""],
        ["Paid Search", "google", "spring", "2026-03-01", "1", "EUR"],
    ]
    lines, errors = read_lines(enumerate(rows, start=1), Habits(currency="USD", has_month_first=True))
    assert [(line.source, line.amount) for line in lines] == [("google", Decimal("7.50"))]
    assert [error.number for error in errors] == [4, 5, 6, 7, 8, 9, 10]
    assert "Newspaper" in errors[0].message
    assert "USD" in errors[-1].message


def test_rows_have_the_numbers_that_a_spreadsheet_shows(in_scope: Organization, ada: Membership) -> None:
    kept = upload("Day,Cost\n2026-03-01,5\n\n,\nsoon,5\n", ada)
    assert [error["number"] for error in kept.errors] == [5]


@pytest.mark.parametrize("header", ["Campaign,Cost", "Day,Campaign", "x"])
def test_a_file_without_days_or_amounts_says_which_column_is_missing(
    in_scope: Organization, ada: Membership, header: str
) -> None:
    with pytest.raises(UnreadableSpend, match="No column"):
        upload(f"{header}\n1,2\n", ada)


def test_nothing_is_written_before_it_is_confirmed(in_scope: Organization, ada: Membership) -> None:
    kept = upload(EXPORT, ada)
    assert effects(kept) == ["new", "new", "new"]
    assert not Spend.objects.exists()
    assert apply_upload(upload=kept, actor=ada, now=NOW) == 3
    assert Spend.objects.get(campaign="spring", first_on=date(2026, 3, 2)).amount == Decimal("11.50")
    assert AuditEntry.objects.get(action="spend.uploaded").after == {"new": 3, "changed": 0}


def test_the_same_file_twice_counts_nothing_double(in_scope: Organization, ada: Membership) -> None:
    first, second = upload(EXPORT, ada), upload(EXPORT, ada)
    apply_upload(upload=first, actor=ada, now=NOW)
    assert find_same_file(upload=second) == first
    assert effects(second) == ["unchanged"] * 3
    assert apply_upload(upload=second, actor=ada, now=NOW) == 0
    assert apply_upload(upload=first, actor=ada, now=NOW) == 0
    assert Spend.objects.count() == 3


def test_next_week_s_file_changes_what_changed(in_scope: Organization, ada: Membership) -> None:
    apply_upload(upload=upload(EXPORT, ada), actor=ada, now=NOW)
    later = upload(EXPORT.replace("11.50", "12.00") + "2026-03-03,spring,9\n", ada)
    assert sorted(effects(later)) == ["changed", "new", "unchanged", "unchanged"]
    assert apply_upload(upload=later, actor=ada, now=NOW) == 2
    assert sum(spend.amount for spend in Spend.objects.all()) == Decimal(32)


def test_days_that_have_spend_at_the_level_already_are_told(in_scope: Organization, ada: Membership) -> None:
    monthly = SpendLine(
        channel=Channel.PAID_SEARCH,
        source="google",
        campaign="spring",
        first_on=date(2026, 3, 1),
        last_on=date(2026, 3, 31),
        amount=Decimal(300),
        currency="USD",
    )
    enter_spend(line=monthly, actor=ada, now=NOW)
    assert [each.overlaps for each in preview_upload(upload=upload(EXPORT, ada))] == [True, True, False]
    week = replace(monthly, last_on=date(2026, 3, 7))
    enter_spend(line=week, actor=ada, now=NOW)
    for days, overlaps in {
        "2026-02-27,2026-02-28": False,
        "2026-02-27,2026-03-01": True,
        "2026-03-30,2026-04-02": True,
        "2026-04-01,2026-04-02": False,
    }.items():
        [line] = preview_upload(upload=upload(f"Day,To,Campaign,Cost\n{days},spring,5\n", ada))
        assert line.overlaps is overlaps


def test_a_marketer_uploads_checks_and_writes(max_: Membership, client_of: ClientOf) -> None:
    client = client_of(max_)
    file = SimpleUploadedFile("ads.csv", f"{EXPORT}Total,,99\n".encode())
    values = {"file": file, "channel": "paid_search", "source": "google"}
    shown = client.post(reverse("spend_upload_create"), values, follow=True)
    assert "Write 3 rows, leave out 1" in shown.content.decode()
    pk = shown.context["upload"].pk
    client.post(reverse("spend_upload_apply", args=[pk]))
    listed = client.get(reverse("spend_list"), {"from": "2026-03-01", "to": "2026-03-01"}).context
    assert listed["cost"].amount == Decimal(11)
    wrong = client.post(reverse("spend_upload_create"), {"file": SimpleUploadedFile("a.csv", b"%PDF-1.4 x")})
    assert wrong.status_code == 422
    assert "no table" in wrong.content.decode()


def test_the_list_comes_back_as_a_file_that_changes_nothing(max_: Membership, client_of: ClientOf) -> None:
    client = client_of(max_)
    with scope(max_.organization_id):
        apply_upload(upload=upload(EXPORT, max_), actor=max_, now=NOW)
    answer = client.get(reverse("spend_export"), {"kind": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    with scope(max_.organization_id):
        assert effects(upload(text, max_, Habits(currency="EUR", has_month_first=False))) == ["unchanged"] * 3
        assert AuditEntry.objects.get(action="list.exported").summary == "Spend as CSV"


def test_spend_is_entered_changed_and_deleted_on_its_page(max_: Membership, client_of: ClientOf) -> None:
    client = client_of(max_)
    yesterday = (NOW - timedelta(days=1)).date()
    values = {"channel": "display", "first_on": yesterday, "last_on": yesterday, "amount": "5", "currency": "usd"}
    assert client.post(reverse("spend_list"), values).status_code == 302
    assert "1 amount<" in client.get(reverse("spend_list")).content.decode()
    twice = client.post(reverse("spend_list"), values)
    assert twice.status_code == 422
    assert "exactly this" in twice.content.decode()
    with scope(max_.organization_id):
        pk = Spend.objects.get().pk
    client.post(reverse("spend_detail", args=[pk]), {**values, "amount": "6"})
    with scope(max_.organization_id):
        assert Spend.objects.get().amount == Decimal(6)
    client.post(reverse("spend_delete", args=[pk]))
    with scope(max_.organization_id):
        assert not Spend.objects.exists()


def test_a_file_too_large_for_memory_is_read_from_disk(
    max_: Membership, client_of: ClientOf, settings: LazySettings
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    values = {"file": SimpleUploadedFile("ads.csv", EXPORT.encode()), "channel": "paid_search"}
    shown = client_of(max_).post(reverse("spend_upload_create"), values, follow=True)
    assert "Write 3 rows" in shown.content.decode()
