"""The rules of the funnel (ADR 10), pure: which move is allowed and what each stage asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from leadhub.leads.models import OPEN_STAGES, Stage
from leadhub.leads.stage_dates import ENDED, FUNNEL
from leadhub.lib.errors import DomainError

QUALIFICATION: Mapping[str, str] = {
    "budget": "the budget",
    "authority": "who decides",
    "need": "the need",
    "timeline": "the timeline",
}
# field → how it is asked for; those of WAIVABLE stages may be overridden, the others define the stage
REQUIRED_FIELDS: Mapping[Stage, Mapping[str, str]] = {
    Stage.MQL: {"email": "an e-mail address or a phone number"},
    Stage.SQL: QUALIFICATION,
    Stage.OPPORTUNITY: {"opportunity": "an open opportunity"},
    Stage.CUSTOMER: {"opportunity": "a won opportunity"},
    Stage.RECYCLED: {"disposition": "a reason"},
    Stage.DISQUALIFIED: {"disposition": "a reason"},
}
WAIVABLE = frozenset({Stage.MQL, Stage.SQL})


class StageNotAllowed(DomainError):
    """The lead cannot go from its stage to that one."""

    def __init__(self, *, from_stage: str, to_stage: str) -> None:
        super().__init__(f"A lead cannot go from {Stage(from_stage).label} to {Stage(to_stage).label}.", field="stage")


class MissingStageFields(DomainError):
    """The stage asks for fields that are empty; `fields` names them."""

    def __init__(self, *, to_stage: Stage, fields: list[str]) -> None:
        wanted = ", ".join(REQUIRED_FIELDS[to_stage][name] for name in fields)
        super().__init__(f"{to_stage.label} needs {wanted}.", field=fields[0])
        self.fields = fields


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known of a lead that decides its stage."""

    is_reachable: bool
    filled: frozenset[str]
    has_disposition: bool
    open_deals: int
    won_deals: int


def require_move(*, from_stage: Stage, to_stage: Stage) -> None:
    """Raise `StageNotAllowed` unless the move goes forward, or ends or parks an open lead."""
    is_open = from_stage in OPEN_STAGES
    is_forward = to_stage in FUNNEL and is_open and FUNNEL.index(to_stage) > FUNNEL.index(from_stage)
    if not is_forward and not (is_open and to_stage in ENDED):
        raise StageNotAllowed(from_stage=from_stage, to_stage=to_stage)


def list_missing(*, to_stage: Stage, evidence: Evidence) -> list[str]:
    """Return the fields that the stage asks for and the lead lacks."""
    met = {
        Stage.MQL: {"email"} if evidence.is_reachable else set(),
        Stage.SQL: set(evidence.filled),
        Stage.OPPORTUNITY: {"opportunity"} if evidence.open_deals else set(),
        Stage.CUSTOMER: {"opportunity"} if evidence.won_deals else set(),
    }.get(to_stage, {"disposition"} if evidence.has_disposition else set())
    return [name for name in REQUIRED_FIELDS.get(to_stage, {}) if name not in met]


def implied_stages(to_stage: Stage) -> tuple[Stage, ...]:
    """Return the earlier stages that reaching this one proves.

    A member who works, qualifies or sells a lead has judged and accepted it; who sells has an opportunity.
    Budget, authority, need and timeline are proved by filling them only.
    """
    if to_stage not in FUNNEL:
        return ()
    return tuple(stage for stage in FUNNEL[1 : FUNNEL.index(to_stage)] if stage != Stage.SQL)


def stage_without_deal(*, has_sql: bool, has_sal: bool, has_mql: bool) -> Stage:
    """Return the stage that the remaining evidence supports, when a deal is lost or a parked lead comes back."""
    if has_sql:
        return Stage.SQL
    if has_sal:
        return Stage.SAL
    return Stage.MQL if has_mql else Stage.NEW
