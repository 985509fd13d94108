"""URLs of the report pages."""

from django.urls import path

from reporting.pages import cohorts, funnel, lists, lost, sheets, source_value, speed, spend, targets

urlpatterns = [
    path("reports/source-value/", source_value.source_value, name="source_value"),
    path("reports/source-value/export/", source_value.source_value_export, name="source_value_export"),
    path("reports/spend/", spend.spend_list, name="spend_list"),
    path("reports/spend/export/", spend.spend_export, name="spend_export"),
    path("reports/spend/uploads/", spend.spend_upload_create, name="spend_upload_create"),
    path("reports/spend/uploads/<uuid:pk>/", spend.spend_upload, name="spend_upload"),
    path("reports/spend/uploads/<uuid:pk>/application/", spend.spend_upload_apply, name="spend_upload_apply"),
    path("reports/spend/<uuid:pk>/", spend.spend_detail, name="spend_detail"),
    path("reports/spend/<uuid:pk>/deletion/", spend.spend_delete, name="spend_delete"),
    path("reports/targets/", targets.target_list, name="target_list"),
    path("reports/funnel/", funnel.funnel, name="funnel"),
    path("reports/funnel/export/", sheets.funnel_export, name="funnel_export"),
    path("reports/cohorts/", cohorts.cohorts, name="cohorts"),
    path("reports/cohorts/export/", sheets.cohorts_export, name="cohorts_export"),
    path("reports/speed/", speed.speed, name="speed"),
    path("reports/speed/export/", sheets.speed_export, name="speed_export"),
    path("reports/speed/inquiries/", speed.speed_inquiries, name="speed_inquiries"),
    path("reports/speed/inquiries/export/", lists.speed_inquiries_export, name="speed_inquiries_export"),
    path("reports/lost/", lost.lost, name="lost_reasons"),
    path("reports/lost/export/", sheets.lost_export, name="lost_reasons_export"),
    path("reports/lost/deals/", lost.lost_deals, name="lost_deals"),
    path("reports/lost/deals/export/", lists.lost_deals_export, name="lost_deals_export"),
]
