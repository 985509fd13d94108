"""What the shell tells a template, and what it costs."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from leadhub.accounts.models import Membership
from leadhub.web.context import Shell, shell
from leadhub.web.navigation import find_current_url, find_url, list_sections


def make_shell(member: Membership | None = None, path: str = "/queue/", theme: str = "") -> Shell:
    """Return the shell around a request."""
    request = RequestFactory().get(path)
    request.user = member.user if member else AnonymousUser()
    request.session = {}  # type: ignore[assignment]
    if theme:
        request.COOKIES["theme"] = theme
    return shell(request)["shell"]


def test_stranger_sees_no_map() -> None:
    around = make_shell()

    assert (around.viewer, around.sections, around.memberships) == (None, [], [])


@pytest.mark.parametrize(("cookie", "theme"), [("", "auto"), ("dark", "dark"), ('"><script>', "auto")])
def test_theme_is_one_of_three(cookie: str, theme: str) -> None:
    assert make_shell(theme=cookie).theme == theme


@pytest.mark.django_db
def test_unused_shell_costs_no_query(ria: Membership, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        make_shell(ria)


@pytest.mark.django_db
def test_frame_costs_two_queries(ria: Membership, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    around = make_shell(ria)
    with django_assert_num_queries(2):
        assert around.phone_links
        assert [membership.organization.name for membership in around.memberships] == ["Acme Siding"]


def test_current_link_is_the_longest_that_fits() -> None:
    urls = ["/", "/leads/", "/leads/new/"]

    assert find_current_url(urls, "/leads/new/") == "/leads/new/"
    assert find_current_url(urls, "/leads/123/") == "/leads/"
    assert find_current_url(urls, "/elsewhere/") == ""


def test_entries_need_permission_and_a_page() -> None:
    assert find_url("no_such_page") == ""
    links = [
        link for _, links in list_sections(may=lambda permission: permission == "home.view", path="/") for link in links
    ]
    assert [(link.label, link.is_current) for link in links] == [("Home", True)]
