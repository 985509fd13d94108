"""The sequences' pages: written by marketing, read by everybody, mistakes at their fields, effects shown before."""

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from leadhub.accounts.models import AuditEntry, Membership
from leadhub.leads.conditions.uses import find_uses
from leadhub.tenancy.scope import scope
from nurture.models import Sequence, Step
from nurture.settings import read_settings
from nurture.steps import StepPlan, list_steps
from tests.answers import read
from tests.nurture.programmes import HELLO, THREE_DAYS, make_new_lead, make_sequence, put_in
from tests.personas import ClientOf

NO_CONDITION = {"condition.size": "0", "condition.kind": "all"}
RULES: dict[str, Any] = {
    "name": "Warm-up",
    "entry.size": "0",
    "entry.kind": "all",
    "exit.size": "0",
    "exit.kind": "any",
}


def test_everybody_reads_and_only_marketing_writes(
    client_of: ClientOf, ria: Membership, max_: Membership, sequence: Sequence
) -> None:
    rep = client_of(ria)
    page = read(rep.get(reverse("sequence_detail", args=[sequence.pk])))

    assert "Wait 3 days" in page
    assert "Hello [first name]" in page
    assert "Pause" not in page
    assert reverse("sequence_rules", args=[sequence.pk]) not in page  # what they may not open is not offered
    assert rep.post(reverse("sequence_state", args=[sequence.pk]), {"do": "pause"}).status_code == 403
    assert rep.get(reverse("step_new", args=[sequence.pk])).status_code == 403
    assert "Pause" in read(client_of(max_).get(reverse("sequence_detail", args=[sequence.pk])))


def test_a_starter_becomes_a_draft_with_its_steps_under_a_free_name(client_of: ClientOf, max_: Membership) -> None:
    client = client_of(max_)
    for _ in range(2):
        client.post(reverse("sequence_list"), {"starter": "download"})

    with scope(max_.organization_id):
        names = list(Sequence.objects.filter(name__startswith="After a download").values_list("name", flat=True))
        assert sorted(names) == ["After a download", "After a download 2"]
        draft = Sequence.objects.get(name="After a download")
        assert [step.kind for step in list_steps(sequence=draft)] == ["mail", "wait", "mail", "wait", "task"]
        added = AuditEntry.objects.get(target_id=draft.pk, summary__endswith=": 5 steps added")
        assert (added.actor, added.after["step 2"]["wait_days"]) == (max_, 3)


def test_a_mail_is_added_where_it_was_asked_for(client_of: ClientOf, max_: Membership, sequence: Sequence) -> None:
    url = reverse("step_new", args=[sequence.pk]) + "?kind=mail&at=1"
    words = {"subject": "Second", "body": "Hello {{ person.first_name }}", **NO_CONDITION}

    assert client_of(max_).post(url, words).status_code == 302

    with scope(max_.organization_id):
        assert [step.subject for step in list_steps(sequence=sequence)][:2] == [
            "Hello {{ person.first_name }}",
            "Second",
        ]


@pytest.mark.parametrize(
    ("kind", "words", "mistake"),
    [
        ("mail", {"subject": "Hi", "body": "Hello {{ person.first_name"}, "cannot be read"),
        ("mail", {"subject": "{% if %}", "body": "Hello"}, "cannot be read"),
        ("mail", {"subject": "", "body": "Hello"}, "This field is required."),
        ("wait", {"wait_days": "0", "wait_hours": "0"}, "Say how long to wait"),
        ("wait", {"wait_days": "9999", "wait_hours": "0"}, "Enter 0 to 730 days."),
        ("task", {"task_kind": "call", "task_title": "{{ x", "task_due_hours": "4"}, "cannot be read"),
    ],
)
def test_a_mistake_stands_at_its_field(
    client_of: ClientOf, max_: Membership, sequence: Sequence, kind: str, words: dict[str, str], mistake: str
) -> None:
    url = reverse("step_new", args=[sequence.pk]) + f"?kind={kind}"

    page = read(client_of(max_).post(url, {**words, **NO_CONDITION}), 422)

    assert mistake in page[page.index("lh-field-error") :]
    with scope(max_.organization_id):
        assert Step.objects.filter(sequence=sequence).count() == 4


