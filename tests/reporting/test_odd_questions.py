"""Whatever stands in the address, a report answers: what makes no sense is told, never an error of ours."""

import pytest
from django.urls import reverse

from leadhub.accounts.models import Membership
from tests.personas import ClientOf

REPORTS = ("source_value", "funnel", "cohorts", "speed", "speed_inquiries", "lost_reasons", "lost_deals", "spend_list")
PERIODS = (
    "from=0001-01-01&to=0001-01-05",
    "to=0001-01-05",
    "from=9999-12-01&to=9999-12-31",
    "from=2026-02-30",
    f"days={'9' * 5000}",
)
ROWS = ("by=hour&value=abc", "by=weekday&value=abc", "by=owner&value=abc", "by=owner&row=abc", "by=none&sort=none")
LISTS = (
    ("lead_list", "captured_from=0001-01-01&captured_to=9999-12-31"),
    ("lead_list", "reached=mql&reached_from=0001-01-01&reached_to=9999-12-31"),
    ("lead_list", "is_lost=true&ended_from=0001-01-01&ended_to=9999-12-31"),
    ("audit_log", "first=0001-01-01&last=9999-12-31"),
    ("target_list", "month=9999-12"),
    ("target_list", "month=0001-01"),
)
QUESTIONS = [*((page, query) for page in REPORTS for query in (*PERIODS, *ROWS)), *LISTS]


@pytest.mark.parametrize(("page", "query"), QUESTIONS, ids=lambda part: part[:40])
def test_a_page_answers_any_question(ada: Membership, client_of: ClientOf, page: str, query: str) -> None:
    assert client_of(ada).get(f"{reverse(page)}?{query}").status_code == 200
