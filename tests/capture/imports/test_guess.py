"""Columns are guessed by what other systems and other languages call them; what may mean two things is nobody's."""

import pytest

from capture.imports.checking import check_import
from capture.imports.column_names import COLUMN_NAMES
from capture.imports.fields import CUSTOM, FIELDS, guess_fields
from capture.imports.models import ImportChunk
from capture.imports.plan import propose_plan
from leadhub.accounts.models import Membership
from leadhub.lib.words import bare_words
from leadhub.work.runner import run_due
from tests.capture.imports.files import check, make_csv, upload
from tests.personas import NOW

HUBSPOT = {
    "Record ID": "external_id",
    "First Name": "first_name",
    "Last Name": "last_name",
    "Email": "email",
    "Phone Number": "phone",
    "Mobile Phone Number": CUSTOM,
    "Contact owner": "owner",
    "Job Title": "title",
    "Company Name": "company",
    "Create Date": "inquired_at",
    "Lifecycle Stage": "stage",
    "Lead Status": CUSTOM,
    "Original Source": "channel",
    "State/Region": "region",
    "Street Address": "street",
    "Postal Code": "postal_code",
    "Country/Region": "country",
    "Unsubscribed from all email": "do_not_contact",
    "Last Activity Date": CUSTOM,
}
SALESFORCE = {
    "LeadSource": "channel",
    "FirstName": "first_name",
    "LastName": "last_name",
    "Company / Account": "company",
    "Title": "title",
    "State/Province": "region",
    "Zip/Postal Code": "postal_code",
    "Street": "street",
    "CreatedDate": "inquired_at",
    "Annual Revenue": CUSTOM,
    "Lead Owner": "owner",
    "Close Date": CUSTOM,
}
PIPEDRIVE = {
    "Deal - ID": CUSTOM,
    "Person - Name": "name",
    "Person - Email - Work": "email",
    "Person - Email - Home": CUSTOM,
    "Person - Phone - Mobile": "phone",
    "Organization - Name": "company",
    "Deal - Value": "quote_value",
    "Deal - Currency": "currency",
    "Deal - Status": "stage",
    "Deal - Won time": "won_at",
    "Deal - Lost reason": "lost_reason",
}
FACEBOOK = {
    "id": "external_id",
    "created_time": "inquired_at",
    "ad_name": "utm_content",
    "adset_name": CUSTOM,
    "campaign_id": CUSTOM,
    "campaign_name": "utm_campaign",
    "full_name": "name",
    "phone_number": "phone",
    "job_title": "title",
    "street_address": "street",
    "zip_code": "postal_code",
    "country": "country",
}
GOOGLE = {
    "Lead ID": "external_id",
    "GCL ID": "gclid",
    "Lead submit time": "inquired_at",
    "User Email": "email",
    "User Phone": "phone",
    "Company Name": "company",
}
GERMAN = {
    "Vorname": "first_name",
    "Name": "last_name",
    "E-Mail-Adresse": "email",
    "Telefonnummer": "phone",
    "Firma": "company",
    "Titel": CUSTOM,
    "Währung": "currency",
    "Bundesland": "region",
    "Straße": "street",
    "PLZ": "postal_code",
    "Suchbegriff": "utm_term",
    "Nachricht": "message",
    "Erstellt am": "inquired_at",
    "Verlustgrund": "lost_reason",
}
FRENCH = {
    "PRÉNOM": "first_name",
    "NOM": "last_name",
    "Adresse e-mail": "email",
    "Adresse": "street",
    "Code postal": "postal_code",
    "Téléphone": "phone",
    "Nom de l’entreprise": "company",
    "Mot-clé": "utm_term",
    "Date de création": "inquired_at",
    "État": CUSTOM,
    "Motif de perte": "lost_reason",
}
SPANISH = {
    "Nombre": "first_name",
    "Apellidos": "last_name",
    "Correo electrónico": "email",
    "Dirección": "street",
    "Código postal": "postal_code",
    "Móvil": "phone",
    "Empresa": "company",
    "País": "country",
    "Estado": CUSTOM,
    "Campaña": "utm_campaign",
    "Fecha de creación": "inquired_at",
}
DUTCH = {
    "Naam": "name",
    "E-mailadres": "email",
    "Telefoonnummer": "phone",
    "Bedrijfsnaam": "company",
    "Straat": "street",
    "Postcode": "postal_code",
    "Woonplaats": "city",
    "Opmerkingen": "message",
    "Bron": "utm_source",
    "Aangemaakt op": "inquired_at",
    "Reden verloren": "lost_reason",
}
ITALIAN = {
    "Nome": "first_name",
    "Cognome": "last_name",
    "Posta elettronica": "email",
    "Cellulare": "phone",
    "Azienda": "company",
    "Indirizzo": "street",
    "CAP": "postal_code",
    "Città": "city",
    "Stato": CUSTOM,
    "Data": CUSTOM,
    "Parola chiave": "utm_term",
}
PORTUGUESE = {
    "Nome completo": "name",
    "Endereço de e-mail": "email",
    "Endereço": "street",
    "CEP": "postal_code",
    "Telemóvel": "phone",
    "Função": "title",
    "Mensagem": "message",
    "Palavra-chave": "utm_term",
    "Página de destino": "landing_page",
    "Valor do negócio": "quote_value",
    "Carimbo de data/hora": "inquired_at",
}


