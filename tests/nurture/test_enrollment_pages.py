"""The people of a sequence on its pages: behind each number, where they are and why, and taken out by whom."""

from django.urls import reverse

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.tenancy.scope import scope
from nurture.models import Enrollment, MailHit, Message, Sequence
from nurture.steps import list_steps
from tests.answers import read
from tests.nurture.programmes import AGAIN, HELLO, make_new_lead, make_sequence, put_in, set_rules
from tests.personas import NOW, ClientOf


def test_people_are_listed_behind_each_number_with_why_they_are_there(
    client_of: ClientOf, max_: Membership, ria: Membership, sequence: Sequence
) -> None:
    with scope(max_.organization_id):
        enrollment = put_in(sequence, make_new_lead(ria, name="Grace Hopper"), actor=max_)
        wait = list_steps(sequence=sequence)[1]
    client = client_of(max_)
    url = reverse("enrollment_list", args=[sequence.pk])

    assert "Waits until Sat 7 Mar, 15:00 UTC" in read(client.get(url, {"number": "waiting", "step": str(wait.pk)}))
    assert "Nobody like that" in read(client.get(url, {"number": "clicked"}))
    page = read(client.get(reverse("enrollment_detail", args=[enrollment.pk])))
    assert page.index("Enrolled by Max") < page.index("Mail written") < page.index("Still to come")


def test_a_rep_takes_out_their_own_lead_and_no_other(
    client_of: ClientOf, max_: Membership, ria: Membership, raj: Membership, sequence: Sequence
) -> None:
    with scope(max_.organization_id):
        enrollment = put_in(sequence, make_new_lead(ria), actor=max_)
    url = reverse("enrollment_stop", args=[enrollment.pk])

    assert client_of(raj).post(url).status_code == 403
    client_of(ria).post(url, {"reason": "Spoke to them"})

    with scope(max_.organization_id):
        stopped = Enrollment.objects.get(pk=enrollment.pk)
    assert (stopped.state, stopped.why_here) == ("stopped", "Stopped by Ria: Spoke to them")


def test_what_machines_asked_for_is_folded_away(
    client_of: ClientOf, max_: Membership, ria: Membership, sequence: Sequence
) -> None:
    with scope(max_.organization_id):
        enrollment = put_in(sequence, make_new_lead(ria), actor=max_)
        message = Message.objects.get(enrollment=enrollment)
        MailHit.objects.create(message=message, kind="opened", at=NOW, machine_reason="A mail scanner")
        MailHit.objects.create(message=message, kind="opened", at=NOW)

    page = read(client_of(max_).get(reverse("enrollment_detail", args=[enrollment.pk])))

    assert "1 hit of machines, not counted" in page
    assert "A mail scanner" in page


def test_a_number_of_mails_says_how_many_people_had_them(
    client_of: ClientOf, max_: Membership, ada: Membership
) -> None:
    with scope(max_.organization_id):
        set_rules()
        sequence = make_sequence(HELLO, AGAIN)
        put_in(sequence, make_new_lead(ada), actor=ada)

    page = read(client_of(max_).get(reverse("enrollment_list", args=[sequence.pk]), {"number": "sent"}))

    assert "2 mails to 1 person" in page


def test_the_people_are_a_file_by_the_same_filters(client_of: ClientOf, max_: Membership, ria: Membership) -> None:
    with scope(max_.organization_id):
        set_rules()
        sequence = make_sequence(HELLO)
        for name in ("Grace Hopper", "Pat Doe"):
            enrollment = put_in(sequence, make_new_lead(ria, name=name), actor=max_)
        Enrollment.objects.filter(pk=enrollment.pk).update(state="exited", why_here="Reached MQL")
    client = client_of(max_)
    url = reverse("enrollment_export", args=[sequence.pk])

    assert "Grace Hopper" in client.get(url).getvalue().decode()
    header, row = client.get(url, {"state": "exited"}).getvalue().decode().splitlines()
    assert row.startswith("Pat Doe,pat@patdoe.example,")
    assert len(client.get(url, {"q": "hopper"}).getvalue().decode().splitlines()) == 2
    assert "Nobody like that" in read(client.get(reverse("enrollment_list", args=[sequence.pk]), {"q": "nobody"}))
    assert (",Ria,Left," in row, "Reached MQL" in row, header.endswith("Lead")) == (True, True, True)
    with scope(max_.organization_id):
        assert AuditEntry.objects.filter(action="list.exported").count() == 3
