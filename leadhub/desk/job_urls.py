"""URLs of the pages of dead letters and of unsettled deliveries."""

from django.urls import path

from leadhub.desk import deliveries, jobs

urlpatterns = [
    path("jobs/", jobs.job_list, name="job_list"),
    path("jobs/export/", jobs.job_export, name="job_export"),
    path("jobs/deliveries/", deliveries.delivery_list, name="delivery_list"),
    path("jobs/deliveries/export/", deliveries.delivery_export, name="delivery_export"),
    path("jobs/retry/", jobs.job_retry_all, name="job_retry_all"),
    path("jobs/<uuid:pk>/retry/", jobs.job_retry, name="job_retry"),
    path("deliveries/<uuid:pk>/sending/", deliveries.delivery_send_again, name="delivery_send_again"),
    path("deliveries/<uuid:pk>/receipt/", deliveries.delivery_mark_sent, name="delivery_mark_sent"),
]
