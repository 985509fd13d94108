"""Large posts come a few at a time, so that senders who dawdle leave threads for everybody else."""

import json

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from leadhub.web.large_posts import PASSED_ON_WHOLE_BYTES, FewLargePosts, read_length


def post(path: str, length: int) -> HttpRequest:
    """A post that says how long it is; nobody reads it here."""
    request = RequestFactory().post(path)
    request.META["CONTENT_LENGTH"] = str(length)
    return request


def test_one_too_many_is_told_to_come_back_and_the_rest_goes_on(settings: Settings) -> None:
    settings.UPLOADS_AT_ONCE = 1
    large = PASSED_ON_WHOLE_BYTES + 1
    answers: list[HttpResponse] = []

    def while_one_is_taken_in(request: HttpRequest) -> HttpResponse:
        if request.path == "/imports/":
            answers.extend(
                posts(post(*other)) for other in [("/f/x", large - 1), ("/f/y", large), ("/api/v1/x/", large)]
            )
        return HttpResponse(request.path)

    posts = FewLargePosts(while_one_is_taken_in)
    assert posts(post("/imports/", large)).content == b"/imports/"
    small, page, problem = answers
    assert small.content == b"/f/x"
    assert (page.status_code, page["Retry-After"]) == (503, "30")
    assert "Too many uploads at once" in page.content.decode()
    assert (problem.status_code, json.loads(problem.content)["status"]) == (503, 503)
    assert posts(post("/f/y", large)).content == b"/f/y"


def test_a_place_is_free_again_after_a_failure(settings: Settings) -> None:
    settings.UPLOADS_AT_ONCE = 1

    def fail(_request: HttpRequest) -> HttpResponse:
        raise ConnectionError

    posts = FewLargePosts(fail)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            posts(post("/imports/", PASSED_ON_WHOLE_BYTES + 1))


@pytest.mark.parametrize(("said", "length"), [("12", 12), ("", 0), ("-1", 0), ("many", 0)])
def test_the_length_is_what_the_sender_says(said: str, length: int) -> None:
    request = RequestFactory().get("/")
    request.META["CONTENT_LENGTH"] = said
    assert read_length(request) == length
