"""The routing pages."""

from django.urls import path

from routing.pages import absence, pools, replay, rule_form, rules, versions

urlpatterns = [
    path("routing/", rules.routing_rules, name="routing_rules"),
    path("routing/replay/", replay.routing_replay, name="routing_replay"),
    path("routing/draft/", rules.routing_draft, name="routing_draft"),
    path("routing/publication/", rules.routing_publish, name="routing_publish"),
    path("routing/versions/<int:version>/restoration/", versions.routing_restoration, name="routing_restoration"),
    path("routing/rules/new/", rule_form.routing_rule_new, name="routing_rule_new"),
    path("routing/rules/<uuid:pk>/", rule_form.routing_rule, name="routing_rule"),
    path("routing/rules/<uuid:pk>/place/", rules.routing_rule_move, name="routing_rule_move"),
    path("routing/rules/<uuid:pk>/removal/", rules.routing_rule_delete, name="routing_rule_delete"),
    path("routing/pools/", pools.pool_list, name="pool_list"),
    path("routing/pools/new/", pools.pool_new, name="pool_new"),
    path("routing/pools/<uuid:pk>/", pools.pool_detail, name="pool_detail"),
    path("routing/members/<uuid:pk>/absence/", absence.member_absence, name="member_absence"),
]
