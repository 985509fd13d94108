"""Where the condition editor asks."""

from django.urls import path

from leadhub.leads.conditions import views

urlpatterns = [
    path("conditions/editor/", views.condition_editor, name="condition_editor"),
    path("conditions/count/", views.condition_count, name="condition_count"),
]
