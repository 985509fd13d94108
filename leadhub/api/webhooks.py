"""`webhooks/`: who is told of what happens, as the pages set it; and what each endpoint was told."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from leadhub.api.access import ScopedView
from leadhub.api.inputs import read_input
from leadhub.api.pagination import Cursor, PagedView
from leadhub.api.webhook_shapes import (
    CallShape,
    EndpointInput,
    EndpointShape,
    EndpointWithSecret,
    StateInput,
    WholeCallShape,
)
from leadhub.lib.clock import utc_now
from leadhub.webhooks.endpoints import (
    EndpointPlan,
    Shown,
    change_endpoint,
    create_endpoint,
    delete_endpoint,
    pause_endpoint,
    resume_endpoint,
    rotate_secret,
    send_test,
)
from leadhub.webhooks.models import Announcement, Endpoint
from leadhub.webhooks.resending import list_announcements, tell_again

VIEW, EDIT = ("settings:read", "webhooks.edit"), ("settings:write", "webhooks.edit")


class CallCursor(Cursor):
    """Newest first."""

    ordering = ("-delivery_id",)


class SecretView(ScopedView):
    """Base of calls whose answer shows a secret: this once, so the answer that is kept for a retry is without it."""

    shown: Shown | None = None

    def answer_shown(self, shown: Shown, *, status: int) -> Response:
        """Answer with the endpoint; its secret is added when the answer was kept."""
        self.shown = shown
        return Response({**EndpointShape(shown.endpoint).data, "secret": ""}, status=status)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the secret."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.shown is not None and answer.status_code < HTTPStatus.BAD_REQUEST:
            answer.data = {**answer.data, "secret": self.shown.secret}
        return answer


class Webhooks(SecretView):
    """The endpoints."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW, "POST": EDIT}

    @extend_schema(operation_id="webhooks_list", summary="List webhooks", responses=EndpointShape(many=True))
    def get(self, request: Request) -> Response:
        """List all endpoints by name."""
        return Response(EndpointShape(Endpoint.objects.order_by("name"), many=True).data)

    @extend_schema(
        operation_id="webhooks_create",
        summary="Make a webhook",
        request=EndpointInput,
        responses={HTTPStatus.CREATED: EndpointWithSecret},
    )
    def post(self, request: Request) -> Response:
        """Make an endpoint that is called from now on; its secret is in this answer and nowhere else."""
        plan = EndpointPlan(**read_input(EndpointInput, request))
        shown = create_endpoint(plan=plan, actor=self.viewer.member, now=utc_now())
        return self.answer_shown(shown, status=HTTPStatus.CREATED)


class WebhookDetail(ScopedView):
    """One endpoint."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW, "PATCH": EDIT, "DELETE": EDIT}

    @extend_schema(operation_id="webhooks_retrieve", summary="Read a webhook", responses=EndpointShape)
    def get(self, request: Request, pk: UUID) -> Response:
        """Read one endpoint, and how it stands."""
        return Response(EndpointShape(Endpoint.objects.get(pk=pk)).data)

    @extend_schema(
        operation_id="webhooks_patch", summary="Change a webhook", request=EndpointInput, responses=EndpointShape
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Change what is given; what waits goes to the new URL."""
        endpoint: Endpoint = Endpoint.objects.select_for_update(no_key=True).get(pk=pk)
        former = EndpointPlan(name=endpoint.name, url=endpoint.url, event_types=endpoint.event_types)
        plan = EndpointPlan(**{**asdict(former), **read_input(EndpointInput, request, partial=True)})
        changed = change_endpoint(endpoint=endpoint, plan=plan, actor=self.viewer.member, now=utc_now())
        return Response(EndpointShape(changed).data)

    @extend_schema(operation_id="webhooks_delete", summary="Delete a webhook", request=None, responses=EndpointShape)
    def delete(self, request: Request, pk: UUID) -> Response:
        """Delete the endpoint and answer with what it was; what it has not had is given up."""
        endpoint = Endpoint.objects.get(pk=pk)
        told = EndpointShape(endpoint).data
        delete_endpoint(endpoint=endpoint, actor=self.viewer.member, now=utc_now())
        return Response(told)


