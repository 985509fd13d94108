"""The OpenAPI document says what callers get: pages where a list has pages, one shape of error, the key of a retry."""

from typing import Any

import pytest
from django.test import Client

from leadhub.api import urls
from leadhub.api.pagination import Cursor


@pytest.fixture
def document(db: None) -> dict[str, Any]:
    """The document as a program reads it."""
    found: dict[str, Any] = Client().get("/api/schema/?format=json").json()
    return found


def test_a_list_in_pages_says_so(document: dict[str, Any]) -> None:
    views = [(str(route.pattern), getattr(route.callback, "view_class", None)) for route in urls.urlpatterns]
    found = [(route, getattr(view, "pagination_class", None)) for route, view in views]
    paged = [(route, pages) for route, pages in found if pages]
    assert len(paged) == 14
    for route, pages in paged:
        assert issubclass(pages, Cursor)
        call = document["paths"][f"/api/{route}".replace("<uuid:pk>", "{id}")]["get"]
        shape = call["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        assert shape.rsplit("/", 1)[1].startswith("Paginated"), route
        assert {"cursor", "page_size"} <= {each["name"] for each in call["parameters"]}, route


def test_every_call_says_how_it_fails_and_every_post_its_key(document: dict[str, Any]) -> None:
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            assert list(call["responses"]["default"]["content"]) == ["application/problem+json"], path
            keyed = "Idempotency-Key" in [each["name"] for each in call.get("parameters", [])]
            assert keyed == (method == "post"), path
