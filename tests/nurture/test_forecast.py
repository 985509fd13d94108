"""What turning a sequence on would do, by the last four weeks."""

from datetime import timedelta

from leadhub.accounts.models import Membership
from leadhub.leads.models import EventKind
from leadhub.leads.timeline import record_event
from nurture.forecast import forecast_entries
from tests.nurture.programmes import AGAIN, HELLO, THREE_DAYS, make_new_lead, make_sequence
from tests.personas import NOW


def test_entries_and_mails_per_week_follow_what_happened(in_scope: object, ria: Membership) -> None:
    sequence = make_sequence(HELLO, THREE_DAYS, AGAIN, is_active=False, entry_events=(EventKind.CONTENT_DOWNLOADED,))
    for number in range(8):
        lead = make_new_lead(ria, name=f"Lead{number} Doe")
        then = NOW - timedelta(days=number * 7)  # four of them within four weeks
        record_event(
            person=lead.person,
            lead=lead,
            kind=EventKind.CONTENT_DOWNLOADED,
            occurred_at=then,
            now=then,
            walks=False,
        )

    forecast = forecast_entries(sequence=sequence, now=NOW + timedelta(hours=1))

    assert (forecast.entries_per_week, forecast.mails_per_week) == (1.0, 2.0)
    assert forecast.fitting == 8
    assert not forecast.enters_by_hand


def test_without_a_rule_nobody_enters_by_themselves(in_scope: object) -> None:
    forecast = forecast_entries(sequence=make_sequence(HELLO, is_active=False), now=NOW)

    assert forecast.enters_by_hand
    assert forecast.mails_per_week == 0
