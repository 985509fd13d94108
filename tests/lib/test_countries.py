"""A country is read from its name in seven languages or from its codes; a word for two of them is none."""

import pytest

from leadhub.lib.countries import explain_unknown, list_countries, name_country, read_country


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("de", "DE"),
        ("DEU", "DE"),
        ("Germany", "DE"),
        (" DEUTSCHLAND ", "DE"),
        ("Allemagne", "DE"),
        ("Duitsland", "DE"),
        ("Österreich", "AT"),
        ("Espana", "ES"),
        ("Países Bajos", "NL"),
        ("Holland", "NL"),
        ("UK", "GB"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("Regno Unito", "GB"),
        ("Trinidad and Tobago", "TT"),
        ("Saint Lucia", "LC"),
        ("Turkey", "TR"),
        ("Korea, Republic of", "KR"),
    ],
)
def test_a_country_is_read(text: str, code: str) -> None:
    assert read_country(text) == code


@pytest.mark.parametrize("text", ["", "XX", "MI", "Germny", "Congo", "Saint Martin", "Korea", "Berlin", "EU", "日本"])
def test_what_is_no_one_country_is_none(text: str) -> None:
    assert read_country(text) is None


def test_every_country_is_listed_by_name_and_read_back() -> None:
    listed = list_countries()
    assert listed[:3] == [("AF", "Afghanistan"), ("AX", "Åland Islands"), ("AL", "Albania")]
    assert [read_country(name) for _code, name in listed] == [code for code, _name in listed]
    assert [read_country(code) for code, _name in listed] == [code for code, _name in listed]
    assert (name_country("CH"), name_country(""), name_country("??")) == ("Switzerland", "", "??")


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Germny", "Germany"),
        ("Untied States", "United States"),
        ("Deutchland", "Germany"),
        ("Atlantis", ""),
        ("XX", ""),
    ],
)
def test_what_is_no_country_is_told_with_the_nearest(text: str, nearest: str) -> None:
    assert explain_unknown(text).startswith(f"Did you mean {nearest}? " if nearest else "Enter a country's name")
