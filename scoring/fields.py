"""The score as fields of the condition language, counted whole as pages show it. Registered by the scoring app."""

from datetime import datetime

from django.db.models.expressions import Combinable

from leadhub.leads.conditions import Field
from leadhub.leads.conditions.kinds import FieldKind
from scoring.grid import GRADES
from scoring.points import Whole
from scoring.queries import engagement_now, fit_now, grade_now, score_now


def _count_engagement(now: datetime) -> Combinable:
    return Whole(engagement_now(now))


def _count_score(now: datetime) -> Combinable:
    return Whole(score_now(now))


SCORE_FIELDS = (
    Field(name="score.fit", label="Fit", group="Score", kind=FieldKind.NUMBER, column=fit_now),
    Field(
        name="score.engagement", label="Engagement now", group="Score", kind=FieldKind.NUMBER, column=_count_engagement
    ),
    Field(name="score.total", label="Score now", group="Score", kind=FieldKind.NUMBER, column=_count_score),
    Field(
        name="score.grade",
        label="Grade now",
        group="Score",
        kind=FieldKind.CHOICE,
        column=grade_now,
        choices=tuple((grade, grade) for grade in GRADES),
    ),
)
