"""`tasks/`, `tasks/<id>/`, `leads/<id>/tasks/`: what members promised to do, planned, moved, done and taken back."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.accounts.models import Membership
from leadhub.api.access import READ, WRITE, ScopedView
from leadhub.api.inputs import Moment, read_input
from leadhub.api.pagination import PagedView, TaskCursor
from leadhub.api.reading import get_lead, lock_lead
from leadhub.api.shapes import MemberShape
from leadhub.leads.models import Task, TaskKind
from leadhub.leads.tasks import change_task, complete_task, create_task, delete_task, reopen_task
from leadhub.lib.clock import utc_now
from leadhub.tenancy.scope import get_organization_id

PLANNED = [choice for choice in TaskKind.choices if choice[0] != TaskKind.WOKEN]


class TaskShape(serializers.ModelSerializer[Task]):
    """What a member is to do next for a lead; `done_at` is null while it is open."""

    member = MemberShape()

    class Meta:
        model = Task
        fields = ["id", "lead", "member", "kind", "title", "due_at", "created_at", "done_at"]


class TaskInput(serializers.Serializer[Any]):
    """What is to be done and when; without a title it is called by its kind."""

    kind = serializers.ChoiceField(choices=PLANNED)
    title = serializers.CharField(required=False, allow_blank=True, max_length=300)
    due_at = Moment()


class TaskQuery(serializers.Serializer[Any]):
    """Whose open tasks (left out: the key's member's), and due until when."""

    member = serializers.UUIDField(required=False)
    due_until = Moment(required=False)

    def validate_member(self, member_id: UUID) -> UUID:
        """Refuse whom nobody knows; who has left may still have promised something."""
        if not Membership.objects.filter(pk=member_id, organization_id=get_organization_id()).exists():
            raise serializers.ValidationError("There is no such member.")
        return member_id


class Tasks(PagedView):
    """A member's open tasks."""

    pagination_class = TaskCursor
    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": (READ, "leads.view")}

    @extend_schema(
        operation_id="tasks_list",
        summary="List open tasks",
        parameters=[TaskQuery],
        responses=TaskShape(many=True),
    )
    def get(self, request: Request) -> Response:
        """List what the key's member, or the one named, is still to do, what is due first."""
        asked = TaskQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        member_id = asked.validated_data.get("member", self.viewer.member.pk)
        found = Task.objects.select_related("member").filter(member_id=member_id, done_at=None)
        if "due_until" in asked.validated_data:
            found = found.filter(due_at__lte=asked.validated_data["due_until"])
        return self.answer_page(found, TaskShape)


class LeadTasks(ScopedView):
    """The tasks of a lead."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": (READ, "leads.view"), "POST": (WRITE, "leads.work")}

    @extend_schema(operation_id="leads_tasks_list", summary="List a lead's tasks", responses=TaskShape(many=True))
    def get(self, request: Request, pk: UUID) -> Response:
        """List all of the lead's tasks, open and done, by when they are due."""
        lead = get_lead(lead_id=pk, now=utc_now())
        tasks = Task.objects.select_related("member").filter(lead=lead).order_by("due_at", "id")
        return Response(TaskShape(tasks, many=True).data)

    @extend_schema(
        operation_id="leads_tasks_create",
        summary="Plan a task",
        request=TaskInput,
        responses={HTTPStatus.CREATED: TaskShape},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Plan what the lead's owner is to do next."""
        lead = lock_lead(lead_id=pk)
        self.require_own(lead)
        planned = {"title": "", **read_input(TaskInput, request)}
        task = create_task(lead=lead, member=lead.owner, now=utc_now(), **planned)
        return Response(TaskShape(task).data, status=HTTPStatus.CREATED)


class TaskView(ScopedView):
    """Base: a task, changed by the owner of its lead or a manager."""

    def lock(self, pk: UUID) -> Task:
        """Return the task, its lead locked for a change."""
        lead = lock_lead(lead_id=Task.objects.values_list("lead_id", flat=True).get(pk=pk))
        self.require_own(lead)
        return get_task(pk)


class TaskDetail(TaskView):
    """One task."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {
        "GET": (READ, "leads.view"),
        "PATCH": (WRITE, "leads.work"),
        "DELETE": (WRITE, "leads.work"),
    }

    @extend_schema(operation_id="tasks_retrieve", summary="Read a task", responses=TaskShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Read one task."""
        return Response(TaskShape(get_task(pk)).data)

    @extend_schema(operation_id="tasks_patch", summary="Change a task", request=TaskInput, responses=TaskShape)
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change what is given of an open task: when it is due, what it is, what it is called."""
        task = self.lock(pk)
        return Response(TaskShape(change_task(task=task, **read_input(TaskInput, request, partial=True))).data)

    @extend_schema(operation_id="tasks_delete", summary="Take a task back", request=None, responses=TaskShape)
    def delete(self, request: Request, pk: UUID) -> Response:
        """Take an open task back, and answer with what it was."""
        task = self.lock(pk)
        told = TaskShape(task).data
        delete_task(task=task)
        return Response(told)


class TaskCompletion(TaskView):
    """Whether a task is done."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"PUT": (WRITE, "leads.work"), "DELETE": (WRITE, "leads.work")}

    @extend_schema(operation_id="tasks_completion_put", summary="Tick off", request=None, responses=TaskShape)
    def put(self, request: Request, pk: UUID) -> Response:
        """Say that it is done; a done one keeps its date."""
        return Response(TaskShape(complete_task(task=self.lock(pk), now=utc_now())).data)

    @extend_schema(operation_id="tasks_completion_delete", summary="Open again", request=None, responses=TaskShape)
    def delete(self, request: Request, pk: UUID) -> Response:
        """Say that it was not done after all."""
        return Response(TaskShape(reopen_task(task=self.lock(pk))).data)


def get_task(pk: UUID) -> Task:
    """Return one task, ready to be shown; raises `Task.DoesNotExist`."""
    found: Task = Task.objects.select_related("member").get(pk=pk)
    return found
