"""Stream a list as a CSV or XLSX file, however long it is. Called by the export view of every list.

The view's own scope has ended when the bytes leave, so the generator opens one (DESIGN section 5). The rows come
from a server-side cursor (`QuerySet.iterator`), so that a million of them use as much memory as a thousand.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils import timezone

from leadhub.accounts.access import MemberRequest
from leadhub.accounts.audit import record_change
from leadhub.lib.clock import utc_now
from leadhub.lib.sheets import CONTENT_TYPES, Cell, SheetKind, write_rows
from leadhub.tenancy.scope import get_organization_id, scope

ReadRows = Callable[[], Iterable[Sequence[Cell]]]


def read_kind(text: str) -> SheetKind:
    """Return the format that a query string names; CSV where it names none."""
    return SheetKind.XLSX if text == SheetKind.XLSX else SheetKind.CSV


def stream_rows(*, name: str, header: Sequence[str], rows: ReadRows, kind: SheetKind) -> StreamingHttpResponse:
    """Answer with a file `name.kind`. Call it inside a scope: `rows()` is called later, in a scope of its own.

    Times are written in the time zone that is active now, the viewer's. Let `rows` read by `iterator()`.
    """
    zone = timezone.get_current_timezone_name()
    response = StreamingHttpResponse(
        _stream(header=header, rows=rows, kind=kind, organization_id=get_organization_id(), zone=zone),
        content_type=CONTENT_TYPES[kind],
    )
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-") or "export"
    response["Content-Disposition"] = f'attachment; filename="{safe}.{kind}"'
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def export_list(request: MemberRequest, *, name: str, header: Sequence[str], rows: ReadRows) -> StreamingHttpResponse:
    """Answer with the list as the file that the request asks for, and note in the audit log who took what."""
    kind = read_kind(request.GET.get("kind", ""))
    filters = {key: values for key, values in request.GET.lists() if key != "kind" and any(values)}
    record_change(
        actor=request.viewer.member,
        action="list.exported",
        target_kind="export",
        target_id=None,
        summary=f"{name.replace('-', ' ').capitalize()} as {kind.upper()}",
        now=utc_now(),
        after={"filters": filters},
    )
    return stream_rows(name=f"{name}-{utc_now():%Y-%m-%d}", header=header, rows=rows, kind=kind)


def _stream(
    *, header: Sequence[str], rows: ReadRows, kind: SheetKind, organization_id: UUID, zone: str
) -> Iterator[bytes]:
    with scope(organization_id), timezone.override(zone):
        local = ([_localise(cell) for cell in row] for row in rows())
        yield from write_rows(chain([tuple(header)], local), kind=kind)


def _localise(cell: Cell) -> Cell:
    return timezone.localtime(cell).replace(microsecond=0) if isinstance(cell, datetime) else cell
