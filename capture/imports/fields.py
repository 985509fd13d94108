"""What a column can be: the catalogue of fields, and the guess by a column's name. Called by plan and pages."""

from dataclasses import dataclass

from capture.imports.words import bare_words

IGNORED, CUSTOM = "", "custom"
EXTERNAL_ID = "external_id"


@dataclass(frozen=True)
class Field:
    """One field: its words, the group it is listed under, and names that columns have for it in other systems."""

    name: str
    label: str
    group: str
    aliases: tuple[str, ...] = ()
    longest: int = 300


_PERSON, _SOURCE, _INQUIRY, _OUTCOME = "Person", "Where they came from", "Inquiry", "What became of it"
FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("email", "E-mail", _PERSON, ("email address", "e mail", "mail", "e mail address"), 320),
        Field("phone", "Phone", _PERSON, ("phone number", "telephone", "tel", "mobile", "mobile phone", "cell"), 64),
        Field("name", "Full name", _PERSON, ("full name", "contact", "contact name", "lead name"), 400),
        Field("first_name", "First name", _PERSON, ("firstname", "given name", "forename", "vorname"), 200),
        Field("last_name", "Last name", _PERSON, ("lastname", "surname", "family name", "nachname"), 200),
        Field("title", "Job title", _PERSON, ("job title", "position", "role"), 200),
        Field("company", "Company", _PERSON, ("company name", "organisation", "organization", "account", "firm")),
        Field(EXTERNAL_ID, "Id in another system", _PERSON, ("id", "lead id", "mql id", "crm id", "record id"), 200),
        Field("city", "City", _PERSON, ("town", "ort"), 120),
        Field("region", "Region or state", _PERSON, ("state", "province", "county"), 120),
        Field("country", "Country (two letters)", _PERSON, ("country code",), 2),
        Field("do_not_contact", "Do not contact (yes or no)", _PERSON, ("opt out", "unsubscribed", "opted out"), 20),
        Field("owner", "Owner (a member's e-mail)", _PERSON, ("owner email", "lead owner", "assigned to"), 320),
        Field("channel", "Channel", _SOURCE, ("origin", "lead source", "channel group"), 200),
        Field("utm_source", "Source", _SOURCE, ("source", "utmsource"), 200),
        Field("utm_medium", "Medium", _SOURCE, ("medium", "utmmedium"), 200),
        Field("utm_campaign", "Campaign", _SOURCE, ("campaign", "campaign name"), 300),
        Field("utm_term", "Keyword", _SOURCE, ("keyword", "term", "search term"), 300),
        Field("utm_content", "Ad or content", _SOURCE, ("content", "ad"), 300),
        Field("gclid", "Google click id", _SOURCE, ("google click id",), 500),
        Field("landing_page", "Landing page", _SOURCE, ("landing page id", "landing page url", "page", "url"), 2000),
        Field("referrer", "Referrer", _SOURCE, ("referer",), 2000),
        Field(
            "inquired_at",
            "Date of the inquiry",
            _INQUIRY,
            ("date", "created", "created at", "create date", "inquiry date", "first contact date", "received"),
        ),
        Field("service", "Service", _INQUIRY, ("product", "interest", "interested in"), 120),
        Field("intent", "Intent (hot, warm, content)", _INQUIRY, (), 16),
        Field("message", "Message", _INQUIRY, ("comment", "comments", "notes", "description", "inquiry"), 20_000),
        Field("quote_value", "Quote value", _INQUIRY, ("quote", "value", "amount", "estimate", "deal value"), 60),
        Field("currency", "Currency", _INQUIRY, (), 3),
        Field("stage", "Stage or outcome", _OUTCOME, ("status", "outcome", "lead status", "lifecycle stage"), 60),
        Field("stage_at", "Date of the stage", _OUTCOME, ("stage date", "status date")),
        Field("won_at", "Date won", _OUTCOME, ("won date", "closed date", "close date", "sale date")),
        Field("sales_value", "Sales value", _OUTCOME, ("revenue", "sale", "sales", "won amount", "sold for"), 60),
        Field("lost_reason", "Reason it was lost", _OUTCOME, ("loss reason", "reason lost", "closed lost reason"), 300),
    )
}
# What may be the same for every row of a file that has no column for it.
FIXABLE = ("external_system", "channel", "utm_source", "utm_medium", "utm_campaign", "service", "stage", "currency")


def guess_fields(header: list[str]) -> list[str]:
    """Return a field for each column by its name, each field once; an unknown name becomes a custom field."""
    taken: set[str] = set()
    guessed = []
    for name in header:
        found = _BY_NAME.get(bare_words(name), CUSTOM if name.strip() else IGNORED)
        if found in taken:
            found = CUSTOM
        if found != CUSTOM:
            taken.add(found)
        guessed.append(found)
    return guessed


_BY_NAME = {
    bare_words(known): field.name for field in FIELDS.values() for known in (field.name, field.label, *field.aliases)
}
