"""What a benchmark found: a figure, its unit, and the target that it is held against, said plainly."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured number. `at_least` or `at_most` is its target on two cores; without one it only informs."""

    name: str
    unit: str
    value: float
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def target(self) -> str:
        """Return the target in words."""
        if self.at_least is not None:
            return f"≥ {self.at_least:,g}"
        return f"≤ {self.at_most:,g}" if self.at_most is not None else ""

    @property
    def verdict(self) -> str:
        """Say whether the target was met; nothing without a target."""
        if not self.target:
            return ""
        is_short = self.at_least is not None and self.value < self.at_least
        is_over = self.at_most is not None and self.value > self.at_most
        return "missed" if is_short or is_over else "met"

    def to_json(self) -> dict[str, Any]:
        """Return what the results file keeps."""
        return {**asdict(self), "verdict": self.verdict}
