"""A condition as an editable tree of rows: read from JSON or from a posted form, changed by its buttons, back to JSON.

The component `condition_editor` draws it. It works as a plain form: each button submits, and the page draws the
form again with what it asked for. Field names are paths: `condition-0-1.op` is the comparison of a row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from django.http import QueryDict

from leadhub.leads.conditions.catalogue import Choices, Field, find_field, get_field, list_fields
from leadhub.leads.conditions.kinds import EQUAL_OPS, OPS, FieldKind, Shape, shape_of
from leadhub.leads.conditions.rows import fill_row, write_value
from leadhub.leads.conditions.validation import (
    GROUPS,
    MAX_DEPTH,
    MAX_PARTS,
    Condition,
    ConditionError,
    validate_condition,
)
from leadhub.lib.numbers import read_whole_number

GROUP_WORDS = (("all", "All of these"), ("any", "Any of these"), ("none", "None of these (as far as is known)"))


@dataclass
class Row:
    """One comparison as typed so far; `values` holds each input's text by its name."""

    path: str
    field_name: str = ""
    key: str = ""
    op: str = ""
    values: dict[str, str] = field(default_factory=dict)
    error: str = ""
    is_group: bool = False

    @property
    def chosen(self) -> Field | None:
        """Return the field of the row, None while it is not chosen."""
        return get_field(self.field_name)

    @property
    def ops(self) -> list[tuple[str, str]]:
        """Return the comparisons that the field allows; of a part of a text only where none is to be chosen from."""
        if self.chosen is None:
            return []
        whole = OPS[FieldKind.CHOICE].keys() | {self.op} if self.chosen.choices else OPS[self.chosen.kind].keys()
        return [(op, words) for op, words in OPS[self.chosen.kind].items() if op in whole]

    @property
    def shape(self) -> Shape:
        """Return what the value looks like."""
        return shape_of(self.op)

    @property
    def choices(self) -> Choices:
        """Return the field's values to choose from."""
        if self.chosen and self.chosen.kind == FieldKind.FLAG:
            return (("yes", "yes"), ("no", "no"))
        if self.chosen is None or self.op not in EQUAL_OPS or not self.chosen.choices:
            return ()
        known = self.chosen.list_choices()
        return [*((text, text) for text in self.selected if text and text not in dict(known)), *known]

    @property
    def selected(self) -> list[str]:
        """Return the values chosen from a list."""
        return [text.strip() for text in self.values.get("value", "").split(",")]

    @property
    def input_type(self) -> str:
        """Return the type of the value's input."""
        return "date" if self.chosen and self.chosen.kind == FieldKind.TIME else "text"

    def settle(self) -> Self:
        """Fall back to the field's first comparison where the present one is not allowed."""
        allowed = [op for op, _words in self.ops]
        if allowed and self.op not in allowed:
            self.op = allowed[0]
        return self


@dataclass
class Rows:
    """A group: all, any or none of its parts."""

    path: str
    kind: str = "all"
    parts: list["Row | Rows"] = field(default_factory=list)
    error: str = ""
    is_group: bool = True

    @property
    def depth(self) -> int:
        """Return how deep the group stands, 0 for the outermost."""
        return self.path.count("-")

    @property
    def may_nest(self) -> bool:
        """Say whether a group may stand inside."""
        return self.depth + 1 < MAX_DEPTH

    @property
    def kinds(self) -> Sequence[tuple[str, str]]:
        """Return the kinds of group with their words."""
        return GROUP_WORDS


