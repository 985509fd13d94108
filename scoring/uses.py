"""The score rules in force and in the draft, for whoever asks which rules use a field. Registered in `ready()`."""

from collections.abc import Iterator

from django.urls import reverse

from leadhub.leads.conditions.uses import Rule
from leadhub.leads.versions import VersionState
from scoring.models import ScoreModel


def list_score_rules() -> Iterator[Rule]:
    """Yield every rule."""
    for model in ScoreModel.objects.exclude(state=VersionState.RETIRED).order_by("version"):
        for rule in [*model.fit_rules, *model.engagement_rules]:
            words = f"Score rule “{rule['label']}” ({model.get_state_display().lower()})"
            yield Rule(words=words, url=reverse("score_model"), condition=rule.get("condition") or {})
