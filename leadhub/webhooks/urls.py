"""URLs of the webhook pages."""

from django.urls import path

from leadhub.webhooks import pages

urlpatterns = [
    path("webhooks/", pages.webhook_list, name="webhook_list"),
    path("webhooks/<uuid:pk>/", pages.webhook_detail, name="webhook_detail"),
    path("webhooks/<uuid:pk>/secret/", pages.webhook_secret, name="webhook_secret"),
    path("webhooks/<uuid:pk>/test/", pages.webhook_test, name="webhook_test"),
    path("webhooks/<uuid:pk>/state/", pages.webhook_state, name="webhook_state"),
    path("webhooks/<uuid:pk>/deletion/", pages.webhook_deletion, name="webhook_deletion"),
    path("webhooks/<uuid:pk>/calls/<uuid:delivery>/", pages.webhook_call, name="webhook_call"),
    path("webhooks/<uuid:pk>/calls/<uuid:delivery>/again/", pages.webhook_call_again, name="webhook_call_again"),
]
