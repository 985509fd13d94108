"""The receipt of an assignment: what was tried, who was skipped, who was picked, and why. Stored as JSON."""

from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class TriedRule:
    """One rule that was asked, in order; the rules after a match are not."""

    name: str
    matched: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class SkippedMember:
    """One member who could have had the lead, and why not."""

    member: str
    why: str


@dataclass(kw_only=True)
class Receipt:
    """Filled while an owner is chosen. `round` is the turn taken: pool member id → weight, to give it back."""

    rule_set_version: int | None = None
    rules: list[TriedRule] = field(default_factory=list)
    skipped: list[SkippedMember] = field(default_factory=list)
    picked: str = ""
    why: str = ""
    round: dict[str, int] = field(default_factory=dict)
    is_quiet: bool = False

    def skip(self, *, member: str, why: str) -> None:
        """Note that a member was passed over."""
        self.skipped.append(SkippedMember(member=member, why=why))

    def to_json(self) -> dict[str, Any]:
        """Return what the assignment stores."""
        return asdict(self)


def read_receipt(stored: dict[str, Any]) -> Receipt:
    """Return the receipt of a stored assignment; what an older one lacks is empty."""
    return Receipt(
        rule_set_version=stored.get("rule_set_version"),
        rules=[TriedRule(**rule) for rule in stored.get("rules", [])],
        skipped=[SkippedMember(**row) for row in stored.get("skipped", [])],
        picked=stored.get("picked", ""),
        why=stored.get("why", ""),
        round=stored.get("round", {}),
        is_quiet=stored.get("is_quiet", False),
    )


def round_of(stored: dict[str, Any]) -> dict[UUID, int]:
    """Return the turn that a stored receipt took: pool member → weight."""
    return {UUID(key): weight for key, weight in stored.get("round", {}).items()}
