"""Personal mails over the API: from a template or in words of one's own, once per key, in the member's name."""

from collections.abc import Callable

import pytest

from leadhub.accounts.models import Membership
from leadhub.leads.consent import suppress
from leadhub.leads.models import Event, EventKind, Lead
from leadhub.tenancy.scope import scope
from nurture.mail_templates import TemplatePlan, create_template, remove_template
from nurture.models import MailTemplate
from tests.api.conftest import Caller
from tests.desk.leads import make_lead
from tests.personas import NOW

CallerOf = Callable[..., Caller]


@pytest.fixture
def lead(ria: Membership) -> Lead:
    with scope(ria.organization_id):
        return make_lead(owner=ria, now=NOW)


@pytest.fixture
def template(ria: Membership) -> MailTemplate:
    plan = TemplatePlan(name="Hello", subject="For {{ person.first_name }}", body="Yours, {{ sender.name }}")
    with scope(ria.organization_id):
        return create_template(plan=plan, actor=None, now=NOW)


def test_a_template_is_filled_in_and_a_retry_sends_nothing(
    caller_of: CallerOf, ria: Membership, lead: Lead, template: MailTemplate
) -> None:
    rep = caller_of(ria)
    [listed] = rep.get("mail-templates/").json()
    body = {"template": listed["id"], "text": "Words of my own", "dedupe_key": "crm-1"}

    first, again = (rep.post(f"leads/{lead.pk}/emails/", body) for _ in range(2))

    assert (first.status_code, first.json()["id"]) == (201, again.json()["id"])
    [sent] = rep.get(f"leads/{lead.pk}/emails/").json()["results"]
    assert (sent["subject"], sent["text"], sent["state"]) == ("For Pat", "Words of my own\n", "pending")
    with scope(ria.organization_id):
        assert Event.objects.get(lead=lead, kind=EventKind.MAIL_SENT).actor == ria


def test_a_retry_gets_its_first_mail_whatever_became_of_the_template(
    caller_of: CallerOf, ria: Membership, lead: Lead, template: MailTemplate
) -> None:
    body = {"template": str(template.pk), "dedupe_key": "crm-1"}
    first = caller_of(ria).post(f"leads/{lead.pk}/emails/", body).json()
    with scope(ria.organization_id):
        remove_template(template=template, actor=None, now=NOW)

    again = caller_of(ria).post(f"leads/{lead.pk}/emails/", body)
    other = caller_of(ria).post(f"leads/{lead.pk}/emails/", {**body, "text": "Other words"})

    assert (again.status_code, again.json()["id"]) == (201, first["id"])
    assert (other.status_code, "A mail with other words" in other.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"subject": "Hello"}, 422, "Write the mail."),
        ({"template": "0198c8e3-0000-7000-8000-000000000000"}, 400, "There is no such template."),
        ({"subject": "Hello", "text": "You"}, 422, "gets no mail: Asked"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    caller_of: CallerOf, ria: Membership, lead: Lead, body: dict[str, str], status: int, words: str
) -> None:
    with scope(ria.organization_id):
        if "text" in body:
            suppress(email=lead.person.email, reason="Asked", now=NOW)

    refused = caller_of(ria).post(f"leads/{lead.pk}/emails/", body)

    assert (refused.status_code, words in refused.content.decode()) == (status, True)


def test_a_rep_writes_to_their_own_leads(caller_of: CallerOf, raj: Membership, lead: Lead) -> None:
    assert caller_of(raj).post(f"leads/{lead.pk}/emails/", {"subject": "Hi", "text": "You"}).status_code == 403
