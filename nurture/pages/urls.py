"""The URLs of nurture's pages for members."""

from django.urls import URLPattern, path

from nurture.pages import enrollments, rules, sending, sequences, steps, suppressions, templates

urlpatterns: list[URLPattern] = [
    path("sequences/", sequences.sequence_list, name="sequence_list"),
    path("sequences/<uuid:pk>/", sequences.sequence_detail, name="sequence_detail"),
    path("sequences/<uuid:pk>/state/", sequences.sequence_state, name="sequence_state"),
    path("sequences/<uuid:pk>/rules/", rules.sequence_rules, name="sequence_rules"),
    path("sequences/<uuid:pk>/people/", enrollments.enrollment_list, name="enrollment_list"),
    path("sequences/<uuid:pk>/people/export/", enrollments.enrollment_export, name="enrollment_export"),
    path("sequences/<uuid:pk>/steps/new/", steps.step_new, name="step_new"),
    path("sequences/<uuid:pk>/steps/<uuid:step>/", steps.step_detail, name="step_detail"),
    path("sequences/<uuid:pk>/steps/<uuid:step>/position/", steps.step_position, name="step_position"),
    path("sequences/<uuid:pk>/steps/<uuid:step>/removal/", steps.step_removal, name="step_removal"),
    path("sequences/enrollments/<uuid:pk>/", enrollments.enrollment_detail, name="enrollment_detail"),
    path("sequences/enrollments/<uuid:pk>/stopping/", enrollments.enrollment_stop, name="enrollment_stop"),
    path("sequences/templates/", templates.template_list, name="mail_template_list"),
    path("sequences/templates/new/", templates.template_new, name="mail_template_new"),
    path("sequences/templates/<uuid:pk>/", templates.template_detail, name="mail_template"),
    path("sequences/templates/<uuid:pk>/removal/", templates.template_removal, name="mail_template_removal"),
    path("sequences/sending/", sending.nurture_settings, name="nurture_settings"),
    path("sequences/suppressions/", suppressions.suppression_list, name="suppression_list"),
    path("sequences/suppressions/export/", suppressions.suppression_export, name="suppression_export"),
    path("sequences/suppressions/<uuid:pk>/lifting/", suppressions.suppression_lift, name="suppression_lift"),
]
