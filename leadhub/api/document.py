"""Serve the OpenAPI document: anybody may ask for it, and writing it takes a second, so each process does that once."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class Schema(SpectacularAPIView):
    """The document in the format asked for; nothing else of the query counts."""

    _written: ClassVar[dict[str, tuple[bytes | str, str]]] = {}

    @extend_schema(exclude=True)
    def get(self, request: Request, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Return it, written the first time that its format is asked for."""
        renderer = request.accepted_renderer
        if renderer.format not in self._written:
            answer: Any = self._get_schema_response(request)  # type: ignore[no-untyped-call]
            body = renderer.render(answer.data, renderer.media_type, {"response": answer})
            self._written[renderer.format] = body, answer.headers["Content-Disposition"]
        body, disposition = self._written[renderer.format]
        headers = {"Content-Disposition": disposition}
        return HttpResponse(body, content_type=f"{renderer.media_type}; charset=utf-8", headers=headers)

    def _get_version_parameter(self, _request: Request) -> None:
        """Keep the query's version out: there is one."""
