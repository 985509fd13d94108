"""Views of the lead list under a name: own, shared, replaced, deleted by their owner only."""

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.models import SavedView
from leadhub.tenancy.scope import scope
from tests.personas import ClientOf

pytestmark = pytest.mark.django_db


def test_saved_shared_and_deleted(max_: Membership, ria: Membership, client_of: ClientOf) -> None:
    mine = {"name": "Google MQLs", "query": "stage=mql&source=google&sort=-value&page=3&nonsense=1"}
    client_of(max_).post("/leads/views/", mine)
    client_of(max_).post("/leads/views/", {"name": "For all", "query": "is_open=true", "is_shared": "on"})
    with scope(max_.organization_id):
        view = SavedView.objects.get(name="Google MQLs")
        assert view.query == "stage=mql&source=google&sort=-value"
    assert "Google MQLs" in client_of(max_).get("/leads/").content.decode()
    theirs = client_of(ria).get("/leads/").content.decode()
    assert "For all" in theirs
    assert "Google MQLs" not in theirs
    assert client_of(ria).post(f"/leads/views/{view.pk}/deletion/").status_code == 404
    client_of(max_).post(f"/leads/views/{view.pk}/deletion/")
    assert "Google MQLs" not in client_of(max_).get("/leads/").content.decode()


def test_whoever_sees_it_deletes_what_a_colleague_who_left_shared(
    max_: Membership, ria: Membership, client_of: ClientOf
) -> None:
    client_of(max_).post("/leads/views/", {"name": "For all", "query": "is_open=true", "is_shared": "on"})
    with scope(max_.organization_id):
        url = f"/leads/views/{SavedView.objects.get().pk}/deletion/"
    assert client_of(ria).post(url).status_code == 404
    Membership.objects.filter(pk=max_.pk).update(is_active=False)
    assert client_of(ria).post(url).status_code == 302
    with scope(ria.organization_id):
        assert not SavedView.objects.exists()


def test_the_same_name_replaces_and_no_name_is_told(max_: Membership, client_of: ClientOf) -> None:
    browser = client_of(max_)
    for stage in ("mql", "sql"):
        browser.post("/leads/views/", {"name": "Mine", "query": f"stage={stage}"})
    with scope(max_.organization_id):
        assert SavedView.objects.get().query == "stage=sql"
    assert "Give the view a name" in browser.post("/leads/views/", {"name": " "}, follow=True).content.decode()
