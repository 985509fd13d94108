"""Whatever dies, every accepted submission becomes one lead with one owner and one alert (ADR 2).

The real supervisor runs the real processes; the tests kill them.
"""

from collections import Counter
from collections.abc import Generator

import pytest

from leadhub.embedded.ports import choose_port
from tests.contracts.running import KILLED, Installation, Siege, Vandal, Visitors
from tests.embedded.conftest import remove_data

pytestmark = [pytest.mark.faults, pytest.mark.timeout(480)]  # starting and stopping the installation included
SEED = 20260301
SUBMISSIONS, PEOPLE = 1_000, 800
BOUND_SECONDS = 180  # for a test, from its first post until nothing is due; on two cores shared with others 130 and 36


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Generator[Installation, None, None]:
    """An installation of this module's own."""
    home = tmp_path_factory.mktemp("faults")
    running = Installation(home=home, port=choose_port(home=home, name="web"))
    running.start()
    yield running
    running.stop()
    remove_data(home)


def name_people(prefix: str, *, submissions: int, people: int) -> list[str]:
    """Return an address per submission; people beyond their number come back."""
    return [f"{prefix}{number % people}@client{number % people}.example" for number in range(submissions)]


def require_conservation(installation: Installation, *, submissions: list[str], people: int) -> None:
    """Check every promise against the database."""
    stored = {str(row[0]) for row in installation.query("SELECT id FROM submission")}
    assert set(submissions) <= stored
    ledger = Counter(
        {row[0]: row[1] for row in installation.query("SELECT status, count(*) FROM submission GROUP BY 1")}
    )
    assert ledger == {"created": people, "merged": len(submissions) - people}
    assert installation.count("SELECT count(*) FROM person") == people
    assert installation.count("SELECT count(*) FROM lead") == people
    assert installation.count("SELECT count(DISTINCT person_id) FROM lead") == people
    assert (
        installation.query("SELECT lead_id FROM assignment WHERE ended_at IS NULL GROUP BY lead_id HAVING count(*) > 1")
        == []
    )
    assert installation.count("SELECT count(*) FROM lead WHERE owner_id IS NULL") == 0
    assert installation.count("SELECT count(DISTINCT lead_id) FROM assignment WHERE ended_at IS NULL") == people
    require_one_alert_each(installation, people=people)
    require_one_acknowledgement_each(installation, people=people)
    assert installation.query("SELECT kind, error_class FROM job WHERE dead_at IS NOT NULL") == []


def require_one_alert_each(installation: Installation, *, people: int) -> None:
    """Check that each lead alerted its owner once, by row and by mail at most once."""
    alerts = "SELECT count(*), count(DISTINCT lead_id) FROM alert WHERE kind = 'assigned'"
    assert installation.query(alerts) == [(people, people)]
    mails = installation.read_mail_ids()
    assert len(mails) == len(set(mails))
    states = {row[0] for row in installation.query("SELECT DISTINCT state FROM delivery")}
    assert states <= {"sent", "in_doubt"}
    assert installation.count("SELECT count(DISTINCT lead_id) FROM delivery WHERE purpose = 'alert'") == people


def require_one_acknowledgement_each(installation: Installation, *, people: int) -> None:
    """Check that each lead was answered by one mail, in the sink; only one in doubt may be missing there."""
    rows = installation.query(
        "SELECT delivery.id, state, lead_id, acknowledged_at FROM delivery"
        " JOIN inquiry USING (organization_id, lead_id)"
        " WHERE purpose = 'acknowledgement' AND duplicate_of_id IS NULL"
    )
    assert len(rows) == len({row[0] for row in rows}) == len({row[2] for row in rows}) == people
    assert all(row[3] for row in rows)
    arrived = {mail_id.strip("<>").partition("@")[0] for mail_id in installation.read_mail_ids()}
    assert {state for delivery_id, state, *_ in rows if str(delivery_id) not in arrived} <= {"in_doubt"}


def test_nothing_is_lost_or_doubled_while_processes_are_killed(installation: Installation) -> None:
    addresses = name_people("pat", submissions=SUBMISSIONS, people=PEOPLE)
    installation.start_clock(seconds=BOUND_SECONDS)
    vandal = Vandal(installation, seed=SEED, pause_seconds=2.4)
    visitors = Visitors(installation)
    vandal.start()
    visitors.post_all(addresses, threads=8, pause_seconds=0.25)
    vandal.join()
    installation.wait_until_settled()
    assert visitors.refused == []
    assert len(visitors.accepted) == SUBMISSIONS
    assert Counter(vandal.deeds) == {**dict.fromkeys(KILLED, 3), "postgres": 1}
    require_conservation(installation, submissions=visitors.accepted, people=PEOPLE)


def test_leads_are_alerted_without_redis_and_when_it_returns(installation: Installation) -> None:
    alerts = "SELECT count(*) FROM alert WHERE kind = 'assigned'"
    before = installation.count(alerts)
    installation.start_clock(seconds=BOUND_SECONDS)
    visitors = Visitors(installation)
    siege = Siege(installation, name="valkey")
    siege.start()
    visitors.post_all(name_people("without", submissions=40, people=40), threads=2, pause_seconds=0.3)
    installation.wait_until_settled()
    assert installation.count(alerts) == before + 40
    visitors.post_all(name_people("late", submissions=20, people=20), threads=2, pause_seconds=0)
    siege.lift()
    installation.wait_until_settled()
    assert installation.count(alerts) == before + 60
    assert visitors.refused == []
    assert len(visitors.accepted) == 60
