"""Files of long lists: whole and in order whatever others write meanwhile, and a slow reader holds nothing open."""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from leadhub.accounts.access import Access, AccessEnded
from leadhub.accounts.models import AuditEntry, Membership, Role
from leadhub.leads.models import Suppression
from leadhub.lib.sheets import SheetKind, detect_layout, read_rows
from leadhub.tenancy.scope import scope
from leadhub.web.export import stream_rows
from leadhub.web.portions import Lines, Portions
from tests.personas import ClientOf

MANY = 5_000  # two portions and a half
START = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = ("Address", "Since")


@pytest.fixture
def filled(ada: Membership) -> Membership:
    """More rows than a portion has, a second apart."""
    with scope(ada.organization_id):
        Suppression.objects.bulk_create(
            Suppression(email_norm=f"p{number}@client.example", reason="asked", created_at=at(number))
            for number in range(MANY)
        )
    return ada


def at(number: int) -> datetime:
    return START + timedelta(seconds=number)


def read(keys: Sequence[UUID]) -> Lines:
    return {each.pk: [(each.email_norm, each.created_at)] for each in Suppression.objects.filter(pk__in=keys)}


def start(member: Membership, kind: SheetKind = SheetKind.CSV) -> Iterator[bytes]:
    """Begin a download of the list, by its order, newest first."""
    with scope(member.organization_id):
        found = Suppression.objects.filter(reason="asked").order_by("-created_at", "-pk")
        access = Access(member_id=member.pk, permission="suppression.view")
        rows = Portions(found=found, read=read)
        answer = stream_rows(name="list", header=HEADER, rows=rows, kind=kind, access=access)
    return iter(answer)


def parse(content: bytes) -> list[list[str]]:
    file = io.BytesIO(content)
    header, *rows = read_rows(file, detect_layout(file))
    assert tuple(header) == HEADER
    return rows


def find_backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (found,) = cursor.fetchone() or (0,)
    return int(found)


def read_state(backend: int) -> tuple[str, object]:
    """Return what PostgreSQL says of the connection, seen from another one."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT state, xact_start FROM pg_stat_activity WHERE pid = %s", [backend])
        state, since = cursor.fetchone() or ("gone", None)
    return state, since


@pytest.mark.parametrize("kind", SheetKind)
@pytest.mark.django_db
def test_the_file_has_each_row_once_in_the_order_and_times_of_the_viewer(filled: Membership, kind: SheetKind) -> None:
    with timezone.override("America/New_York"):
        download = start(filled, kind)
    rows = parse(b"".join(download))
    assert [address for address, _ in rows] == [f"p{number}@client.example" for number in reversed(range(MANY))]
    assert rows[-1][1].startswith("2025-12-31 19:00:00")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_slow_reader_keeps_no_transaction_open(filled: Membership) -> None:
    backend, download = find_backend(), start(filled)
    pieces = [next(download)]
    assert pieces[0].decode("utf-8-sig") == "Address,Since\r\n"  # at once, before anything is read
    for piece in download:
        pieces.append(piece)
        assert find_backend() == backend
        assert read_state(backend) == ("idle", None)
    assert len(pieces) > 3
    assert len(parse(b"".join(pieces))) == MANY


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_reader_that_leaves_leaves_nothing_open(filled: Membership) -> None:
    backend, download = find_backend(), start(filled)
    assert next(download)
    assert next(download)
    del download
    assert read_state(backend) == ("idle", None)
    with scope(filled.organization_id):
        assert Suppression.objects.count() == MANY


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_what_others_write_meanwhile_loses_and_doubles_no_row(filled: Membership) -> None:
    download = start(filled)
    pieces = [next(download), next(download)]
    with scope(filled.organization_id):
        known = Suppression.objects.all()
        known.filter(email_norm="p0@client.example").update(created_at=at(MANY))  # the last one became the newest
        known.filter(email_norm=f"p{MANY - 1}@client.example").update(created_at=at(-1))  # and the other way round
        known.filter(email_norm="p1@client.example").update(reason="bounced")  # no longer matches
        known.filter(email_norm="p2@client.example").delete()
        Suppression.objects.create(email_norm="late@client.example", reason="asked", created_at=at(-2))
    rows = parse(b"".join([*pieces, *download]))
    assert [address for address, _ in rows] == [
        f"p{number}@client.example" for number in reversed(range(MANY)) if number != 2
    ]
    assert rows[-1][1].startswith("2026-01-01 01:23:20")  # as it is when its portion is read


@pytest.mark.django_db
def test_another_organization_s_rows_are_in_no_file(filled: Membership, eve: Membership) -> None:
    assert parse(b"".join(start(eve))) == []


def lose_role(member: Membership) -> None:
    Membership.objects.filter(pk=member.pk).update(role=Role.REP)


def leave(member: Membership) -> None:
    Membership.objects.filter(pk=member.pk).update(is_active=False)


@pytest.mark.parametrize("end_access", [lose_role, leave])
@pytest.mark.django_db
def test_who_loses_the_permission_gets_no_further_portion_and_is_told(
    filled: Membership, end_access: Callable[[Membership], None]
) -> None:
    download = start(filled)
    pieces = [next(download), next(download)]
    end_access(filled)
    with pytest.raises(AccessEnded):
        pieces.extend(download)
    *rows, last = parse(b"".join(pieces))
    assert len(rows) <= 2_000
    assert last == ["THIS FILE IS NOT WHOLE. Your access ended meanwhile."]


@pytest.mark.django_db
def test_a_workbook_that_breaks_off_is_no_file(filled: Membership) -> None:
    download = start(filled, SheetKind.XLSX)
    leave(filled)
    with pytest.raises(AccessEnded):
        next(download)


@pytest.mark.django_db
def test_readers_who_stall_leave_threads_to_others(ada: Membership, client_of: ClientOf, settings: Settings) -> None:
    settings.DOWNLOADS_AT_ONCE = 1
    client, list_file = client_of(ada), f"{reverse('lead_export')}?kind=csv"
    stalled = client.get(list_file)
    refused = client.get(list_file)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert "Too many downloads" in refused.getvalue().decode()
    with scope(ada.organization_id):
        assert AuditEntry.objects.filter(action="list.exported").count() == 1
    assert stalled.getvalue()  # read to its end, the server closes it
    assert client.get(list_file).status_code == 200
