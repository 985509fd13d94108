"""URLs of the settings area."""

from django.urls import path

from leadhub.desk.settings import audit, dry_run, hub, organization

urlpatterns = [
    path("settings/", hub.settings_hub, name="settings"),
    path("settings/organization/", organization.organization_settings, name="organization_settings"),
    path("settings/dry-run/", dry_run.dry_run, name="dry_run"),
    path("audit/", audit.audit_log, name="audit_log"),
    path("audit/export/", audit.audit_export, name="audit_export"),
]
