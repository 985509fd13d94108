"""`audit-log/`: who changed which setting, when, before and after; for systems that keep such records elsewhere."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.accounts.models import AuditEntry
from leadhub.api.inputs import Moment
from leadhub.api.pagination import Cursor, PagedView


class AuditCursor(Cursor):
    """Latest change first."""

    ordering = ("-at", "-id")


class AuditQuery(serializers.Serializer[Any]):
    """What narrows the log: changes from an instant on, and of one kind of setting."""

    since = Moment(required=False)
    target_kind = serializers.CharField(required=False, max_length=40)


class AuditShape(serializers.ModelSerializer[AuditEntry]):
    """A change: `actor` is a member, null where LeadHub itself made it; `before` and `after` hold what changed."""

    actor_name = serializers.CharField(source="actor.name", default=None, allow_null=True)

    class Meta:
        model = AuditEntry
        fields = ["id", "at", "actor", "actor_name", "action", "target_kind", "target_id", "summary", "before", "after"]


class AuditLog(PagedView):
    """The changes of settings."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": ("settings:read", "settings.edit")}
    pagination_class = AuditCursor

    @extend_schema(
        operation_id="audit_log_list",
        summary="List changes of settings",
        parameters=[AuditQuery],
        responses=AuditShape(many=True),
    )
    def get(self, request: Request) -> Response:
        """List the changes, the latest first."""
        checked = AuditQuery(data=request.query_params.dict())
        checked.is_valid(raise_exception=True)
        found, asked = AuditEntry.objects.select_related("actor"), checked.validated_data
        if "since" in asked:
            found = found.filter(at__gte=asked["since"])
        if "target_kind" in asked:
            found = found.filter(target_kind=asked["target_kind"])
        return self.answer_page(found, AuditShape)
