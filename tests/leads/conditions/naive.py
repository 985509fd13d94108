"""A second, naive reading of conditions in Python, against which the SQL is tested. It lives in the tests only."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.leads.conditions.random_leads import Known

Truth = bool | None


def reads(condition: dict[str, Any], known: Known, now: datetime) -> bool:
    """Say whether the lead is known to match."""
    return _read(condition, known, now) is True


def _read(node: dict[str, Any], known: Known, now: datetime) -> Truth:
    if not node:
        return True
    if "field" in node:
        return _read_leaf(node, known, now)
    ((kind, parts),) = node.items()
    truths = [_read(part, known, now) for part in parts]
    if kind == "none":
        return True not in truths
    if kind == "any":
        return True if True in truths else (None if None in truths else False)
    return False if False in truths else (None if None in truths else True)


def _read_leaf(leaf: dict[str, Any], known: Known, now: datetime) -> Truth:
    field, op, wanted = leaf["field"], leaf["op"], leaf.get("value")
    if field.startswith("behaviour."):
        return _read_behaviour(field, op, wanted, known, now)
    value = _value(field, known)
    if op in ("is_known", "is_unknown"):
        return bool((value in (None, "")) == (op == "is_unknown"))
    if value in (None, ""):
        return None
    if op in ("is_not", "not_in", "not_contains"):
        return not _holds(op.replace("is_not", "is").replace("not_", ""), value, wanted, now)
    return _holds(op, value, wanted, now)


def _value(field: str, known: Known) -> Any:
    group, name, *key = field.split(".")
    person = known.lead.person
    record: Any = {
        "lead": known.lead,
        "person": person,
        "company": known.company,
        "first_touch": known.touch,
        "inquiry": known.inquiry,
    }[group]
    if record is None:
        return None
    if field == "person.email_domain":
        return person.email_norm.rpartition("@")[2]
    if key:
        value = getattr(record, name).get(key[0])
        return None if value is None else str(value)
    return getattr(record, "email_norm" if field == "person.email" else name)


def _holds(op: str, value: Any, wanted: Any, now: datetime) -> Truth:
    if op == "in":
        return any(_holds("is", value, one, now) for one in wanted)
    if op in ("gt", "gte", "lt", "lte", "between"):
        return _compares(op, value, wanted)
    if isinstance(value, datetime):
        return _is_then(op, value, wanted, now)
    if isinstance(value, str):
        text, sought = value.upper(), str(wanted).upper()
        return {"is": text == sought, "contains": sought in text, "starts_with": text.startswith(sought)}[op]
    return bool(value == wanted)


def _compares(op: str, value: Any, wanted: Any) -> Truth:
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    if op == "between":
        return Decimal(wanted[0]) <= number <= Decimal(wanted[1])
    other = Decimal(str(wanted))
    return {"gt": number > other, "gte": number >= other, "lt": number < other, "lte": number <= other}[op]


def _is_then(op: str, value: datetime, wanted: Any, now: datetime) -> bool:
    if op in ("within_days", "older_than_days"):
        start = now - timedelta(days=wanted)
        return start <= value <= now if op == "within_days" else value < start
    moment = datetime.fromisoformat(wanted + "T00:00:00+00:00")
    return value < moment if op == "before" else value >= moment


def _read_behaviour(field: str, op: str, wanted: Any, known: Known, now: datetime) -> bool:
    kind, since = field.split(".")[1], now - timedelta(days=wanted["days"])
    detail = wanted.get("detail", "").upper()
    times = sum(
        event.kind == kind and since <= event.occurred_at <= now and detail in event.properties.get("page", "").upper()
        for event in known.events
    )
    return bool(times >= wanted["times"] if op == "at_least" else times < wanted["times"])
