"""Read scores: the model in force, and the score of leads as SQL for the queue, lists and the API."""

from datetime import datetime
from typing import Any

from django.db.models import F, FloatField, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from leadhub.leads.models import Lead
from leadhub.leads.versions import VersionState, find_published
from leadhub.leads.walk import Walk
from scoring.decay import engagement_at
from scoring.grid import grade_expression
from scoring.models import ScoreModel
from scoring.points import Line
from scoring.rules import Rules, read_rules


def get_published_model() -> ScoreModel | None:
    """Return the model in force."""
    return find_published(ScoreModel)


def find_published_rules() -> Rules | None:
    """Return the rules of the model in force."""
    model = get_published_model()
    return read_rules(model) if model else None


def get_rules(walk: Walk) -> Rules | None:
    """Return the rules of the model in force, read once in a walk."""
    return walk.once("scoring.rules", find_published_rules)


def with_score(queryset: QuerySet[Lead], now: datetime) -> QuerySet[Any]:
    """Annotate leads with `fit`, `engagement_now`, `score` (their sum) and `grade_now`; 0, 0, 0, D4 when unscored."""
    return queryset.annotate(
        fit=fit_now(now), engagement_now=engagement_now(now), score=score_now(now), grade_now=grade_now(now)
    )


def fit_now(_now: datetime) -> Combinable:
    """Return the fit of leads in SQL."""
    return Coalesce(F("live_score__fit"), Value(0.0))


def engagement_now(now: datetime) -> Combinable:
    """Return the engagement of leads at the instant in SQL."""
    return Coalesce(engagement_at(now), Value(0.0))


def score_now(now: datetime) -> Combinable:
    """Return fit plus engagement of leads at the instant in SQL."""
    return fit_now(now) + engagement_now(now)


def grade_now(now: datetime) -> Combinable:
    """Return the cell of leads at the instant in SQL, relative to the bar in force."""
    return grade_expression(
        fit=fit_now(now),
        engagement=engagement_now(now),
        fit_bar=_bar("fit_bar"),
        line=Line(_bar("engagement_bar")),
    )


def _bar(name: str) -> Combinable:
    published = ScoreModel.objects.filter(state=VersionState.PUBLISHED)
    return Subquery(published.annotate(bar=Cast(name, FloatField())).values("bar")[:1], output_field=FloatField())