@dataclass
class ConditionEditor:
    """The tree under the form's `name`; `wants_redraw` says that a button of the editor was pressed."""

    name: str
    root: Rows
    wants_redraw: bool = False
    error: str = ""

    @classmethod
    def of(cls, condition: Condition, *, name: str = "condition") -> Self:
        """Return an editor of a stored condition."""
        tree = _draw(condition or {"all": []}, name)
        return cls(name=name, root=tree if isinstance(tree, Rows) else Rows(path=name, parts=[_move(tree, name, 0)]))

    @classmethod
    def posted(cls, post: QueryDict, *, name: str = "condition") -> Self:
        """Return the editor as the form was posted, with what its pressed button asks for done."""
        editor = cls(name=name, root=_read_group(post, name))
        action, _, path = post.get(f"{name}.do", "").partition(":")
        editor.wants_redraw = bool(action)
        if action in ("row", "group", "remove"):
            _change(editor.root, action, path)
            _number(editor.root, name)
        return editor

    @property
    def condition(self) -> dict[str, Any]:
        """Return the condition as JSON; a row without a field stays, and validation says so."""
        return _write(self.root) if self.root.parts or self.root.kind == "any" else {}  # an empty "any" is no lead

    @property
    def field_groups(self) -> list[tuple[str, list[Field]]]:
        """Return the catalogue by its groups, for the list to choose from."""
        groups: dict[str, list[Field]] = {}
        for known in list_fields():
            groups.setdefault(known.group, []).append(known)
        return list(groups.items())

    def is_valid(self) -> bool:
        """Say whether the condition can be read; what is wrong is shown at its row."""
        try:
            validate_condition(self.condition)
        except ConditionError as error:
            self._show(error)
            return False
        return True

    def _show(self, error: ConditionError) -> None:
        node: Row | Rows = self.root
        for index in _indexes(error.path):
            if isinstance(node, Rows) and index < len(node.parts):
                node = node.parts[index]
        is_unchosen = isinstance(node, Row) and not node.field_name
        node.error = "Choose what to compare." if is_unchosen else error.message
        self.error = node.error


def _indexes(path: str) -> Iterator[int]:
    """Yield the places that an error's path names: all[1].any[0].value → 1, 0."""
    for step in path.split("."):
        kind, bracket, rest = step.partition("[")
        if bracket and kind in GROUPS:
            yield int(rest.partition("]")[0])


def _draw(node: Condition, path: str) -> Row | Rows:
    if "field" in node:
        found = find_field(node["field"])
        known, key = found or (None, "")
        row = Row(path=path, field_name=known.name if known else "", key=key, op=node.get("op", ""))
        fill_row(row.values, row.op, node.get("value"))
        if known and known.choices:
            row.values["value"] = ", ".join(known.read(text) or text for text in row.selected)
        return row.settle()
    kind = next(iter(node))
    parts = [_draw(part, f"{path}-{index}") for index, part in enumerate(node[kind])]
    return Rows(path=path, kind=kind, parts=parts)


def _move(part: Row | Rows, parent: str, index: int) -> Row | Rows:
    part.path = f"{parent}-{index}"
    return part


def _read_group(post: QueryDict, path: str) -> Rows:
    count = min(read_whole_number(post.get(f"{path}.size", "0")) or 0, MAX_PARTS)
    kind = post.get(f"{path}.kind", "all")
    group = Rows(path=path, kind=kind if kind in GROUPS else "all")
    for index in range(count):
        child = f"{path}-{index}"
        is_group = f"{child}.kind" in post and group.depth < MAX_DEPTH
        group.parts.append(_read_group(post, child) if is_group else _read_row(post, child))
    return group


def _read_row(post: QueryDict, path: str) -> Row:
    prefix = f"{path}."
    texts = {name.removeprefix(prefix): ", ".join(post.getlist(name)) for name in post if name.startswith(prefix)}
    row = Row(path=path, field_name=texts.pop("field", ""), key=texts.pop("key", ""), op=texts.pop("op", ""))
    row.values = texts
    return row.settle()


def _change(group: Rows, action: str, path: str) -> None:
    """Do what a button asks for: add a row or a group to the group of the path, or remove the part."""
    if group.path == path and action != "remove":
        inner = Row(path="")
        group.parts.append(inner if action == "row" else Rows(path="", kind="any", parts=[inner]))
    elif action == "remove":
        group.parts = [part for part in group.parts if part.path != path]
    for part in group.parts:
        if isinstance(part, Rows) and path.startswith(part.path or "\0"):
            _change(part, action, path)


def _number(group: Rows, path: str) -> None:
    group.path = path
    for index, part in enumerate(group.parts):
        part.path = f"{path}-{index}"
        if isinstance(part, Rows):
            _number(part, part.path)


def _write(node: Row | Rows) -> dict[str, Any]:
    if isinstance(node, Rows):
        return {node.kind: [_write(part) for part in node.parts]}
    known = node.chosen
    name = f"{node.field_name}.{node.key.strip()}" if known and known.is_prefix else node.field_name
    leaf: dict[str, Any] = {"field": name, "op": node.op}
    if known and node.shape != Shape.NOTHING:
        leaf["value"] = write_value(known, node.op, node.values)
    return leaf
