"""The score as fields of the condition language. Registered by the scoring app."""

from leadhub.leads.conditions import Field
from leadhub.leads.conditions.kinds import FieldKind
from scoring.grid import GRADES
from scoring.queries import engagement_now, fit_now, grade_now, score_now

SCORE_FIELDS = (
    Field(name="score.fit", label="Fit", group="Score", kind=FieldKind.NUMBER, column=fit_now),
    Field(name="score.engagement", label="Engagement now", group="Score", kind=FieldKind.NUMBER, column=engagement_now),
    Field(name="score.total", label="Score now", group="Score", kind=FieldKind.NUMBER, column=score_now),
    Field(
        name="score.grade",
        label="Grade now",
        group="Score",
        kind=FieldKind.CHOICE,
        column=grade_now,
        choices=tuple((grade, grade) for grade in GRADES),
    ),
)
