"""`queue/`: the caller's next actions, in the order in which to take them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import READ, ScopedView
from leadhub.desk.queue import GROUPS, PAGE_SIZE, Queue, Reason, Row, list_queue
from leadhub.desk.reasons import explain_row
from leadhub.leads.models import Channel, Intent, Stage, TaskKind, Verdict
from leadhub.lib.clock import utc_now

MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}
MOST_AT_ONCE = 200
_FIRST_GROUPS = list(dict.fromkeys(GROUPS.values()))


class QueueQuery(serializers.Serializer[Any]):
    """What is to be done now, or with `planned` what waits for its day; page by page."""

    planned = serializers.BooleanField(required=False, default=False)
    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=100_000)
    page_size = serializers.IntegerField(required=False, default=PAGE_SIZE, min_value=1, max_value=MOST_AT_ONCE)


class QueueRowShape(serializers.Serializer[Row]):
    """One next action: the lead, why it is next (`why` says it in words), and what to know before calling."""

    lead_id = serializers.UUIDField()
    person_id = serializers.UUIDField()
    number = serializers.IntegerField()
    reason = serializers.ChoiceField(choices=[(each.value, each.value) for each in Reason])
    group = serializers.ChoiceField(choices=_FIRST_GROUPS)
    why = serializers.SerializerMethodField()
    name = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    company = serializers.CharField()
    do_not_contact = serializers.BooleanField()
    stage = serializers.ChoiceField(choices=Stage.choices)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    channel = serializers.ChoiceField(choices=Channel.choices)
    source = serializers.CharField()  # type: ignore[assignment]
    campaign = serializers.CharField()
    message = serializers.CharField()
    service = serializers.CharField()
    intent = serializers.ChoiceField(choices=Intent.choices, allow_blank=True)
    quote_value = serializers.DecimalField(**MONEY, allow_null=True)
    pipeline_value = serializers.DecimalField(**MONEY)
    currency = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    grade = serializers.CharField()
    captured_at = serializers.DateTimeField()
    entered_at = serializers.DateTimeField()
    cooling_at = serializers.DateTimeField(allow_null=True)
    wakes_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="Until when an answer is promised.")
    started_at = serializers.DateTimeField(allow_null=True)
    task_id = serializers.UUIDField(allow_null=True)
    task_kind = serializers.ChoiceField(choices=TaskKind.choices, allow_null=True)
    task_title = serializers.CharField(allow_null=True)
    task_due_at = serializers.DateTimeField(allow_null=True)
    is_offered = serializers.BooleanField(allow_null=True, help_text="It waits for accept or reject.")
    offer_expires_at = serializers.DateTimeField(allow_null=True)
    pool_id = serializers.UUIDField(allow_null=True)

    def get_why(self, row: Row) -> str:
        """Return the reason in words."""
        return str(self.context["why"][row.lead_id])


class QueueShape(serializers.Serializer[Queue]):
    """How many leads each group has, whole, and the page's next actions in order."""

    counts = serializers.DictField(child=serializers.IntegerField())
    results = QueueRowShape(source="rows", many=True)


class QueueView(ScopedView):
    """The member's queue."""

    needs = {"GET": (READ, "leads.work")}

    @extend_schema(operation_id="queue_list", summary="Next actions", parameters=[QueueQuery], responses=QueueShape)
    def get(self, request: Request) -> Response:
        """List the next actions of the key's member, each with the reason why it is next."""
        asked = QueueQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        size, now = asked.validated_data["page_size"], utc_now()
        with timezone.override(self.viewer.time_zone):  # whose midnight makes a task overdue, as on the page
            queue = list_queue(
                member=self.viewer.member,
                now=now,
                is_planned=asked.validated_data["planned"],
                offset=(asked.validated_data["page"] - 1) * size,
                limit=size,
            )
            why = {row.lead_id: explain_row(row, now=now) for row in queue.rows}
        return Response(QueueShape(queue, context={"why": why}).data)
