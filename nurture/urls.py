"""The URLs of nurture: what a mail's links lead to."""

from django.urls import URLPattern, path

from nurture import public_views

urlpatterns: list[URLPattern] = [
    path("n/o/<str:token>", public_views.open_picture, name="nurture_open"),
    path("n/c/<str:token>", public_views.follow_link, name="nurture_click"),
    path("n/u/<str:token>", public_views.unsubscribe_page, name="nurture_unsubscribe"),
]
