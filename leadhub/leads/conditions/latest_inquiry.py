"""The lead's latest inquiry that is no duplicate, looked up once per lead whatever a statement asks of it.

A subquery for each comparison looked it up again for every word of a rule. `Latest` is a column of the one join, which
the compiler adds when the expression is resolved, as it does for counts of behaviour.
"""

from typing import Any

from django.db.models.expressions import Col, Expression

from leadhub.leads.conditions.joins import LeftJoin
from leadhub.leads.models import Inquiry

COLUMNS = ("intent", "door", "service", "message", "quote_value", "arrived_at", "fields")
_JOIN = """LEFT OUTER JOIN LATERAL (
    SELECT {columns} FROM inquiry
    WHERE inquiry.organization_id = {parent}.organization_id AND inquiry.lead_id = {parent}.id
        AND inquiry.duplicate_of_id IS NULL
    ORDER BY inquiry.arrived_at DESC, inquiry.id DESC LIMIT 1
) {alias} ON (true)"""


class Latest(Expression):
    """A column of the lead's latest inquiry, as an expression over Lead; NULL where there is none."""

    def __init__(self, column: str) -> None:
        field: Any = Inquiry._meta.get_field(column)
        super().__init__(output_field=field)

    def resolve_expression(self, query: Any = None, *_args: Any, **_kwargs: Any) -> Any:
        """Join the inquiry to the query's leads, once, and return the column."""
        alias = query.join(LatestInquiryJoin(query.get_initial_alias()))
        return Col(alias, self.output_field)


class LatestInquiryJoin(LeftJoin):
    """The lateral join."""

    table_name = "latest_inquiry"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Compile to the JOIN clause; the organization is the lead's, so that the join stays in one shard."""
        quote = connection.ops.quote_name
        parent = compiler.quote_name_unless_alias(self.parent_alias)
        columns = ", ".join(f"inquiry.{quote(name)}" for name in COLUMNS)
        return _JOIN.format(columns=columns, parent=parent, alias=quote(self.table_alias)), []
