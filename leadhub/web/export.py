"""Stream a list as a CSV or XLSX file, however long it is. Called by the export view of every list.

The view's own scope has ended when the bytes leave, so the generator opens others, each over before a byte of what it
read leaves: a client that stalls keeps no transaction open (`leadhub.web.portions`).

What fails on the way must not pass for a whole file, and the web server ends an answer that failed as any other one
(tried: granian closes the chunks in order). So the last line of a CSV file says that it is not whole; of a workbook,
which is written before its first byte leaves, nothing arrives.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from http import HTTPStatus
from itertools import chain

from django.http import StreamingHttpResponse
from django.utils import timezone

from leadhub.accounts.access import Access, MemberRequest
from leadhub.accounts.audit import record_change
from leadhub.lib.clock import utc_now
from leadhub.lib.errors import DomainError
from leadhub.lib.sheets import CONTENT_TYPES, Cell, SheetKind, write_rows
from leadhub.tenancy.scope import get_organization_id
from leadhub.web.downloads import Download, answer_busy, take_place
from leadhub.web.portions import Portions, read_portions

Rows = Sequence[Sequence[Cell]] | Portions


def read_kind(text: str) -> SheetKind:
    """Return the format that a query string names; CSV where it names none."""
    return SheetKind.XLSX if text == SheetKind.XLSX else SheetKind.CSV


def stream_rows(
    *, name: str, header: Sequence[str], rows: Rows, kind: SheetKind, access: Access
) -> StreamingHttpResponse:
    """Answer with a file `name.kind`. Call it inside a scope: what `Portions` say is read later, in others.

    Times are written in the time zone that is active now, the viewer's. 503 where too many are on their way.
    """
    parts: Iterable[Sequence[Sequence[Cell]]] = (
        [rows]
        if not isinstance(rows, Portions)
        else read_portions(rows, organization_id=get_organization_id(), access=access)
    )
    zone = timezone.get_current_timezone_name()
    lines = chain.from_iterable(_localise(part, zone) for part in parts)
    content = write_rows(chain([tuple(header)], lines), kind=kind)
    place = take_place()
    if place is None:
        return answer_busy()
    response = Download(_own_up(content, kind=kind), place=place, content_type=CONTENT_TYPES[kind])
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-") or "export"
    response["Content-Disposition"] = f'attachment; filename="{safe}.{kind}"'
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def export_list(
    request: MemberRequest, *, name: str, header: Sequence[str], rows: Rows, format_in: str = "kind"
) -> StreamingHttpResponse:
    """Answer with the list as the file that the request asks for, and note in the audit log who took what.

    `format_in` is the parameter that names the format: another one where the list has a filter of that name.
    """
    kind, now = read_kind(request.GET.get(format_in, "")), utc_now()
    filters = {key: values for key, values in request.GET.lists() if key != format_in and any(values)}
    response = stream_rows(name=f"{name}-{now:%Y-%m-%d}", header=header, rows=rows, kind=kind, access=request.access)
    if response.status_code == HTTPStatus.OK:
        record_change(
            actor=request.viewer.member,
            action="list.exported",
            target_kind="export",
            target_id=None,
            summary=f"{name.replace('-', ' ').capitalize()} as {kind.upper()}",
            now=now,
            after={"filters": filters},
        )
    return response


def _own_up(content: Iterator[bytes], *, kind: SheetKind) -> Iterator[bytes]:
    """Yield the file; where it breaks off, its last line says so before the error goes on."""
    try:
        yield from content
    except Exception as error:
        if kind == SheetKind.CSV:
            reason = error.message if isinstance(error, DomainError) else "Reading it failed."
            yield f'"THIS FILE IS NOT WHOLE. {reason}"\r\n'.encode()
        raise


def _localise(lines: Iterable[Sequence[Cell]], zone: str) -> list[list[Cell]]:
    with timezone.override(zone):
        return [[_to_local(cell) for cell in line] for line in lines]


def _to_local(cell: Cell) -> Cell:
    return timezone.localtime(cell).replace(microsecond=0) if isinstance(cell, datetime) else cell
