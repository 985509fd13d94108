"""Who could enter: many at once get the answers that each gets alone."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadhub.accounts.models import Membership
from leadhub.leads.consent import suppress
from leadhub.leads.models import Lead, Person, Stage, Verdict
from nurture.candidates import sort_candidates
from nurture.enrolling import enroll_leads, find_obstacle
from nurture.exits import stop_enrollment
from nurture.models import Enrollment, Sequence
from nurture.steps import remove_step
from tests.nurture.programmes import HELLO, THREE_DAYS, make_new_lead, make_sequence, put_in, set_rules
from tests.personas import NOW

TEXAN = {"all": [{"field": "person.region", "op": "is", "value": "TX"}]}


def test_many_leads_get_the_answers_that_each_gets_alone(in_scope: object, ada: Membership, ria: Membership) -> None:
    set_rules()
    sequence = make_sequence(HELLO, THREE_DAYS, exit_condition=TEXAN)
    names = ["Fine", "Inside", "Been", "Mute", "Listed", "Silent", "Vendor", "Sold", "Gone", "Texan"]
    leads = {name: make_new_lead(ria, name=f"{name} Doe") for name in names}
    put_in(sequence, leads["Inside"], actor=ada)
    stop_enrollment(enrollment=put_in(sequence, leads["Been"], actor=ada), actor=ada, now=NOW)
    of_person: dict[str, dict[str, Any]] = {
        "Mute": {"email": "", "email_norm": ""},
        "Silent": {"do_not_contact": True},
        "Texan": {"region": "TX"},
    }
    of_lead: dict[str, dict[str, Any]] = {
        "Vendor": {"verdict": Verdict.NOT_A_LEAD, "verdict_at": NOW},
        "Sold": {"stage": Stage.CUSTOMER, "customer_at": NOW},
        "Gone": {"stage": Stage.DISQUALIFIED, "disposition": "no_fit"},
    }
    for name, values in of_person.items():
        Person.objects.filter(pk=leads[name].person_id).update(**values)
    for name, values in of_lead.items():
        Lead.objects.filter(pk=leads[name].pk).update(**values)
    suppress(email=leads["Listed"].person.email, reason="Asked", now=NOW)
    read = list(
        type(leads["Fine"]).objects.filter(pk__in=[each.pk for each in leads.values()]).select_related("person")
    )

    candidates = sort_candidates(sequence=sequence, leads=read, now=NOW)

    answers = {lead.pk: reason for lead, reason in candidates.refused} | {lead.pk: "" for lead in candidates.entering}
    alone = {lead.pk: find_obstacle(sequence=sequence, lead=lead, now=NOW) for lead in read}
    assert answers == alone
    assert [lead.person.first_name for lead in candidates.entering] == ["Fine"]
    assert sum(count for _, count in candidates.reasons) == len(names) - 1


def test_more_leads_take_no_more_statements(in_scope: object, ada: Membership, ria: Membership) -> None:
    set_rules()
    counts = []
    for size in (1, 6):
        sequence = make_sequence(THREE_DAYS, HELLO, name=f"For {size}")
        leads = [make_new_lead(ria, name=f"Lead{number} Of{size}") for number in range(size)]
        with CaptureQueriesContext(connection) as queries:
            tally = enroll_leads(sequence=sequence, lead_ids=[lead.pk for lead in leads], actor=ada, now=NOW)
        counts.append(len(queries))
        assert set(tally.enrolled) == {lead.pk for lead in leads}

    assert counts[0] == counts[1]
    waiting = Enrollment.objects.filter(sequence__name="For 6", step__kind="wait", next_due_at__gt=NOW)
    assert waiting.count() == 6


def test_a_running_sequence_whose_steps_were_all_removed_takes_nobody(
    in_scope: object, ada: Membership, ria: Membership
) -> None:
    set_rules()
    sequence = make_sequence(THREE_DAYS)
    remove_step(step=sequence.steps.select_related("sequence").get(), actor=ada, now=NOW)
    lead, emptied = make_new_lead(ria), Sequence.objects.get(pk=sequence.pk)

    assert find_obstacle(sequence=emptied, lead=lead, now=NOW) == "The sequence has no step."
    tally = enroll_leads(sequence=sequence, lead_ids=[lead.pk], actor=ada, now=NOW)
    assert tally.refused == {"The sequence has no step.": 1}
