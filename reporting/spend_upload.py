"""Spend from a file: read and checked first, written when somebody confirms. Called by the spend pages.

A file that was written before is recognised: the same level and days keep their amount, or change it. So the same
file twice, or next week's export with the same days in it, counts nothing double.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, BinaryIO

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.lib.sheets import detect_layout, number_rows
from reporting.models import Spend, SpendUpload
from reporting.spend import KEY, SpendLine, read_columns, read_key
from reporting.spend_sheet import Habits, UnreadableSpend, from_json, read_lines, to_json


class Effect(StrEnum):
    """What writing a line would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, kw_only=True)
class UploadLine:
    """A line of the file, what writing it would do, and what stands there now.

    `overlaps` says that some of its days already have spend at the same level, entered for other days.
    """

    line: SpendLine
    effect: Effect
    former: Decimal | None
    overlaps: bool


def read_upload(*, file: BinaryIO, name: str, habits: Habits, actor: Membership, now: datetime) -> SpendUpload:
    """Read and keep a file; nothing is written to the spend yet. Raises `UnreadableSheet`, `UnreadableSpend`."""
    lines, errors = read_lines(number_rows(file, detect_layout(file)), habits)
    if not lines and not errors:
        raise UnreadableSpend("This file has a header only.", field="file")
    file.seek(0)
    return SpendUpload.objects.create(
        name=name[:200],
        digest=hashlib.file_digest(file, "sha256").hexdigest(),  # type: ignore[arg-type]
        lines=list(to_json(lines)),
        errors=[{"number": error.number, "message": error.message} for error in errors],
        uploaded_by=actor,
        uploaded_at=now,
    )


def preview_upload(*, upload: SpendUpload) -> list[UploadLine]:
    """Return what each line would do to the spend as it is now."""
    lines = from_json(upload.lines)
    standing = _list_standing(lines)
    amounts = {read_key(spend): (spend.amount, spend.currency) for spend in standing}
    taken = _list_taken(standing)
    return [_compare(line, amounts.get(read_key(line)), taken) for line in lines]


def find_same_file(*, upload: SpendUpload) -> SpendUpload | None:
    """Return the upload that wrote the very same file before."""
    same = SpendUpload.objects.filter(digest=upload.digest, applied_at__isnull=False).exclude(pk=upload.pk)
    return same.select_related("uploaded_by").order_by("-applied_at").first()


def apply_upload(*, upload: SpendUpload, actor: Membership, now: datetime) -> int:
    """Write the lines that change something and return how many; a second time writes nothing."""
    held = SpendUpload.objects.select_for_update(no_key=True).get(pk=upload.pk)
    if held.applied_at is not None:
        return 0
    changing = [each for each in preview_upload(upload=held) if each.effect != Effect.UNCHANGED]
    columns = ("amount", "currency", "upload", "entered_by", "updated_at")
    Spend.objects.bulk_create(
        [_build(each.line, upload=held, actor=actor, now=now) for each in changing],
        update_conflicts=True,
        unique_fields=["organization", *KEY],
        update_fields=columns,
        batch_size=1000,
    )
    held.applied_at = now
    held.save(update_fields=["applied_at"])
    record_change(
        actor=actor,
        action="spend.uploaded",
        target_kind="spend_upload",
        target_id=held.pk,
        summary=f"Spend from {held.name}"[:300],
        now=now,
        after={
            effect.value: sum(each.effect == effect for each in changing) for effect in (Effect.NEW, Effect.CHANGED)
        },
    )
    return len(changing)


def _list_standing(lines: list[SpendLine]) -> list[Spend]:
    """Return the spend on any of the lines' days."""
    if not lines:
        return []
    first_on, last_on = min(line.first_on for line in lines), max(line.last_on for line in lines)
    return list(Spend.objects.filter(first_on__lte=last_on, last_on__gte=first_on))


def _list_taken(standing: list[Spend]) -> dict[tuple[str, str, str], list[tuple[date, date]]]:
    """Return level → the spans of days that have spend, in order and apart, however many amounts lie on them."""
    taken: dict[tuple[str, str, str], list[tuple[date, date]]] = {}
    for spend in sorted(standing, key=lambda each: each.first_on):
        spans = taken.setdefault(_level(spend), [])
        first_on, last_on = spend.first_on, spend.last_on
        if spans and first_on <= spans[-1][1]:
            first_on, last_on = spans[-1][0], max(spans.pop()[1], last_on)
        spans.append((first_on, last_on))
    return taken


def _compare(line: SpendLine, standing: tuple[Decimal, str] | None, taken: Mapping[Any, Any]) -> UploadLine:
    if standing is None:
        effect = Effect.NEW
    else:
        effect = Effect.UNCHANGED if standing == (line.amount, line.currency) else Effect.CHANGED
    overlaps = standing is None and _is_taken(line, taken.get(_level(line), []))
    return UploadLine(line=line, effect=effect, former=standing[0] if standing else None, overlaps=overlaps)


def _is_taken(line: SpendLine, spans: list[tuple[date, date]]) -> bool:
    """Say whether the last span that begins by the line's last day reaches its first."""
    place = bisect_right(spans, line.last_on, key=lambda span: span[0])
    return place > 0 and spans[place - 1][1] >= line.first_on


def _build(line: SpendLine, *, upload: SpendUpload, actor: Membership, now: datetime) -> Spend:
    return Spend(**read_columns(line), upload=upload, entered_by=actor, updated_at=now)


def _level(of: Spend | SpendLine) -> tuple[str, str, str]:
    return str(of.channel), of.source, of.campaign
