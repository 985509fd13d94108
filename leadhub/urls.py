"""Every URL of the product, one line a place."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from leadhub.web.gallery import gallery

handler404 = "leadhub.api.unrouted.answer_not_found"
handler500 = "leadhub.api.unrouted.answer_broken"

# Looked through in this order, so the forms' doors stand first: a hundred patterns cost a post a quarter of its time.
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("capture.urls")),
    path("api/", include("leadhub.api.urls")),
    path("", include("leadhub.mcp.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("leadhub.accounts.views")),
    path("", include("leadhub.leads.conditions.urls")),
    path("", include("reporting.urls")),
    path("", include("leadhub.desk.urls")),
    path("", include("routing.urls")),
    path("", include("leadhub.desk.members.urls")),
    path("", include("leadhub.desk.settings.urls")),
    path("", include("leadhub.webhooks.urls")),
    path("", include("leadhub.live.urls")),
    path("", include("leadhub.desk.job_urls")),
    path("", include("leadhub.desk.inbox_urls")),
    path("", include("scoring.urls")),
    path("", include("nurture.urls")),
    path("", include("nurture.pages.urls")),
]
if settings.DEBUG:
    urlpatterns += [path("_components/", gallery, name="gallery")]