@pytest.mark.parametrize(
    "file", [HUBSPOT, SALESFORCE, PIPEDRIVE, FACEBOOK, GOOGLE, GERMAN, FRENCH, SPANISH, DUTCH, ITALIAN, PORTUGUESE]
)
def test_real_files_are_recognised(file: dict[str, str]) -> None:
    assert dict(zip(file, guess_fields(list(file)), strict=True)) == file


def test_no_name_stands_for_two_fields() -> None:
    assert COLUMN_NAMES.keys() <= FIELDS.keys()
    owners: dict[str, set[str]] = {}
    for field in FIELDS.values():
        for head in (field.name, field.label, *COLUMN_NAMES.get(field.name, "").split(",")):
            owners.setdefault(bare_words(head).replace(" ", ""), set()).add(field.name)
    assert {head: fields for head, fields in owners.items() if len(fields) > 1 and head} == {}


def test_the_better_name_wins_and_a_whole_name_stays_whole() -> None:
    assert guess_fields(["Mobil", "Telefon", ""]) == [CUSTOM, "phone", ""]
    assert guess_fields(["Name", "First name", "Last name"]) == ["name", "first_name", "last_name"]
    assert guess_fields(["Full name", "First name"]) == ["name", "first_name"]


@pytest.mark.parametrize(("words", "guessed"), [(["gewonnen", "?"], "stage"), (["Rot", "Blau"], CUSTOM), ([], "stage")])
def test_a_status_of_unknown_words_is_no_stage(
    words: list[str], guessed: str, max_: Membership, in_scope: None
) -> None:
    plan = propose_plan(header=["E-Mail", "Status"], sample=[["a@b.example", word] for word in words])
    assert plan.columns == ("email", guessed)


def test_an_owner_is_told_by_name_where_one_has_it(max_: Membership, in_scope: None) -> None:
    rows = [["ada@acme.example", max_.name.upper()], ["bob@acme.example", "Nobody Known"]]
    stored = check(make_csv(["Email", "Contact owner"], *rows), actor=max_)
    chunk = ImportChunk.objects.get(upload=stored)
    assert [row["w"] for row in chunk.parsed] == [str(max_.pk)]
    assert [error["message"][:41] for error in chunk.errors] == ["No active member has this e-mail or name:"]


def test_a_remembered_mapping_wins(max_: Membership, in_scope: None) -> None:
    content = make_csv(["E-Mail", "Quelle"], ["a@b.example", "Messe"])
    stored = upload(content, actor=max_)
    first = propose_plan(header=stored.header, sample=stored.sample)
    assert first.columns == ("email", "utm_source")
    chosen = type(first)(columns=("email", "channel"))
    check_import(upload_id=stored.pk, plan=chosen, actor=max_, now=NOW)
    run_due(now=NOW)
    assert propose_plan(header=stored.header, sample=[]).columns == ("email", "channel")


def test_a_country_comes_by_name_or_code_and_a_bad_one_is_told_at_its_cell(max_: Membership, in_scope: None) -> None:
    told = ["Allemagne", "gb", "", "Germny"]
    rows = [[f"{number}@acme.example", name] for number, name in enumerate(told)]
    stored = check(make_csv(["Email", "Pays"], *rows), actor=max_)
    chunk = ImportChunk.objects.get(upload=stored)
    assert [row["p"].get("country") for row in chunk.parsed] == ["DE", "GB", None]
    assert [(error["row"], error["column"], error["value"]) for error in chunk.errors] == [(5, "Pays", "Germny")]
    assert "such as Germany or DE" in chunk.errors[0]["message"]


def test_an_address_comes_whole_with_the_zeros_that_a_spreadsheet_took(max_: Membership, in_scope: None) -> None:
    rows = [
        ["a@acme.example", "12 Elm Street\nApt 4", "2134", "Boston", ""],
        ["b@acme.example", "", "1067", "Dresden", "DE"],
        ["c@acme.example", "", "8001", "Zürich", "CH"],
    ]
    stored = check(make_csv(["Email", "Street", "Zip Code", "City", "Country"], *rows), actor=max_)
    parsed = [row["p"] for row in ImportChunk.objects.get(upload=stored).parsed]
    assert [row.get("street") for row in parsed] == ["12 Elm Street, Apt 4", None, None]
    assert [row["postal_code"] for row in parsed] == ["02134", "01067", "8001"]
