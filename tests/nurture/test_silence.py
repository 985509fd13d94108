"""Who asked to be left alone gets no sequence under any address of theirs; a mailbox that is gone silences itself."""

from datetime import timedelta

import pytest
from django.core import mail

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.delivery.models import Delivery
from leadhub.leads.consent import find_silence, is_suppressed, list_covered, suppress
from leadhub.leads.consenting import Said, note_consent
from leadhub.leads.merge import merge_people, part_people
from leadhub.leads.models import Identity, Lead, Person, Suppression
from leadhub.leads.suppressions import lift_suppression, suppress_addresses
from leadhub.tenancy.scope import get_organization_id
from leadhub.work.runner import run_due
from nurture.enrolling import NotEnrollable, enroll_lead
from nurture.links import Link
from nurture.models import Enrollment, Message
from nurture.unsubscribing import unsubscribe
from tests.answers import read
from tests.contracts.rows import build_row
from tests.nurture.programmes import AGAIN, HELLO, THREE_DAYS, make_new_lead, make_sequence, put_in
from tests.personas import NOW, ClientOf

pytestmark = pytest.mark.usefixtures("sends_freely")
OLD, NEW = "pat@patdoe.example", "pat@new.example"


def add_address(person: Person, address: str) -> None:
    Identity.objects.create(person=person, kind=Identity.Kind.EMAIL, value=address, created_at=NOW)


@pytest.fixture
def lead(ada: Membership) -> Lead:
    """Pat, who unsubscribed under the old address and writes from a new one since."""
    lead = make_new_lead(ada)
    add_address(lead.person, OLD)
    enrollment = put_in(make_sequence(HELLO, name="First"), lead, actor=ada)
    message = Message.objects.get(enrollment=enrollment)
    unsubscribe(link=Link(organization_id=get_organization_id(), message_id=message.pk), now=NOW)
    add_address(lead.person, NEW)
    Person.objects.filter(pk=lead.person_id).update(email=NEW, email_norm=NEW)
    mail.outbox.clear()
    lead.person.refresh_from_db()
    return lead


def test_no_sequence_takes_them_under_another_address(lead: Lead, ada: Membership) -> None:
    assert (is_suppressed(OLD), is_suppressed(NEW)) == (True, False)
    with pytest.raises(NotEnrollable, match=f"asked not to be mailed, as {OLD}"):
        enroll_lead(sequence=make_sequence(AGAIN), lead=lead, actor=ada, now=NOW)


def test_a_mail_that_waits_never_leaves(ada: Membership) -> None:
    lead = make_new_lead(ada)
    add_address(lead.person, OLD)
    enrollment = put_in(make_sequence(THREE_DAYS, AGAIN), lead, actor=ada)
    add_address(lead.person, NEW)
    suppress(email=NEW, reason="Unsubscribed", now=NOW, covers_person=True)
    run_due(now=NOW + timedelta(days=3))
    enrollment.refresh_from_db()
    assert enrollment.why_here == f"Asked not to be mailed, as {NEW}"
    assert mail.outbox == []


def test_who_says_so_to_a_colleague_leaves_and_stays_out(ada: Membership) -> None:
    lead = make_new_lead(ada)
    add_address(lead.person, OLD)
    enrollment = put_in(make_sequence(THREE_DAYS, AGAIN), lead, actor=ada)
    said = Said(purpose="newsletter", is_given=False, way="phone")
    note_consent(lead=lead, said=said, actor=ada, now=NOW)
    run_due(now=NOW)
    enrollment.refresh_from_db()
    assert (enrollment.state, enrollment.why_here) == ("exited", "Asked not to be mailed")
    with pytest.raises(NotEnrollable, match="asked not to be mailed"):
        enroll_lead(sequence=make_sequence(HELLO, name="Other"), lead=lead, actor=ada, now=NOW)
    run_due(now=NOW + timedelta(days=3))
    assert mail.outbox == []


def test_the_sender_asks_once_more(ada: Membership) -> None:
    lead = make_new_lead(ada)
    add_address(lead.person, OLD)
    add_address(lead.person, NEW)
    enroll_lead(sequence=make_sequence(HELLO), lead=lead, actor=ada, now=NOW)
    suppress(email=NEW, reason="Unsubscribed", now=NOW, covers_person=True)
    run_due(now=NOW)
    assert mail.outbox == []
    assert not Delivery.objects.filter(state="sent").exists()


def test_what_befell_an_address_silences_no_other(ada: Membership) -> None:
    lead = make_new_lead(ada)
    add_address(lead.person, OLD)
    add_address(lead.person, NEW)
    suppress(email=NEW, reason="Mail came back", now=NOW)
    put_in(make_sequence(HELLO), lead, actor=ada)
    assert [message.to for message in mail.outbox] == [[OLD]]


def test_merging_brings_the_silence_and_parting_takes_it_away(lead: Lead, ada: Membership) -> None:
    twin = build_row(Person)
    assert isinstance(twin, Person)
    Lead.objects.filter(pk=lead.pk).update(stage="disqualified", disposition="no_fit")
    merge = merge_people(kept=twin, absorbed=lead.person, actor=ada, now=NOW)
    assert list_covered([twin.pk]) == {twin.pk: OLD}
    part_people(merge=merge, actor=ada, now=NOW)
    assert list_covered([twin.pk, lead.person_id]) == {lead.person_id: OLD}


def test_lifting_one_address_lets_sequences_write_again(lead: Lead, ada: Membership) -> None:
    suppress(email=NEW, reason="Unsubscribed", now=NOW, covers_person=True)
    row = Suppression.objects.get(email_norm=NEW)
    lift_suppression(suppression_id=row.pk, reason="Asked again", actor=ada, now=NOW)
    assert (is_suppressed(OLD), is_suppressed(NEW), list_covered([lead.person_id])) == (True, False, {})
    put_in(make_sequence(AGAIN), lead, actor=ada)
    assert [message.to for message in mail.outbox] == [[NEW]]
    assert Enrollment.objects.filter(lead=lead).count() == 2


def test_the_lead_page_and_the_list_say_so(lead: Lead, ada: Membership, client_of: ClientOf) -> None:
    client = client_of(ada)
    page = read(client.get(f"/leads/{lead.pk}/"))
    assert "No sequence writes to them" in page
    assert f"They asked for it as {OLD}" in page
    assert "The address, and every sequence for Pat Doe" in read(client.get("/sequences/suppressions/"))
    Suppression.objects.all().delete()
    suppress_addresses(text=NEW, reason="Bounced", actor=ada, now=NOW, covers_person=False)
    silence = find_silence(lead.person)
    assert silence is not None
    assert (silence.email_norm, silence.covers_person) == (NEW, False)
    assert "This address gets no mail" in read(client.get(f"/leads/{lead.pk}/"))


def test_that_a_known_address_covers_its_person_from_now_on_is_audited(ada: Membership) -> None:
    for covers_person in (False, True, True):
        suppress_addresses(text=OLD, reason="Said so", actor=ada, now=NOW, covers_person=covers_person)
    told = AuditEntry.objects.filter(action="suppression.added").order_by("id").values_list("after", flat=True)
    assert [after["covers_person"] for after in told] == [False, True]
