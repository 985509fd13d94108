"""What a visitor wrote is quoted without links: a stranger must not have us mail theirs."""

import pytest

from leadhub.tenancy.models import Organization
from nurture.quoting import quote
from nurture.wording import describe_lead
from tests.leads.arrivals import make_lead


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ("See https://evil.example/now!", "See (link)"),
        ("Win at evil.com, or (www.evil.example).", "Win at (link) or (link)"),
        ("EVIL.CO.UK/x?y=1", "(link)"),
        ("evil\uff0ecom and evil\u3002com", "(link) and (link)"),
        ("javascript:alert(1) mailto:a@b.example", "javascript:alert(1) mailto:a@b.example"),
        ("Call me at 3.30 p.m., or write to grace@navy.com.\nThanks.", None),
        ("A roof of 120.5 m2, e.g. slate... Dr. J.R. O'Neil", None),
        ("a." * 200_000, None),
        ("", None),
    ],
)
def test_links_are_left_out(written: str, quoted: str | None) -> None:
    assert quote(written) == (written if quoted is None else quoted)


def test_answers_of_any_shape_are_quoted() -> None:
    fields = {"site": "evil.com", "rooms": [3, "evil.com"], "more": {"deep": "www.evil.example"}}
    assert quote(fields) == {"site": "(link)", "rooms": [3, "(link)"], "more": {"deep": "(link)"}}


def test_a_mail_can_name_the_place_and_links_to_nothing_written_there(in_scope: Organization) -> None:
    home = {"street": "12 Elm Street", "postal_code": "60201", "city": "www.evil.test", "region": "IL"}
    person = describe_lead(make_lead(**home))["person"]
    assert {name: person[name] for name in home} == {**home, "city": "(link)"}


@pytest.mark.parametrize(
    ("company", "named"), [("Booking.test", "Booking.test"), ("evil.com", "(link)"), ("Navy Ltd.", "Navy Ltd.")]
)
def test_a_company_is_named_by_a_site_only_where_it_is_their_own(
    in_scope: Organization, company: str, named: str
) -> None:
    lead = make_lead("grace@booking.test")
    lead.person.company_name, lead.person.title = company, "evil.com"
    person = describe_lead(lead)["person"]
    assert [person["company"], person["title"]] == [named, "(link)"]
