"""Between a comparison's JSON value and the texts of a row's inputs. Called by the editor."""

from collections.abc import Mapping
from typing import Any

from leadhub.leads.conditions.catalogue import Field
from leadhub.leads.conditions.kinds import NUMERIC_OPS, FieldKind, Shape, shape_of


def fill_row(texts: dict[str, str], op: str, value: Any) -> None:
    """Write a stored value into the texts of a row's inputs."""
    match shape_of(op), value:
        case Shape.SEVERAL, list():
            texts["value"] = ", ".join(str(item) for item in value)
        case Shape.RANGE, [low, high]:
            texts.update(value=str(low), to=str(high))
        case Shape.COUNT, Mapping():
            texts.update({name: str(item) for name, item in value.items()})
        case _, bool():
            texts["value"] = "yes" if value else "no"
        case _ if value is not None:
            texts["value"] = str(value)


def write_value(field: Field, op: str, texts: Mapping[str, str]) -> Any:
    """Return the JSON value of a row; what cannot be read stays a text, and validation says what is wrong."""
    first = texts.get("value", "").strip()
    match shape_of(op):
        case Shape.SEVERAL:
            return [_write_one(field, op, item.strip()) for item in first.split(",") if item.strip()]
        case Shape.RANGE:
            return [_as_number(first), _as_number(texts.get("to", "").strip())]
        case Shape.DAYS:
            return _as_number(first)
        case Shape.COUNT:
            return _write_count(texts)
        case _:
            return _write_one(field, op, first)


def _write_one(field: Field, op: str, text: str) -> Any:
    if field.kind == FieldKind.FLAG:
        return {"yes": True, "no": False}.get(text, text)
    if field.kind == FieldKind.NUMBER or op in NUMERIC_OPS:
        return _as_number(text)
    return text


def _write_count(texts: Mapping[str, str]) -> dict[str, Any]:
    count: dict[str, Any] = {name: _as_number(texts.get(name, "").strip()) for name in ("times", "days")}
    detail = texts.get("detail", "").strip()
    return {**count, "detail": detail} if detail else count


def _as_number(text: str) -> Any:
    """Return the text as an integer or a decimal number, or as it is."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text
