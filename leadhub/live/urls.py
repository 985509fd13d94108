"""Where alerts are. The streams themselves are in the live process, which a proxy gives all of `/live/`."""

from django.urls import path

from leadhub.live import alert_list, views

urlpatterns = [
    path("alerts/token/", views.live_token, name="live_token"),
    path("leads/<uuid:pk>/lookers/", views.lead_lookers, name="lead_lookers"),
    path("alerts/", alert_list.alert_list, name="alerts"),
    path("alerts/export/", alert_list.alert_export, name="alert_export"),
    path("alerts/count/", views.alert_count, name="alert_count"),
    path("alerts/seen/", views.alerts_seen, name="alerts_seen"),
    path("alerts/<uuid:pk>/", views.alert_fragment, name="alert_fragment"),
    path("alerts/<uuid:pk>/seen/", views.alert_seen, name="alert_seen"),
]
