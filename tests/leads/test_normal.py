"""Two spellings of one address, number or name have one normal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadhub.leads.normal import company_domain, identify_phone, normalise_email, normalise_phone, split_name


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        (" Lea+News@Example.COM ", "lea+news@example.com"),
        ("lea@example.com", "lea@example.com"),
        ("lea@bücher.example", "lea@xn--bcher-kva.example"),
        ("lea@BÜCHER.example", "lea@xn--bcher-kva.example"),
        ("lea@example.com.", "lea@example.com"),
        ("o'hara_1@sub.example.co.uk", "o'hara_1@sub.example.co.uk"),
        ("", None),
        ("lea", None),
        ("lea@example", None),
        ("@example.com", None),
        ("lea@@example.com", None),
        ("le a@example.com", None),
        ("lea@exa_mple.com", None),
        ("lea@-example.com", None),
        ("lea..b@example.com", None),
        ("lea@1.2.3.4", None),
        ("x" * 65 + "@example.com", None),
        ("lea\x00@example.com", None),
        ("lea@" + "b." * 100_000 + "com", None),
    ],
)
def test_normalise_email(written: str, normal: str | None) -> None:
    assert normalise_email(written) == normal


@given(st.emails())
def test_an_email_address_in_normal_form_stays_as_it_is(email: str) -> None:
    normal = normalise_email(email)
    assert normal is None or normalise_email(f" {normal.upper()} ") == normal


@given(st.text())
def test_any_text_has_a_normal_form_or_none(text: str) -> None:
    normal = normalise_email(text)
    assert normal is None or len(normal) <= 320
    normalise_phone(text, "US")
    split_name(text)


@pytest.mark.parametrize(
    ("written", "country", "normal"),
    [
        ("(415) 555-0132", "US", "+14155550132"),
        ("+1 415 555 0132", "DE", "+14155550132"),
        ("030 901820", "DE", "+4930901820"),
        ("0044 20 7946 0018", "DE", "+442079460018"),
        ("+15550100", "US", "+15550100"),
        ("555 0100", "US", None),
        ("call me", "US", None),
        ("123", "US", None),
        ("", "US", None),
    ],
)
def test_normalise_phone(written: str, country: str, normal: str | None) -> None:
    assert normalise_phone(written, country) == normal


def test_colleagues_behind_one_switchboard_are_told_apart_by_their_extension() -> None:
    assert identify_phone("+44 20 7946 0018 ext. 12", "GB") == "+442079460018;ext=12"
    assert normalise_phone("+44 20 7946 0018 ext. 12", "GB") == "+442079460018"


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("lea@client.com", "client.com"),
        ("lea@eu.client.co.uk", "client.co.uk"),
        ("lea@gmail.com", None),
        ("lea@mail.gmail.com", None),
        ("lea@web.de", None),
        ("nonsense", None),
    ],
)
def test_company_domain(email: str, domain: str | None) -> None:
    assert company_domain(email) == domain


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", ("Ada", "Lovelace")),
        ("  Ada   Lovelace ", ("Ada", "Lovelace")),
        ("Lovelace, Ada", ("Ada", "Lovelace")),
        ("Ludwig van Beethoven", ("Ludwig", "van Beethoven")),
        ("Dr. Grace Hopper", ("Grace", "Hopper")),
        ("Mary Ann Smith", ("Mary Ann", "Smith")),
        ("Cher", ("Cher", "")),
        ("", ("", "")),
    ],
)
def test_split_name(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts
