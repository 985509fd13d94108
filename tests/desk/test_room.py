"""Whether the reps have room for what a new bar would send them; and the lists behind its numbers."""

from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.tenancy.scope import scope
from routing.models import Pool, PoolMember
from tests.factories import LeadFactory
from tests.personas import ClientOf


def test_the_room_is_what_the_takers_of_turns_have_left(ada: Membership, ria: Membership, client_of: ClientOf) -> None:
    with scope(ada.organization_id):
        PoolMember.objects.all().delete()
        PoolMember.objects.create(pool=Pool.objects.get(), member=ria, capacity=10)
        LeadFactory(owner=ria)
    page = client_of(ria).get(reverse("room"), {"weekly": "4.5"}).content.decode()
    assert "9 more open leads" in page
    assert "fill it in 2.0 weeks" in page


def test_without_a_limit_nothing_fills_up(ada: Membership, client_of: ClientOf) -> None:
    assert "nothing fills up" in client_of(ada).get(reverse("room"), {"weekly": "nan"}).content.decode()


def test_who_comes_in_has_a_page_of_its_own(ada: Membership, client_of: ClientOf) -> None:
    client = client_of(ada)
    answer = client.get(reverse("score_crossings", args=["leaving"]), {"fit_bar": "1", "page": "x"})
    assert (answer.status_code, answer.context["leads"]) == (200, [])
    assert client.get(reverse("score_crossings", args=["nowhere"])).status_code == 404
    assert client.get(reverse("score_crossings", args=["entering"]), {"version": "7"}).status_code == 404