def test_the_preview_shows_a_real_lead_and_saves_nothing(
    client_of: ClientOf, max_: Membership, ria: Membership, sequence: Sequence
) -> None:
    with scope(max_.organization_id):
        make_new_lead(ria, name="Grace Hopper")
        alan = make_new_lead(ria, name="Alan Turing")
        step = Step.objects.get(sequence=sequence, position=0)
    client = client_of(max_)
    url = reverse("step_detail", args=[sequence.pk, step.pk])
    typed = {"subject": "For {{ person.name }}", "body": "Hello", "preview": "1", **NO_CONDITION}

    fragment = read(client.post(url, {**typed, "lead": str(alan.pk)}, headers={"HX-Target": "preview"}))
    found = read(client.post(url, {**typed, "who": "grace"}, headers={"HX-Target": "preview"}))
    broken = read(client.post(url, {**typed, "body": "{{ oops"}, headers={"HX-Target": "preview"}))

    slip = read(client.post(url, {**typed, "body": "Hi {{ person.fist_name }}"}, headers={"HX-Target": "preview"}))

    assert "<code>person.fist_name</code>" in slip
    assert "Stays empty for everybody" not in fragment
    assert "For Alan Turing" in fragment
    assert "<html" not in fragment
    assert "For Grace Hopper" in found
    assert "“Words” cannot be read" in broken
    with scope(max_.organization_id):
        assert Step.objects.get(pk=step.pk).subject == "Hello {{ person.first_name }}"


def test_a_condition_is_added_without_losing_what_was_typed(
    client_of: ClientOf, max_: Membership, sequence: Sequence
) -> None:
    url = reverse("step_new", args=[sequence.pk]) + "?kind=mail"
    typed = {"subject": "Half", "body": "written", **NO_CONDITION, "condition.do": "row:condition"}

    page = read(client_of(max_).post(url, typed))

    assert 'value="Half"' in page
    assert "condition-0.field" in page


def test_steps_are_moved_and_removed(client_of: ClientOf, max_: Membership, sequence: Sequence) -> None:
    client = client_of(max_)
    with scope(max_.organization_id):
        first, wait = list_steps(sequence=sequence)[:2]

    client.post(reverse("step_position", args=[sequence.pk, first.pk]), {"to": "1"})
    removal = reverse("step_removal", args=[sequence.pk, wait.pk])
    assert "Nobody waits at it." in read(client.post(removal))
    client.post(removal, {"confirmed": "1"})

    with scope(max_.organization_id):
        assert [step.kind for step in list_steps(sequence=sequence)] == ["mail", "mail", "task"]
        assert list_steps(sequence=sequence)[0].pk == first.pk


def test_rules_are_saved_and_an_empty_exit_condition_takes_nobody_out(
    client_of: ClientOf, max_: Membership, sequence: Sequence
) -> None:
    url = reverse("sequence_rules", args=[sequence.pk])
    posted = {**RULES, "entry_dispositions": ["cold"], "exit_events": ["mail_replied"], "allows_reentry": "on"}

    assert client_of(max_).post(url, posted).status_code == 302

    with scope(max_.organization_id):
        changed = Sequence.objects.get(pk=sequence.pk)
    assert (changed.entry_dispositions, changed.exit_events) == (["cold"], ["mail_replied"])
    assert (changed.entry_condition, changed.exit_condition, changed.allows_reentry) == ({}, {}, True)


def test_a_taken_name_and_an_unfinished_condition_are_shown_at_once(
    client_of: ClientOf, max_: Membership, sequence: Sequence
) -> None:
    url = reverse("sequence_rules", args=[sequence.pk])
    client = client_of(max_)

    assert "Another sequence has this name." in read(client.post(url, {**RULES, "name": "Re-engagement"}), 422)
    unfinished = {**RULES, "name": "", "entry.size": "1", "entry-0.field": ""}
    page = read(client.post(url, unfinished), 422)
    assert "This field is required." in page
    assert "Choose what to compare." in page


