"""What a person told somebody, noted over the API: by whom, for whose leads, and what is refused."""

from collections.abc import Callable

from leadhub.accounts.models import Membership
from leadhub.leads.models import Event, EventKind, Suppression
from leadhub.tenancy.scope import scope
from tests.api.conftest import Caller
from tests.desk.leads import make_lead
from tests.personas import NOW

CallerOf = Callable[..., Caller]
NO_MAIL = {"purpose": "email", "answer": "withdrawn", "way": "phone", "words": "No more, please."}


def test_the_owner_and_marketing_note_it_others_do_not(
    caller_of: CallerOf, ria: Membership, raj: Membership, max_: Membership, eve: Membership
) -> None:
    with scope(ria.organization_id):
        lead = make_lead(owner=ria, now=NOW)
    url = f"leads/{lead.pk}/consents/"
    assert caller_of(raj).post(url, NO_MAIL).status_code == 403
    assert caller_of(eve).post(url, NO_MAIL).status_code == 404
    answer = caller_of(ria).post(url, NO_MAIL)
    assert (answer.status_code, answer.json()["id"]) == (200, str(lead.person_id))
    assert answer.json()["consent"]["email"]["source"] == "By phone, to Ria: “No more, please.”"
    assert caller_of(max_).post(url, {"purpose": "sms", "answer": "given", "way": "mail"}).status_code == 200
    with scope(ria.organization_id):
        assert Event.objects.get(kind=EventKind.UNSUBSCRIBED).actor == ria


def test_what_is_unclear_is_named_and_changes_nothing(caller_of: CallerOf, ria: Membership) -> None:
    with scope(ria.organization_id):
        lead = make_lead(owner=ria, now=NOW)
    for wrong, field in (({"answer": ""}, "answer"), ({"way": "dream"}, "way"), ({"purpose": "e mail"}, "purpose")):
        answer = caller_of(ria).post(f"leads/{lead.pk}/consents/", {**NO_MAIL, **wrong})
        assert answer.status_code in {400, 422}
        assert field in answer.content.decode()
    with scope(ria.organization_id):
        assert not Suppression.objects.exists()
