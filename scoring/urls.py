"""The thresholds page and what hangs off it."""

from django.urls import path

from scoring.pages import crossings, rules, thresholds, versions

urlpatterns = [
    path("scoring/", thresholds.score_model, name="score_model"),
    path("scoring/preview/<slug:side>/", crossings.score_crossings, name="score_crossings"),
    path("scoring/progress/", thresholds.score_progress, name="score_progress"),
    path("scoring/draft/numbers/", thresholds.score_numbers, name="score_numbers"),
    path("scoring/draft/removal/", thresholds.score_draft_discard, name="score_draft_discard"),
    path("scoring/draft/rules/<slug:kind>/<str:key>/", rules.score_rule, name="score_rule"),
    path("scoring/draft/rules/<slug:kind>/<str:key>/removal/", rules.score_rule_removal, name="score_rule_removal"),
    path("scoring/publication/", thresholds.score_publication, name="score_publication"),
    path("scoring/versions/<int:version>/restoration/", versions.score_restoration, name="score_restoration"),
]
