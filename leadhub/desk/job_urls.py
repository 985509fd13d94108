"""URLs of the page of dead letters and unsettled deliveries."""

from django.urls import path

from leadhub.desk import jobs

urlpatterns = [
    path("jobs/", jobs.job_list, name="job_list"),
    path("jobs/retry/", jobs.job_retry_all, name="job_retry_all"),
    path("jobs/<uuid:pk>/retry/", jobs.job_retry, name="job_retry"),
    path("deliveries/<uuid:pk>/sending/", jobs.delivery_send_again, name="delivery_send_again"),
    path("deliveries/<uuid:pk>/receipt/", jobs.delivery_mark_sent, name="delivery_mark_sent"),
]
