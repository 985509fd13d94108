"""The URLs of capture: the public door, the forms, the intake ledger, the inquiries."""

from django.urls import URLPattern, path

from capture import exports, form_pages, google_page, inquiry_pages, ledger_pages
from capture.embed import embed_script
from capture.form_door import form_door, thanks
from capture.google_door import google_door
from capture.imports import list_page as import_list_page
from capture.imports import pages as import_pages

urlpatterns: list[URLPattern] = [
    path("f/<str:key>.js", embed_script, name="form_script"),
    path("f/<str:key>/thanks", thanks, name="form_thanks"),
    path("f/<str:key>/google-ads", google_door, name="google_door"),
    path("f/<str:key>", form_door, name="form_door"),
    path("forms/", form_pages.form_list, name="form_list"),
    path("forms/new/", form_pages.form_create, name="form_create"),
    path("forms/<uuid:pk>/", form_pages.form_detail, name="form_detail"),
    path("forms/<uuid:pk>/acknowledgement/", form_pages.form_acknowledgement, name="form_acknowledgement"),
    path("forms/<uuid:pk>/google-ads/", google_page.form_google_ads, name="form_google_ads"),
    path("intake/", ledger_pages.intake_ledger, name="intake_ledger"),
    path("intake/export/", exports.ledger_export, name="intake_export"),
    path("intake/<uuid:pk>/", ledger_pages.submission_detail, name="submission_detail"),
    path("intake/<uuid:pk>/release/", ledger_pages.submission_release, name="submission_release"),
    path("imports/", import_list_page.import_list, name="import_list"),
    path("imports/export/", import_list_page.import_export, name="import_export"),
    path("imports/<uuid:pk>/", import_pages.import_detail, name="import_detail"),
    path("imports/<uuid:pk>/mapping/", import_pages.import_mapping, name="import_mapping"),
    path("imports/<uuid:pk>/progress/", import_pages.import_progress, name="import_progress"),
    path("imports/<uuid:pk>/run/", import_pages.import_run, name="import_run"),
    path("imports/<uuid:pk>/undo/", import_pages.import_undo, name="import_undo"),
    path("imports/<uuid:pk>/refused/", import_pages.import_refused, name="import_refused"),
    path("imports/<uuid:pk>/rows/", import_pages.import_rows, name="import_rows"),
    path("inquiries/", inquiry_pages.inquiry_list, name="inquiry_list"),
    path("inquiries/export/", exports.inquiry_export, name="inquiry_export"),
    path("inquiries/<uuid:pk>/verdict/", inquiry_pages.inquiry_verdict, name="inquiry_verdict"),
    path("inquiries/<uuid:pk>/value/", inquiry_pages.inquiry_value, name="inquiry_value"),
    path("inquiries/<uuid:pk>/service/", inquiry_pages.inquiry_service, name="inquiry_service"),
]
