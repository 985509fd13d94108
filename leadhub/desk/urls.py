"""The desk's pages. Every state change of a lead is a resource under it."""

from django.urls import path

from leadhub.desk import (
    assignment_views,
    enrolling,
    home,
    lead_create,
    lead_list,
    lead_page,
    queue_page,
    room,
    team_page,
    value_views,
    work_views,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("queue/", queue_page.queue, name="queue"),
    path("team/", team_page.team, name="team"),
    path("team/room/", room.room, name="room"),
    path("team/assignments/", team_page.bulk_reassignment, name="team_reassignment"),
    path("team/assignments/undo/", team_page.reassignment_undo, name="team_reassignment_undo"),
    path("team/<uuid:member>/absence/", team_page.absence, name="team_absence"),
    path("leads/", lead_list.lead_list, name="lead_list"),
    path("leads/new/", lead_create.lead_create, name="lead_create"),
    path("leads/enrollment/", enrolling.bulk_enrollment, name="lead_bulk_enrollment"),
    path("leads/<uuid:pk>/", lead_page.lead_detail, name="lead_detail"),
    path("leads/<uuid:pk>/outcomes/", work_views.outcomes, name="lead_outcomes"),
    path("leads/<uuid:pk>/outcomes/<uuid:event>/undo/", work_views.outcome_undo, name="lead_outcome_undo"),
    path("leads/<uuid:pk>/tasks/", work_views.tasks, name="lead_tasks"),
    path("leads/<uuid:pk>/tasks/<uuid:task>/completion/", work_views.task_completion, name="lead_task_completion"),
    path("leads/<uuid:pk>/snooze/", work_views.snooze, name="lead_snooze"),
    path("leads/<uuid:pk>/qualification/", work_views.qualification, name="lead_qualification"),
    path("leads/<uuid:pk>/disposition/", work_views.disposition, name="lead_disposition"),
    path("leads/<uuid:pk>/enrollments/", enrolling.enrollments, name="lead_enrollments"),
    path("leads/<uuid:pk>/enrollments/<uuid:enrollment>/end/", enrolling.enrollment_end, name="lead_enrollment_end"),
    path("leads/<uuid:pk>/verdict/", value_views.verdict, name="lead_verdict"),
    path("leads/<uuid:pk>/value/", value_views.quote_value, name="lead_value"),
    path("leads/<uuid:pk>/opportunities/", value_views.opportunities, name="lead_opportunities"),
    path(
        "leads/<uuid:pk>/opportunities/<uuid:opportunity>/",
        value_views.opportunity_change,
        name="lead_opportunity_change",
    ),
    path(
        "leads/<uuid:pk>/opportunities/<uuid:opportunity>/closing/",
        value_views.opportunity_close,
        name="lead_opportunity_close",
    ),
    path("leads/<uuid:pk>/assignment/acceptance/", assignment_views.acceptance, name="lead_acceptance"),
    path("leads/<uuid:pk>/assignment/rejection/", assignment_views.rejection, name="lead_rejection"),
    path("leads/<uuid:pk>/assignment/reroute/", assignment_views.rerouting, name="lead_reroute"),
    path("leads/<uuid:pk>/assignment/", assignment_views.reassignment, name="lead_reassignment"),
]
