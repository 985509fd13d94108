"""What every page's shell needs."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the viewer for the templates."""
    return {"viewer": getattr(request, "viewer", None)}
