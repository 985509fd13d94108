"""URLs of the report pages."""

from django.urls import path

from reporting import views
from reporting.pages import funnel

urlpatterns = [
    path("reports/source-value/", views.source_value, name="source_value"),
    path("reports/funnel/", funnel.funnel, name="funnel"),
]
