"""Views of a list under a name: own, shared, replaced, deleted by their owner only, each on its own list."""

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.models import SavedView
from leadhub.tenancy.scope import scope
from tests.personas import ClientOf

pytestmark = pytest.mark.django_db


def test_saved_shared_and_deleted(max_: Membership, ria: Membership, client_of: ClientOf) -> None:
    mine = {"name": "Google MQLs", "query": "stage=mql&source=google&sort=-value&page=3&nonsense=1"}
    client_of(max_).post("/views/", mine)
    client_of(max_).post("/views/", {"name": "For all", "query": "is_open=true", "is_shared": "on"})
    with scope(max_.organization_id):
        view = SavedView.objects.get(name="Google MQLs")
        assert view.query == "stage=mql&source=google&sort=-value"
    assert "Google MQLs" in client_of(max_).get("/leads/").content.decode()
    theirs = client_of(ria).get("/leads/").content.decode()
    assert "For all" in theirs
    assert "Google MQLs" not in theirs
    assert client_of(ria).post(f"/views/{view.pk}/deletion/").status_code == 404
    client_of(max_).post(f"/views/{view.pk}/deletion/")
    assert "Google MQLs" not in client_of(max_).get("/leads/").content.decode()


def test_whoever_sees_it_deletes_what_a_colleague_who_left_shared(
    max_: Membership, ria: Membership, client_of: ClientOf
) -> None:
    client_of(max_).post("/views/", {"name": "For all", "query": "is_open=true", "is_shared": "on"})
    with scope(max_.organization_id):
        url = f"/views/{SavedView.objects.get().pk}/deletion/"
    assert client_of(ria).post(url).status_code == 404
    Membership.objects.filter(pk=max_.pk).update(is_active=False)
    assert client_of(ria).post(url).status_code == 302
    with scope(ria.organization_id):
        assert not SavedView.objects.exists()


def test_the_same_name_replaces_and_no_name_is_told(max_: Membership, client_of: ClientOf) -> None:
    browser = client_of(max_)
    for stage in ("mql", "sql"):
        browser.post("/views/", {"name": "Mine", "query": f"stage={stage}"})
    with scope(max_.organization_id):
        assert SavedView.objects.get().query == "stage=sql"
    for none in (" ", "\0"):
        assert "Give the view a name" in browser.post("/views/", {"name": none}, follow=True).content.decode()


def test_each_list_has_its_own_and_keeps_its_own_filters(
    max_: Membership, ria: Membership, client_of: ClientOf
) -> None:
    browser = client_of(max_)
    query = "verdict=pending&sort=-value&stage=mql&page=2"
    answer = browser.post(
        "/views/", {"list": "/inquiries/", "name": "Dear ones", "query": query, "is_shared": "on"}, follow=True
    )
    browser.post("/views/", {"name": "Dear ones", "query": query + "&intent=hot&days=7"})

    assert answer.redirect_chain[0][0] == f"/inquiries/?{query}"
    with scope(max_.organization_id):
        saved = dict(SavedView.objects.values_list("list_key", "query"))
        pk = SavedView.objects.get(list_key="inquiries").pk
    assert saved == {
        "inquiries": "verdict=pending&sort=-value",
        "leads": "verdict=pending&sort=-value&stage=mql&intent=hot",
    }
    assert 'href="/inquiries/?verdict=pending&amp;sort=-value"' in browser.get("/inquiries/").content.decode()
    assert "/inquiries/?verdict" not in browser.get("/leads/").content.decode()
    assert browser.post(f"/views/{pk}/deletion/").status_code == 404
    assert browser.post(f"/views/{pk}/deletion/", {"list": "/inquiries/"})["Location"] == "/inquiries/"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/inquiries/", 403),
        ("/members/", 404),
        ("//evil.example/leads/", 404),
        ("https://evil.example/leads/", 404),
        ("/leads/?stage=mql", 404),
        ("nonsense", 404),
    ],
)
def test_only_lists_that_the_role_sees_take_views(ria: Membership, client_of: ClientOf, path: str, status: int) -> None:
    answer = client_of(ria).post("/views/", {"list": path, "name": "Mine", "query": "sort=-value"})

    assert answer.status_code == status
    with scope(ria.organization_id):
        assert not SavedView.objects.exists()
