"""/healthz, /readyz and /metrics, answered before host names, sessions and redirects can stand in the way.

Probes call by address and know no host name. /metrics is for the operator: a proxy does not pass it on unless
LEADHUB_METRICS_TOKEN is set and sent as a bearer token.
"""

import secrets
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST

from leadhub.health.checks import USEFUL, VITAL, Finding
from leadhub.health.metrics import render_metrics

GetResponse = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """The first middleware."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response
        self._views: dict[str, GetResponse] = {
            "/healthz": answer_health,
            "/readyz": answer_readiness,
            "/metrics": answer_metrics,
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or pass the request on."""
        return self._views.get(request.path, self._get_response)(request)


def answer_health(_request: HttpRequest) -> HttpResponse:
    """Say that this process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


def answer_readiness(_request: HttpRequest) -> HttpResponse:
    """Say whether to send requests here: 503 without database or migrations, else 200, `degraded` if need be."""
    vital = [check() for check in VITAL]
    if not all(finding.is_fine for finding in vital):
        return _answer("unavailable", vital, status=HTTPStatus.SERVICE_UNAVAILABLE)
    findings = vital + [check() for check in USEFUL]
    is_fine = all(finding.is_fine for finding in findings)
    return _answer("ok" if is_fine else "degraded", findings, status=HTTPStatus.OK)


def answer_metrics(request: HttpRequest) -> HttpResponse:
    """Return the figures to the operator."""
    if not _may_read_metrics(request):
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    return HttpResponse(render_metrics(), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    if token:
        return secrets.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    return "X-Forwarded-For" not in request.headers


def _answer(status_text: str, findings: list[Finding], *, status: HTTPStatus) -> JsonResponse:
    checks = {finding.name: "ok" if finding.is_fine else finding.says for finding in findings}
    return JsonResponse({"status": status_text, "checks": checks}, status=status)
