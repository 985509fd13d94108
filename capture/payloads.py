"""Turn the bytes of a post into values: urlencoded, multipart or JSON. Called by the doors, never by workers.

The bytes themselves are stored as they came; the values lose what PostgreSQL cannot hold (NULs, lone surrogates).
"""

import json
import math
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError

_PERSON_FIELDS = ["email", "phone", "first_name", "last_name", "name", "company", "title"]
_INQUIRY_FIELDS = ["message", "quote_value", "currency", "service"]
KNOWN_FIELDS = frozenset(_PERSON_FIELDS + _INQUIRY_FIELDS)
LONGEST_NAME = 200
MOST_FIELDS = 500
DEEPEST = 20
_FAULTS = (ValueError, RecursionError, LookupError, MultiPartParserError, BadRequest, SuspiciousOperation)
Values = dict[str, Any]


class PayloadMalformed(Exception):
    """The body is not what its content type says; the message tells the caller."""


def get_content_type(request: HttpRequest) -> str:
    """Return the media type without parameters, lower case."""
    return str(request.META.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()


def parse_payload(request: HttpRequest, body: bytes) -> Values:
    """Return the values by field name; raise `PayloadMalformed`."""
    kind = get_content_type(request)
    try:
        if kind == "application/json" or kind.endswith("+json"):
            values = _parse_json(body)
        elif kind == "multipart/form-data":
            values = _parse_multipart(request, body)
        elif kind in ("application/x-www-form-urlencoded", ""):
            values = _read_query(QueryDict(body, encoding=request.encoding or "utf-8"))
        else:
            raise PayloadMalformed("Send application/json, application/x-www-form-urlencoded or multipart/form-data.")
    except _FAULTS as error:
        raise PayloadMalformed("The body is not well-formed: it could not be read as its Content-Type says.") from error
    return read_values(values)


def read_values(parsed: Mapping[str, Any]) -> Values:
    """Return parsed fields as they are stored; raise `PayloadMalformed` where there are too many."""
    if len(parsed) > MOST_FIELDS:
        raise PayloadMalformed(f"A form has at most {MOST_FIELDS} fields.")
    return {_name_field(name): clean_value(value) for name, value in parsed.items()}


def read_text(values: Values, name: str) -> str:
    """Return a value as one trimmed text: several answers are joined by commas."""
    value = values.get(name)
    if isinstance(value, list):
        return ", ".join(str(part).strip() for part in value if part not in ("", None))
    return "" if value is None or isinstance(value, dict) else str(value).strip()


def _parse_json(body: bytes) -> Values:
    parsed = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    if not isinstance(parsed, dict):
        raise PayloadMalformed("The JSON must be an object of fields.")
    return parsed


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _parse_multipart(request: HttpRequest, body: bytes) -> Values:
    handler = MemoryFileUploadHandler(request)
    meta = {**request.META, "CONTENT_LENGTH": str(len(body))}
    fields, files = MultiPartParser(meta, BytesIO(body), [handler], request.encoding or "utf-8").parse()
    names = {name: str(upload) for name, upload in files.items()}
    return {**_read_query(fields), **names}


def _read_query(query: QueryDict) -> Values:
    return {name: given[0] if len(given) == 1 else given for name, given in query.lists()}


def _name_field(name: str) -> str:
    """Return the field's own name; the known ones in whatever case and punctuation they came."""
    bare = name.strip().lower().replace("-", "_").replace(" ", "_")
    return bare if bare in KNOWN_FIELDS else str(clean_value(name))[:LONGEST_NAME]


def clean_value(value: Any, depth: int = 0) -> Any:
    """Return a JSON value without what PostgreSQL cannot hold; what lies too deep is None."""
    if depth > DEEPEST:
        return None
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [clean_value(part, depth + 1) for part in value]
    if isinstance(value, dict):
        return {str(clean_value(name)): clean_value(part, depth + 1) for name, part in value.items()}
    return value