class WebhookSecret(SecretView):
    """The secret of an endpoint."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"POST": EDIT}

    @extend_schema(
        operation_id="webhooks_secret_create",
        summary="Replace the secret",
        request=None,
        responses={HTTPStatus.CREATED: EndpointWithSecret},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Replace the secret; the former one signs as well for a day."""
        shown = rotate_secret(endpoint=Endpoint.objects.get(pk=pk), actor=self.viewer.member, now=utc_now())
        return self.answer_shown(shown, status=HTTPStatus.CREATED)


class WebhookState(ScopedView):
    """Whether an endpoint is called."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"POST": EDIT}

    @extend_schema(
        operation_id="webhooks_state_create", summary="Pause or resume", request=StateInput, responses=EndpointShape
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Pause the endpoint, or resume it: with all that it missed, or with `gives_up` without."""
        endpoint, actor, now = Endpoint.objects.get(pk=pk), self.viewer.member, utc_now()
        asked = read_input(StateInput, request)
        if asked["state"] == Endpoint.State.PAUSED:
            pause_endpoint(endpoint=endpoint, actor=actor, now=now)
        else:
            resume_endpoint(endpoint=endpoint, gives_up=asked["gives_up"], actor=actor, now=now)
        return Response(EndpointShape(Endpoint.objects.get(pk=pk)).data)


class WebhookTest(ScopedView):
    """A test."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"POST": EDIT}

    @extend_schema(
        operation_id="webhooks_test_create",
        summary="Send a test event",
        request=None,
        responses={HTTPStatus.CREATED: CallShape},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Send `webhook.test`, once, also to an endpoint that is paused; read what came of it by its id."""
        delivery = send_test(endpoint=Endpoint.objects.get(pk=pk), actor=self.viewer.member, now=utc_now())
        return Response(CallShape(find_call(pk, delivery.pk)).data, status=HTTPStatus.CREATED)


class WebhookDeliveries(PagedView):
    """What an endpoint is told."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW}
    pagination_class = CallCursor

    @extend_schema(
        operation_id="webhooks_deliveries_list", summary="List what it is told", responses=CallShape(many=True)
    )
    def get(self, request: Request, pk: UUID) -> Response:
        """List the calls, newest first, with their state and last answer."""
        return self.answer_page(list_announcements(Endpoint.objects.get(pk=pk)), CallShape)


class WebhookDelivery(ScopedView):
    """One call."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"GET": VIEW}

    @extend_schema(operation_id="webhooks_deliveries_retrieve", summary="Read a call", responses=WholeCallShape)
    def get(self, request: Request, pk: UUID, delivery: UUID) -> Response:
        """Read one call with its body and the last answer's."""
        return Response(WholeCallShape(find_call(pk, delivery)).data)


class WebhookDeliveryAgain(ScopedView):
    """One call, once more."""

    needs: ClassVar[dict[str, tuple[str, str]]] = {"POST": EDIT}

    @extend_schema(
        operation_id="webhooks_deliveries_again_create", summary="Send again", request=None, responses=CallShape
    )
    def post(self, request: Request, pk: UUID, delivery: UUID) -> Response:
        """Send it now under the same `webhook-id`, whatever became of it."""
        one = find_call(pk, delivery)
        tell_again(announcement_id=one.pk, actor=self.viewer.member, now=utc_now())
        return Response(CallShape(find_call(pk, delivery)).data)


def find_call(endpoint_id: UUID, delivery_id: UUID) -> Announcement:
    """Return one call of the endpoint; raises `Announcement.DoesNotExist`."""
    found: Announcement = Announcement.objects.select_related("delivery").get(pk=delivery_id, endpoint=endpoint_id)
    return found
