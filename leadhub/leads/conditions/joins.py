"""Joins that Django's queries do not have: to a subquery, to a lateral one. Called by the fields that need them."""

from collections.abc import Mapping
from copy import copy
from typing import Self

from django.db.models.sql.constants import LOUTER


class LeftJoin:
    """What is joined to the leads, with the interface of Django's `sql.datastructures.Join`.

    A query takes it once: two are the same where their identities are. A subclass names its table and compiles.
    """

    table_name: str
    table_alias: str | None = None
    join_type = LOUTER
    nullable = True
    filtered_relation = None
    join_field = None

    def __init__(self, parent_alias: str) -> None:
        self.parent_alias = parent_alias

    @property
    def identity(self) -> tuple[object, ...]:
        """Return what tells the join from another."""
        return type(self), self.parent_alias

    def relabeled_clone(self, change_map: Mapping[str | None, str]) -> Self:
        """Return the join under the aliases of an outer query."""
        clone = copy(self)
        clone.parent_alias = change_map.get(self.parent_alias, self.parent_alias)
        clone.table_alias = change_map.get(self.table_alias, self.table_alias)
        return clone

    def promote(self) -> Self:
        """Stay a left join."""
        return self

    def demote(self) -> Self:
        """Stay a left join: a lead to which nothing is joined is a lead."""
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LeftJoin) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash(self.identity)
