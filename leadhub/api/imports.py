"""`imports/`: bring a file in, follow it, read its ledger, undo it. The same check and run as the pages'."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from capture.imports.checking import check_import
from capture.imports.fields import CUSTOM, IGNORED
from capture.imports.formats import DATE_FORMATS, DECIMALS
from capture.imports.models import Import, ImportRow
from capture.imports.plan import BadPlan, Plan, propose_plan
from capture.imports.queries import count_outcomes, list_errors, list_ledger, read_findings, read_progress
from capture.imports.running import start_import
from capture.imports.undoing import undo_import
from capture.imports.uploading import store_upload
from leadhub.api.access import READ, WRITE, ScopedView
from leadhub.api.choices import read_choice
from leadhub.api.idempotency import hash_parts
from leadhub.api.inputs import read_input
from leadhub.api.pagination import LedgerCursor, PagedView
from leadhub.leads.bulk import Duplicates
from leadhub.lib.clock import utc_now

PERMISSION = "imports.edit"


class ImportInput(serializers.Serializer[Any]):
    """A file and how to read it; what is left out is guessed, or as it was the last time for this header.

    `mapping` is JSON, column name → field (`custom` keeps it as a field of its own, empty leaves it out); `fixed` is
    JSON, field → what is the same in every row. With `start` the good rows are imported as soon as all are checked.
    """

    file = serializers.FileField()
    mapping = serializers.JSONField(required=False, default=dict)
    fixed = serializers.JSONField(required=False, default=dict)
    date_format = serializers.ChoiceField(choices=list(DATE_FORMATS.items()), required=False)
    decimal = serializers.ChoiceField(choices=list(DECIMALS.items()), required=False)
    duplicates = serializers.ChoiceField(choices=[(one.value, one.value) for one in Duplicates], required=False)
    assign = serializers.CharField(required=False, help_text="`marketing`, `route`, or a member's id.")
    start = serializers.BooleanField(required=False, default=False)


class ImportShape(serializers.Serializer[Any]):
    """How far an import is: its progress while it works, what the check found, what became of the rows."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=Import.State.choices)
    rows = serializers.IntegerField()
    done = serializers.IntegerField(allow_null=True)
    found = serializers.DictField()
    outcomes = serializers.DictField(child=serializers.IntegerField())
    errors = serializers.ListField(child=serializers.DictField())  # type: ignore[assignment]


class ImportRowShape(serializers.ModelSerializer[ImportRow]):
    """What became of a row of the file, by the number that a spreadsheet shows beside it."""

    class Meta:
        model = ImportRow
        fields = ["number", "outcome", "reason", "person", "lead", "inquiry", "undoing", "undoing_note"]


class ImportList(ScopedView):
    """New imports."""

    needs = {"POST": (WRITE, PERMISSION)}
    parser_classes = [MultiPartParser]

    def hash_request(self, request: Request) -> str:
        """Hash the parts: the file may be larger than what is read into memory."""
        parts: Any = request.data
        return hash_parts(parts)

    @extend_schema(
        operation_id="imports_create",
        summary="Import a file",
        request={"multipart/form-data": ImportInput},
        responses={HTTPStatus.CREATED: ImportShape},
    )
    def post(self, request: Request) -> Response:
        """Store a CSV or XLSX file and have its rows checked; nothing else is written unless `start` is set."""
        values, actor, now = read_input(ImportInput, request), self.viewer.member, utc_now()
        file = values["file"]
        upload = store_upload(file=file, name=file.name, actor=actor, now=now)
        plan = read_plan(upload, values)
        check_import(upload_id=upload.pk, plan=plan, actor=actor, now=now, starts_itself=values["start"])
        return answer(upload.pk, status=HTTPStatus.CREATED)


class ImportDetail(ScopedView):
    """One import."""

    needs = {"GET": (READ, PERMISSION)}

    @extend_schema(operation_id="imports_retrieve", summary="Follow an import", responses=ImportShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Read how far it is; `errors` are the first 100."""
        return answer(pk)


class ImportRows(PagedView):
    """The ledger of one import."""

    pagination_class = LedgerCursor
    needs = {"GET": (READ, PERMISSION)}

    @extend_schema(
        operation_id="imports_rows",
        summary="Read an import's ledger",
        parameters=[OpenApiParameter("outcome", enum=ImportRow.Outcome.values)],
        responses=ImportRowShape(many=True),
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """List what became of each row."""
        upload, outcome = Import.objects.get(pk=pk), read_choice(request, "outcome", ["", *ImportRow.Outcome.values])
        return self.answer_page(list_ledger(upload, outcome=outcome), ImportRowShape)


class ImportRun(ScopedView):
    """The run of a checked import."""

    needs = {"POST": (WRITE, PERMISSION)}

    @extend_schema(operation_id="imports_run", summary="Run an import", request=None, responses=ImportShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Import the rows that the check found good."""
        start_import(upload_id=pk, actor=self.viewer.member, now=utc_now())
        return answer(pk)


class ImportUndo(ScopedView):
    """The undoing of an import that has ended."""

    needs = {"POST": (WRITE, PERMISSION)}

    @extend_schema(operation_id="imports_undo", summary="Undo an import", request=None, responses=ImportShape)
    def post(self, request: Request, pk: UUID) -> Response:
        """Take back what it made and nobody has touched since."""
        undo_import(upload_id=pk, actor=self.viewer.member, now=utc_now())
        return answer(pk)


def read_plan(upload: Import, values: dict[str, Any]) -> Plan:
    """Return the plan that the call names, over the one that would be proposed. Raises `BadPlan`."""
    proposed = propose_plan(header=upload.header, sample=upload.sample)
    mapping, fixed = values["mapping"], values["fixed"]
    if not isinstance(mapping, dict) or not isinstance(fixed, dict):
        raise BadPlan("`mapping` and `fixed` are JSON objects.", field="mapping")
    missing = [name for name in mapping if name not in upload.header]
    if missing:
        raise BadPlan(f"The file has no column {missing[0]!r}.", field="mapping")
    columns = tuple(
        str(mapping[name] or IGNORED) if name in mapping else (CUSTOM if mapping else guess)
        for name, guess in zip(upload.header, proposed.columns, strict=True)
    )
    return Plan(
        columns=columns,
        fixed={str(name): str(value) for name, value in fixed.items()} or proposed.fixed,
        date_format=values.get("date_format", proposed.date_format),
        decimal=values.get("decimal", proposed.decimal),
        duplicates=Duplicates(values.get("duplicates", proposed.duplicates)),
        assign=values.get("assign", proposed.assign),
    )


def answer(upload_id: UUID, *, status: int = HTTPStatus.OK) -> Response:
    """Answer with the import as it is now."""
    upload = Import.objects.get(pk=upload_id)
    progress, findings = read_progress(upload), read_findings(upload)
    body = {
        "id": upload.pk,
        "name": upload.name,
        "state": upload.state,
        "rows": upload.row_count,
        "done": progress.done if progress else None,
        "found": {"new": findings.new, "known": findings.known, "invalid": findings.invalid},
        "outcomes": count_outcomes(upload),
        "errors": list_errors(upload),
    }
    return Response(ImportShape(body).data, status=status)
