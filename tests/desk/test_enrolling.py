"""Leads into sequences from the desk: one on its page, many from the list, the effect shown before."""

from typing import Any

import pytest
from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.leads.models import Lead
from leadhub.tenancy.scope import scope
from nurture.models import Enrollment, Sequence
from tests.answers import read
from tests.nurture.programmes import HELLO, THREE_DAYS, make_new_lead, make_sequence, put_in, set_rules
from tests.personas import ClientOf


@pytest.fixture
def sequence(acme: Any) -> Sequence:
    """An active sequence."""
    with scope(acme.pk):
        set_rules()
        return make_sequence(HELLO, THREE_DAYS)


def count(member: Membership, **conditions: Any) -> int:
    with scope(member.organization_id):
        found: int = Enrollment.objects.filter(**conditions).count()
        return found


def test_a_rep_puts_in_and_stops_an_own_lead_on_its_page(
    client_of: ClientOf, ria: Membership, raj: Membership, sequence: Sequence
) -> None:
    with scope(ria.organization_id):
        lead = make_new_lead(ria)
    url, words = reverse("lead_enrollments", args=[lead.pk]), {"sequence": str(sequence.pk)}

    assert client_of(raj).post(url, words).status_code == 403
    client = client_of(ria)
    client.post(url, words)
    assert "Warm-up" in read(client.get(reverse("lead_detail", args=[lead.pk])))
    assert "Is in this sequence already." in read(client.post(url, words), 422)

    with scope(ria.organization_id):
        enrollment = Enrollment.objects.get(lead=lead)
    client.post(reverse("lead_enrollment_end", args=[lead.pk, enrollment.pk]))
    assert count(ria, state="stopped") == 1


def test_a_list_is_previewed_with_reasons_and_then_put_in(
    client_of: ClientOf, max_: Membership, ria: Membership, sequence: Sequence
) -> None:
    with scope(max_.organization_id):
        leads = [make_new_lead(ria, name=f"Lead{number} Doe") for number in range(4)]
        put_in(sequence, leads[0], actor=max_)
    client = client_of(max_)
    url = f"{reverse('lead_bulk_enrollment')}?stage=new"

    page = read(client.get(f"{url}&sequence={sequence.pk}"))
    assert "3 would enter" in page
    assert "Is in this sequence already." in page
    client.post(url, {"sequence": str(sequence.pk), "leave": [str(leads[3].pk)]})

    with scope(max_.organization_id):
        inside = Enrollment.objects.filter(state="active").values_list("lead__person__first_name", flat=True)
        assert sorted(inside) == ["Lead0", "Lead1", "Lead2"]


def test_a_rep_puts_in_only_their_own_from_the_list(
    client_of: ClientOf, ria: Membership, raj: Membership, sequence: Sequence
) -> None:
    with scope(ria.organization_id):
        make_new_lead(ria, name="Own Doe")
        make_new_lead(raj, name="Others Doe")

    client_of(ria).post(reverse("lead_bulk_enrollment"), {"sequence": str(sequence.pk)})

    assert count(ria, lead__owner=ria) == 1
    assert count(ria, lead__owner=raj) == 0


def test_a_wrong_filter_puts_in_nobody(
    client_of: ClientOf, max_: Membership, ria: Membership, sequence: Sequence
) -> None:
    with scope(max_.organization_id):
        make_new_lead(ria)

    client_of(max_).post(f"{reverse('lead_bulk_enrollment')}?stage=nonsense", {"sequence": str(sequence.pk)})

    assert count(max_) == 0


def test_without_a_running_sequence_the_page_says_what_to_do(client_of: ClientOf, max_: Membership) -> None:
    with scope(max_.organization_id):
        assert not Lead.objects.exists()
    assert "No sequence is on" in read(client_of(max_).get(reverse("lead_bulk_enrollment")))
