"""The API reads and sets the targets of the targets page: the same values, checks, permission and audit."""

from typing import Any

import pytest
from django.urls import reverse

from leadhub.accounts.apikeys import SCOPES
from leadhub.accounts.models import AuditEntry, Membership
from leadhub.tenancy.scope import scope
from reporting.models import Metric, Target
from tests.contracts.test_permissions import make_caller
from tests.personas import ClientOf

URL = "/api/v1/targets/"


def set_(member: Membership, month: str, **targets: str | None) -> Any:
    body = {"month": month, "targets": targets}
    return make_caller(member, list(SCOPES)).patch(URL, body, content_type="application/json")


def read(member: Membership, month: str) -> dict[str, str | None]:
    told = make_caller(member, ["reports:read"]).get(URL, {"month": month}).json()
    assert (told["month"], told["currency"]) == (month, "USD")
    return {each["metric"]: each["value"] for each in told["targets"]}


def test_what_is_set_stands_from_the_month_on(max_: Membership, ria: Membership) -> None:
    answer = set_(max_, "2026-03", revenue="120000.00", lead_to_mql_rate="0.4")
    assert (answer.status_code, answer.json()["month"]) == (200, "2026-03")
    assert set_(max_, "2026-05", revenue=None).status_code == 200
    nothing = dict.fromkeys(Metric.values)
    assert read(ria, "2026-02") == nothing
    assert read(ria, "2026-04") == {**nothing, "revenue": "120000", "lead_to_mql_rate": "0.4"}
    assert read(ria, "2026-05") == {**nothing, "lead_to_mql_rate": "0.4"}


def test_it_is_what_the_page_shows_and_the_log_says_who(max_: Membership, client_of: ClientOf) -> None:
    set_(max_, "2026-03", first_attempt_seconds="900", revenue="7")
    page = client_of(max_).get(reverse("target_list"), {"month": "2026-03"})
    assert page.context["form"].initial == {"first_attempt_seconds": "15", "revenue": "7"}
    with scope(max_.organization_id):
        assert [entry.actor for entry in AuditEntry.objects.filter(action="target.set")] == [max_, max_]


def test_each_says_its_unit(max_: Membership) -> None:
    told = make_caller(max_, ["reports:read"]).get(URL).json()["targets"]
    kinds = {each["metric"]: (each["unit"], each["is_per_month"]) for each in told}
    assert kinds["revenue"] == ("money", True)
    assert kinds["lead_to_mql_rate"] == ("share", False)
    assert set(kinds) == set(Metric.values)


@pytest.mark.parametrize(
    ("month", "targets", "status", "field"),
    [
        ("2026-03", {"qualified_leads": "5", "lead_to_mql_rate": "1.5"}, 422, "lead_to_mql_rate"),
        ("2026-03", {"qualified_leads": "5", "revenue": "-1"}, 422, "revenue"),
        ("2026-03", {"qualified_leads": "5", "likes": "9"}, 400, "targets.likes"),
        ("2026-03", {"qualified_leads": "many"}, 400, "targets.qualified_leads"),
        ("2026-03", {}, 400, "targets"),
        ("March", {"qualified_leads": "5"}, 422, "month"),
        ("9999-12", {"qualified_leads": "5"}, 422, "month"),
    ],
)
def test_a_wrong_one_is_told_at_its_field_and_none_is_set(
    max_: Membership, month: str, targets: dict[str, str | None], status: int, field: str
) -> None:
    answer = set_(max_, month, **targets)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)
    with scope(max_.organization_id):
        assert not Target.objects.exists()


def test_who_may_set(mia: Membership, max_: Membership, eve: Membership) -> None:
    assert set_(mia, "2026-03", revenue="5").status_code == 403
    reader = make_caller(max_, ["reports:read"])
    assert reader.patch(URL, {}, content_type="application/json").status_code == 403
    assert set_(eve, "2026-03", revenue="5").status_code == 200
    assert read(max_, "2026-03")["revenue"] is None
