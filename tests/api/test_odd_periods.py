"""A report's call refuses days that make no period with a problem at the field, never with an error of ours."""

import pytest

from tests.api.conftest import Caller
from tests.reporting.test_odd_questions import PERIODS


@pytest.mark.parametrize("report", ["source-value", "funnel", "cohorts", "speed", "lost-reasons"])
@pytest.mark.parametrize("query", PERIODS, ids=lambda query: query[:20])
def test_a_report_refuses_an_odd_period(caller: Caller, report: str, query: str) -> None:
    answer = caller.get(f"reports/{report}/?{query}")
    assert answer.status_code == 422, answer.content
    assert {error["field"] for error in answer.json()["errors"]} <= {"from", "to", "days"}
