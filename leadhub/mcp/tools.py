"""What a tool is: an operation of the API under a name and with words for an agent. `catalogue` lists them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One tool.

    `takes` are the parameters and fields of the operation that it offers, all of them where empty; `requires` are
    those that the operation leaves open and this use of it does not; `fixed` are values of the body that make it the
    one thing it does. `warning` says what would happen, and makes the tool ask for
    `confirm: true`; `shows` is an operation that is read for the refusal, so that it names what is at stake, and
    `showing` what of its answer. `also` are permissions that the operation asks for besides its own when it is used so.
    """

    name: str
    operation: str
    about: str
    takes: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    warning: str = ""
    shows: str = ""
    showing: tuple[str, ...] = ()
    also: frozenset[str] = frozenset()
    leaves_the_house: bool = False

    @property
    def is_destructive(self) -> bool:
        """Say whether it asks for `confirm: true`."""
        return bool(self.warning)


LEAD_AT_STAKE = ("number", "email", "stage", "verdict", "owner", "quote_value")
