"""URLs of the report pages."""

from django.urls import path

from reporting import views

urlpatterns = [path("reports/source-value/", views.source_value, name="source_value")]
