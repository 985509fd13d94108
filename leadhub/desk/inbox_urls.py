"""The URLs of the local inbox."""

from django.urls import path

from leadhub.desk import inbox, inbox_answers

urlpatterns = [
    path("inbox/", inbox.inbox_list, name="inbox_list"),
    path("inbox/<uuid:pk>/", inbox.inbox_message, name="inbox_message"),
    path("inbox/<uuid:pk>/letter/", inbox.inbox_letter, name="inbox_letter"),
    path("inbox/<uuid:pk>/answer/", inbox_answers.inbox_answer, name="inbox_answer"),
]
