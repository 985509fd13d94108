"""The one rule language (ADR 30): JSON conditions over leads, compiled to SQL, never evaluated in Python.

Scoring, routing, reports and saved views call it. A condition is `{"all"|"any"|"none": [...]}` nested over
`{"field", "op", "value"}`; `{}` matches every lead. `validation` reads it, `compiler` turns it into SQL,
`sentence` into words, `editor` into a form.
"""

from leadhub.leads.conditions.catalogue import Field, list_fields, register_fields
from leadhub.leads.conditions.compiler import compile_condition, compile_conditions, first_match, matching
from leadhub.leads.conditions.sentence import describe
from leadhub.leads.conditions.validation import Condition, ConditionError, validate_condition
from leadhub.leads.conditions.writes import update_from

__all__ = [
    "Condition",
    "ConditionError",
    "Field",
    "compile_condition",
    "compile_conditions",
    "describe",
    "first_match",
    "list_fields",
    "matching",
    "register_fields",
    "update_from",
    "validate_condition",
]
