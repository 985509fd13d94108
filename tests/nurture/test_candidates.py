"""Who could enter: many at once get the answers that each gets alone."""

from typing import Any

from leadhub.accounts.models import Membership
from leadhub.leads.consent import suppress
from leadhub.leads.models import Lead, Person, Stage, Verdict
from nurture.candidates import sort_candidates
from nurture.enrolling import find_obstacle
from nurture.exits import stop_enrollment
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
