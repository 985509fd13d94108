"""Every URL of the product and what it asks for, found by introspection. The permission page and its tests read it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from leadhub.api.access import ScopedView


class Kind(StrEnum):
    """Who stands at the door of a URL."""

    PAGE = "page"
    API = "api"
    PUBLIC = "public"
    LOGIN = "log-in"
    UNGUARDED = "unguarded"


@dataclass(frozen=True, kw_only=True)
class Place:
    """One URL: `asks` is permission by method; `key_scopes` is what an API key needs besides, by method."""

    route: str
    name: str
    kind: Kind
    asks: dict[str, str]
    key_scopes: dict[str, str]


def list_places() -> list[Place]:
    """Return every URL in the order in which they are tried."""
    return [_describe(route, pattern) for route, pattern in _walk(get_resolver(), "")]


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        else:
            yield route, pattern


def _describe(route: str, pattern: URLPattern) -> Place:
    kind, asks, key_scopes = _read(pattern.callback)
    return Place(route=f"/{route}", name=pattern.name or "", kind=kind, asks=asks, key_scopes=key_scopes)


def _read(view: Callable[..., Any]) -> tuple[Kind, dict[str, str], dict[str, str]]:
    view_class = getattr(view, "view_class", None)
    if isinstance(view_class, type) and issubclass(view_class, ScopedView):
        needs = view_class.needs.items()
        return Kind.API, {method: need[1] for method, need in needs}, {method: need[0] for method, need in needs}
    if view.__module__.startswith("allauth."):
        return Kind.LOGIN, {}, {}
    if not hasattr(view, "permission"):
        return Kind.UNGUARDED, {}, {}
    methods = read_methods(view)
    if view.permission is None:
        return Kind.PUBLIC, dict.fromkeys(methods, ""), {}
    asks = {method: view.post_permission if method == "POST" else view.permission for method in methods}  # type: ignore[attr-defined]
    return Kind.PAGE, asks, {}


def read_methods(view: Any) -> list[str]:
    """Return the methods that Django's `require_…` decorators let through; empty where there is none."""
    while view is not None:
        if hasattr(view, "__code__"):
            held = dict(zip(view.__code__.co_freevars, view.__closure__ or (), strict=True))
            if "request_method_list" in held:
                return [method for method in held["request_method_list"].cell_contents if method != "HEAD"]
        view = getattr(view, "__wrapped__", None)
    return []