def test_turning_on_without_a_postal_address_leads_to_where_it_is_entered(
    client_of: ClientOf, max_: Membership
) -> None:
    with scope(max_.organization_id):
        draft = make_sequence(HELLO, name="No address", is_active=False)
    client = client_of(max_)
    assert "Your postal address is missing" in read(client.get(reverse("sequence_detail", args=[draft.pk])))

    answer = client.post(reverse("sequence_state", args=[draft.pk]), {"do": "activate"}, follow=True)

    assert answer.redirect_chain == [(reverse("nurture_settings"), 302)]
    assert "Enter your postal address" in read(answer)


def test_the_rules_of_sending_are_saved_and_refused_at_their_fields(client_of: ClientOf, max_: Membership) -> None:
    client = client_of(max_)
    rules = {
        "quiet_from": "21:30",
        "quiet_until": "07:00",
        "cap_mails": "3",
        "cap_days": "10",
        "mails_a_day": "500",
        "postal_address": "1 Main",
    }

    assert "Ensure this value is less" in read(
        client.post(reverse("nurture_settings"), {**rules, "cap_days": "999"}), 422
    )
    assert client.post(reverse("nurture_settings"), rules).status_code == 302

    with scope(max_.organization_id):
        saved = read_settings()
    assert (f"{saved.quiet_from:%H:%M}", saved.cap_mails, saved.postal_address) == ("21:30", 3, "1 Main")
    assert saved.mails_a_day == 500


def test_a_disposition_names_the_sequences_that_it_leads_to(client_of: ClientOf, ria: Membership) -> None:
    page = read(client_of(ria).get(reverse("nurture_settings")))

    assert page.index("Went cold") < page.index("Re-engagement")
    assert 'type="submit" class="btn btn-primary">Save' not in page


def test_the_path_costs_the_same_however_many_steps(
    client_of: ClientOf, ria: Membership, sequence: Sequence, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with scope(ria.organization_id):
        long = make_sequence(*[StepPlan(kind="wait", wait_days=1) for _ in range(12)], name="Long")
    client = client_of(ria)

    for each in (sequence, long):
        with django_assert_max_num_queries(18):
            read(client.get(reverse("sequence_detail", args=[each.pk])))


def test_a_pause_is_undone_by_turning_on_and_an_archived_sequence_is_folded_away(
    client_of: ClientOf, max_: Membership, sequence: Sequence
) -> None:
    client = client_of(max_)
    url = reverse("sequence_state", args=[sequence.pk])

    for change, state in (("pause", "paused"), ("activate", "active"), ("archive", "archived")):
        client.post(url, {"do": change})
        with scope(max_.organization_id):
            assert Sequence.objects.get(pk=sequence.pk).state == state

    link = reverse("sequence_detail", args=[sequence.pk])
    assert link not in read(client.get(reverse("sequence_list")))
    assert link in read(client.get(reverse("sequence_list") + "?archived"))


def test_removing_a_step_says_first_who_waits_at_it(
    client_of: ClientOf, max_: Membership, ria: Membership, sequence: Sequence
) -> None:
    with scope(max_.organization_id):
        waiting = make_sequence(THREE_DAYS, name="Waiting")
        put_in(waiting, make_new_lead(ria), actor=max_)
        [step] = list_steps(sequence=waiting)

    page = read(client_of(max_).post(reverse("step_removal", args=[waiting.pk, step.pk])))

    assert "1 waits at it and would go on to the next step" in page
    with scope(max_.organization_id):
        assert list_steps(sequence=waiting) == [step]


def test_rules_of_sequences_are_among_the_uses_of_a_field(in_scope: object) -> None:
    texan = {"all": [{"field": "person.region", "op": "is", "value": "TX"}]}
    make_sequence(replace(HELLO, condition=texan), name="Texas", is_active=False, entry_condition=texan)

    words = [rule.words for rule in find_uses(fields=["person.region"])]

    assert words == ["Sequence “Texas”: who enters", "Sequence “Texas”: a step"]
