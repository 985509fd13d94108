"""Correcting a person on the lead's page."""

from django.test import Client

from capture.imports.fields import guess_fields
from capture.models import Form
from leadhub.accounts.models import Membership
from leadhub.leads.models import Identity, Lead, Person
from leadhub.lib.clock import utc_now
from leadhub.tenancy.models import Organization
from tests.desk.leads import add_inquiry, make_lead
from tests.desk.test_exports import read_export
from tests.personas import ClientOf


def test_the_owner_and_marketing_correct_them_others_do_not(
    in_scope: Organization, client_of: ClientOf, ria: Membership, raj: Membership, max_: Membership
) -> None:
    lead = make_lead(owner=ria, now=utc_now())
    for member, name in ((ria, "Anna"), (max_, "Annika")):
        answer = client_of(member).post(f"/leads/{lead.pk}/details/", {"first_name": name, "phone": "+12065550177"})
        assert answer.status_code == 302
        assert Person.objects.get(pk=lead.person_id).first_name == name
    assert client_of(raj).post(f"/leads/{lead.pk}/details/", {"first_name": "X"}).status_code == 403
    page = client_of(ria).get(f"/leads/{lead.pk}/").content.decode()
    assert "Details changed: First name Anna → Annika" in page
    assert 'value="+12065550177"' in page


def test_what_they_say_is_noted_on_their_page_and_sequences_heed_it(
    in_scope: Organization, client_of: ClientOf, ria: Membership, raj: Membership
) -> None:
    lead = make_lead(owner=ria, now=utc_now())
    Identity.objects.create(person=lead.person, kind="email", value=lead.person.email_norm, created_at=utc_now())
    url, browser = f"/leads/{lead.pk}/consents/", client_of(ria)
    assert "Nobody has asked them yet." in browser.get(f"/leads/{lead.pk}/").content.decode()
    no_mail = {"purpose": "email", "answer": "withdrawn", "way": "phone", "words": "No more"}
    assert client_of(raj).post(url, no_mail).status_code == 403

    page = browser.post(url, no_mail, follow=True).content.decode()
    for shown in (
        "Noted: they get no more mail.",
        "Consent: e-mail",
        "By phone, to Ria: “No more”",
        "Consent to “e-mail” withdrawn, by phone",
        "No sequence writes to them",
    ):
        assert shown in page
    page = browser.post(url, {**no_mail, "answer": "given"}, follow=True).content.decode()
    assert "They are on the suppression list all the same" in page


def test_a_no_to_mail_of_somebody_without_an_address_is_shown_once_there_is_one(
    in_scope: Organization, client_of: ClientOf, ria: Membership
) -> None:
    lead = make_lead(owner=ria, now=utc_now())
    said = {"purpose": "email", "answer": "withdrawn", "way": "phone"}
    browser = client_of(ria)
    page = browser.post(f"/leads/{lead.pk}/consents/", said, follow=True).content.decode()
    assert "Noted: no address of theirs is known, and one that comes later gets no mail either." in page
    assert "Noted: they get no more mail." not in page
    names = {"first_name": "Pat", "last_name": "Doe", "email": "pat@new.example"}
    page = browser.post(f"/leads/{lead.pk}/details/", names, follow=True).content.decode()
    assert "No sequence writes to them" in page
    assert "They asked for it as pat@new.example" in page


def test_what_they_say_without_how_is_refused_with_what_was_chosen(
    in_scope: Organization, client_of: ClientOf, ria: Membership
) -> None:
    lead = make_lead(owner=ria, now=utc_now())
    said = {"purpose": "letter", "answer": "withdrawn", "way": "", "words": "No more"}
    answer = client_of(ria).post(f"/leads/{lead.pk}/consents/", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="consent" open' in page
    assert '<option value="letter" selected>Letter</option>' in page
    assert 'value="No more"' in page


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(
    in_scope: Organization, client_of: ClientOf, ria: Membership
) -> None:
    browser: Client = client_of(ria)
    lead: Lead = make_lead(owner=ria, now=utc_now())
    answer = browser.post(f"/leads/{lead.pk}/details/", {"first_name": "Anna", "email": "anna at home"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This is not an e-mail address." in page
    assert 'value="anna at home"' in page


def test_the_address_stands_on_page_and_preview_and_is_corrected(
    in_scope: Organization, client_of: ClientOf, ria: Membership
) -> None:
    lead, browser = make_lead(owner=ria, now=utc_now()), client_of(ria)
    add_inquiry(lead, arrived_at=utc_now(), fields={"zip": "60201", "city": "Wilmette", "floors": "2"})
    home = {"street": "12 Elm <b> Street", "postal_code": "60201", "city": "Evanston", "region": "IL"}
    assert browser.post(f"/leads/{lead.pk}/details/", {**home, "country": "usa"}).status_code == 302
    page = browser.get(f"/leads/{lead.pk}/").content.decode()
    assert "<dd>12 Elm &lt;b&gt; Street<br>Evanston, IL 60201<br>United States</dd>" in page
    assert "<dt>Zip</dt>" not in page  # said by the address
    assert "<dd>Wilmette</dd>" in page  # said otherwise
    assert 'name="country" value="United States"' in page
    preview = browser.get(f"/queue/?lead={lead.pk}").content.decode()
    for shown in (page, preview):  # at the head, in one line
        assert "<dd>12 Elm &lt;b&gt; Street, Evanston, IL 60201, United States</dd>" in shown


def test_an_answer_by_a_name_of_the_form_s_own_is_shown_once(
    in_scope: Organization, client_of: ClientOf, ria: Membership
) -> None:
    asked = [{"name": "wo", "label": "Wo?", "kind": "city", "required": False, "options": []}]
    form = Form.objects.create(name="Anfrage", key="anfrage", fields=asked, created_at=utc_now())
    lead, browser = make_lead(owner=ria, now=utc_now()), client_of(ria)
    add_inquiry(lead, arrived_at=utc_now(), fields={"wo": "Evanston", "depot": "Evanston"}, form_id=form.pk)
    Person.objects.filter(pk=lead.person_id).update(city="Evanston")
    page = browser.get(f"/leads/{lead.pk}/").content.decode()
    assert "<dt>Wo</dt>" not in page  # said by the address
    assert "<dt>Depot</dt>" in page  # another question
    Person.objects.filter(pk=lead.person_id).update(city="Chicago")
    assert "<dt>Wo</dt>" in browser.get(f"/leads/{lead.pk}/").content.decode()


def test_a_lead_entered_by_hand_has_its_address_and_the_file_too(client_of: ClientOf, ria: Membership) -> None:
    browser = client_of(ria)
    home = {"street": "12 Elm Street", "postal_code": "60201", "city": "Evanston", "region": "IL"}
    typed = {"email": "lea@gmail.com", **home, "country": "united states"}
    assert browser.post("/leads/new/", typed).status_code == 302
    assert read_export(browser, "/leads/export/?postal_code=606") == []
    rows = read_export(browser, "/leads/export/?postal_code=602")
    columns = ("Street", "Postal code", "City", "Region", "Country")
    assert [rows[0][name] for name in columns] == [*home.values(), "US"]
    guessed = guess_fields(list(rows[0]))
    assert {"street", "postal_code", "city", "region", "country"} < set(guessed)
