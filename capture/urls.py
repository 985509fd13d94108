"""The URLs of capture: the public door, the forms, the intake ledger, the inquiries."""

from django.urls import URLPattern, path

from capture.embed import embed_script
from capture.form_door import form_door, thanks

urlpatterns: list[URLPattern] = [
    path("f/<str:key>.js", embed_script, name="form_script"),
    path("f/<str:key>/thanks", thanks, name="form_thanks"),
    path("f/<str:key>", form_door, name="form_door"),
]
