"""URLs of the settings area."""

from django.urls import path

from leadhub.desk.settings import audit, hub, organization

urlpatterns = [
    path("settings/", hub.settings_hub, name="settings"),
    path("settings/organization/", organization.organization_settings, name="organization_settings"),
    path("audit/", audit.audit_log, name="audit_log"),
    path("audit/export/", audit.audit_export, name="audit_export"),
]
