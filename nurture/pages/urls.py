"""The URLs of nurture's pages for members."""

from django.urls import URLPattern, path

from nurture.pages import suppressions

urlpatterns: list[URLPattern] = [
    path("suppressions/", suppressions.suppression_list, name="suppression_list"),
    path("suppressions/export/", suppressions.suppression_export, name="suppression_export"),
    path("suppressions/<uuid:pk>/lifting/", suppressions.suppression_lift, name="suppression_lift"),
]
