"""Read who is at the door: address, origin, what answer they understand. Called by the form door."""

from django.conf import settings
from django.http import HttpRequest

from capture.definitions import FormDefinition
from capture.payloads import get_content_type

LONGEST_HEADER = 2000


def wants_json(request: HttpRequest) -> bool:
    """Say whether a program called: it sent JSON, or it accepts JSON and no page."""
    accepted = request.META.get("HTTP_ACCEPT", "")
    return get_content_type(request).endswith("json") or ("json" in accepted and "text/html" not in accepted)


def get_address(request: HttpRequest) -> str:
    """Return the sender's address: the peer's, or what the trusted proxy says of it."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.TRUSTED_PROXIES:
        return peer
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    return hops[-min(settings.TRUSTED_PROXIES, len(hops))] if hops else peer


def get_origin(request: HttpRequest) -> str:
    """Return the Origin header, lower case; empty where there is none, as from a server."""
    return str(request.META.get("HTTP_ORIGIN", "")).lower()


def is_welcome(request: HttpRequest, form: FormDefinition) -> bool:
    """Say whether the origin may post: our own, one of the form's, or none at all."""
    origin = get_origin(request)
    own = (f"{request.scheme}://{request.get_host()}".lower(), settings.PUBLIC_URL.lower())
    return not origin or origin in own or form.allows_origin(origin)


def describe_request(request: HttpRequest) -> dict[str, str]:
    """Return what is kept of a request beside its body."""
    meta = request.META
    described = {
        "address": get_address(request),
        "agent": meta.get("HTTP_USER_AGENT", ""),
        "origin": meta.get("HTTP_ORIGIN", ""),
        "referrer": meta.get("HTTP_REFERER", ""),
        "query": meta.get("QUERY_STRING", ""),
    }
    return {name: _clean(str(value)) for name, value in described.items() if value}


def _clean(value: str) -> str:
    return value[:LONGEST_HEADER].replace("\x00", "").encode("utf-8", "replace").decode()
