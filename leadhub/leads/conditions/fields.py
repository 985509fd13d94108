"""The fields that the shared lead model offers. Registered by the leads app; features add theirs."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import NullIf, StrIndex, Substr

from leadhub.accounts.models import Membership
from leadhub.leads.conditions.catalogue import Choices, Column, Field, register_fields
from leadhub.leads.conditions.kinds import FieldKind
from leadhub.leads.conditions.latest_inquiry import Latest
from leadhub.leads.models import Channel, DispositionCode, Door, EventKind, Intent, Stage, Verdict
from leadhub.leads.normal import normalise_postal_code
from leadhub.lib.countries import list_countries, read_country
from leadhub.tenancy.scope import get_organization_id

CHOICE, TEXT, NUMBER, TIME, FLAG = (
    FieldKind.CHOICE,
    FieldKind.TEXT,
    FieldKind.NUMBER,
    FieldKind.TIME,
    FieldKind.FLAG,
)

_ZIP_4 = r"^([0-9]{5})-[0-9]{4}$"

# The event property that narrows a behaviour, and what a person calls it.
EVENT_DETAILS: dict[str, tuple[str, str]] = {
    EventKind.PAGE_VIEWED: ("page", "page contains"),
    EventKind.CONTENT_DOWNLOADED: ("kind", "kind contains"),
    EventKind.WEBINAR_REGISTERED: ("name", "webinar contains"),
    EventKind.WEBINAR_ATTENDED: ("name", "webinar contains"),
    EventKind.MAIL_CLICKED: ("link", "link contains"),
    EventKind.FORM_SUBMITTED: ("service", "service contains"),
    EventKind.CUSTOM: ("name", "name contains"),
}


def register_lead_fields() -> None:
    """Fill the catalogue with lead, person, company, touches, inquiry and behaviour."""
    for fields in (_lead(), _person(), _company(), _touch("first"), _touch("last"), _inquiry(), _behaviour()):
        register_fields(fields)


def list_members() -> Choices:
    """Return the organization's members as choices."""
    members = Membership.objects.filter(organization_id=get_organization_id()).order_by("name")
    return [(str(member.id), member.name) for member in members]


def _lead() -> list[Field]:
    labels = {"source": "Source", "medium": "Medium", "campaign": "Campaign", "term": "Keyword"}
    qualification = {"budget": "Budget", "authority": "Authority", "need": "Need", "timeline": "Timeline"}
    money = {"quote_value": "Quote value", "pipeline_value": "Pipeline", "sales_value": "Sales value"}
    times = {"captured_at": "Captured", "mql_at": "Became MQL", "wakes_at": "Wakes"}
    return [
        _field("Lead", "lead.stage", "Stage", CHOICE, "stage", choices=Stage.choices),
        _field("Lead", "lead.verdict", "Verdict", CHOICE, "verdict", choices=Verdict.choices),
        Field(name="lead.owner", label="Owner", group="Lead", kind=CHOICE, column="owner_id", choices=list_members),
        _field("Lead", "lead.channel", "Channel", CHOICE, "channel", choices=Channel.choices),
        *[_field("Lead", f"lead.{name}", label, TEXT, name) for name, label in labels.items()],
        _field("Lead", "lead.landing_page", "Landing page", TEXT, "landing_page"),
        *[_field("Lead", f"lead.{name}", label, NUMBER, name) for name, label in money.items()],
        _field("Lead", "lead.number", "Which pass", NUMBER, "number"),
        *[_field("Lead", f"lead.{name}", label, TIME, name) for name, label in times.items()],
        *[_field("Lead", f"lead.{name}", label, TEXT, name) for name, label in qualification.items()],
        _field("Lead", "lead.disposition", "Disposition", CHOICE, "disposition", choices=DispositionCode.choices),
        _custom("Lead", "lead.custom", "Custom field of the lead", "custom"),
    ]


def _person() -> list[Field]:
    texts = {
        "email": "E-mail",
        "phone": "Phone",
        "first_name": "First name",
        "last_name": "Last name",
        "title": "Job title",
        "company_name": "Company as written",
        "street": "Street",
        "city": "City",
        "region": "Region",
        "time_zone": "Time zone",
        "language": "Language",
    }
    columns = {"email": "email_norm"}
    return [
        *[
            _field("Person", f"person.{name}", label, TEXT, f"person__{columns.get(name, name)}")
            for name, label in texts.items()
        ],
        Field(name="person.email_domain", label="E-mail domain", group="Person", kind=TEXT, column=_mail_domain),
        Field(
            name="person.postal_code",
            label="Postal code",
            group="Person",
            kind=TEXT,
            column=_postal_code,
            read=read_territory,
        ),
        _country("Person", "person.country", "person__country"),
        _field("Person", "person.is_free_mail", "Free mail address", FLAG, "person__is_free_mail"),
        _field("Person", "person.do_not_contact", "Do not contact", FLAG, "person__do_not_contact"),
        _field("Person", "person.created_at", "Known since", TIME, "person__created_at"),
        _custom("Person", "person.custom", "Custom field of the person", "person__custom"),
    ]


def _company() -> list[Field]:
    texts = {"name": "Company name", "domain": "Company domain", "industry": "Industry"}
    return [
        *[
            _field("Company", f"company.{name}", label, TEXT, f"person__company__{name}")
            for name, label in texts.items()
        ],
        _country("Company", "company.country", "person__company__country"),
        _field("Company", "company.employees", "Employees", NUMBER, "person__company__employees"),
        Field(
            name="company.owner",
            label="Company owner",
            group="Company",
            kind=CHOICE,
            column="person__company__owner_id",
            choices=list_members,
        ),
        _custom("Company", "company.custom", "Custom field of the company", "person__company__custom"),
    ]


def _touch(which: str) -> list[Field]:
    group, path = f"{which.capitalize()} touch", f"{which}_touch"
    texts = ["source", "medium", "campaign", "term", "content", "landing_page", "referrer", "click_id_kind"]
    return [
        _field(group, f"{path}.channel", "Channel", CHOICE, f"{path}__channel", choices=Channel.choices),
        *[
            _field(group, f"{path}.{name}", name.replace("_", " ").capitalize(), TEXT, f"{path}__{name}")
            for name in texts
        ],
        _field(group, f"{path}.occurred_at", "When", TIME, f"{path}__occurred_at"),
    ]


def _inquiry() -> list[Field]:
    """Ask about the lead's latest inquiry that is not a duplicate."""
    columns: list[tuple[str, str, FieldKind, Sequence[tuple[str, str]]]] = [
        ("intent", "Intent", CHOICE, Intent.choices),
        ("door", "Door", CHOICE, Door.choices),
        ("service", "Service", TEXT, ()),
        ("message", "Message", TEXT, ()),
        ("quote_value", "Quote value asked", NUMBER, ()),
        ("arrived_at", "Arrived", TIME, ()),
    ]
    fields = [
        Field(
            name=f"inquiry.{name}",
            label=label,
            group="Latest inquiry",
            kind=kind,
            column=_latest_inquiry(name),
            choices=tuple(choices),
        )
        for name, label, kind, choices in columns
    ]
    return [
        *fields,
        Field(
            name="inquiry.fields",
            label="Field of the form",
            group="Latest inquiry",
            kind=FieldKind.CUSTOM,
            column=_latest_inquiry("fields"),
            is_prefix=True,
        ),
    ]


def _behaviour() -> list[Field]:
    def field(kind: str, label: str) -> Field:
        key, detail = EVENT_DETAILS.get(kind, ("", ""))
        return Field(
            name=f"behaviour.{kind}",
            label=label,
            group="Behaviour",
            kind=FieldKind.BEHAVIOUR,
            event_kind=kind,
            detail_key=key,
            detail_label=detail,
        )

    return [field(kind, str(label)) for kind, label in EventKind.choices]


def _field(
    group: str, name: str, label: str, kind: FieldKind, column: str, *, choices: Sequence[tuple[str, str]] = ()
) -> Field:
    return Field(name=name, label=label, group=group, kind=kind, column=column, choices=tuple(choices))


def _country(group: str, name: str, column: str) -> Field:
    return Field(
        name=name, label="Country", group=group, kind=TEXT, column=column, choices=list_countries, read=read_country
    )


def _custom(group: str, name: str, label: str, column: str) -> Field:
    return Field(name=name, label=label, group=group, kind=FieldKind.CUSTOM, column=column, is_prefix=True)


def _latest_inquiry(column: str) -> Column:
    return lambda _now: Latest(column)


def read_territory(code: str) -> str:
    """Return the part of a postal code that territories are drawn by: `60201-1234` (ZIP+4) lies where 60201 does."""
    return re.sub(_ZIP_4, r"\1", normalise_postal_code(code))


def _postal_code(_now: datetime) -> Combinable:
    return Func(
        F("person__postal_code"), Value(_ZIP_4), Value(r"\1"), function="regexp_replace", output_field=TextField()
    )


def _mail_domain(_now: datetime) -> Combinable:
    at = StrIndex("person__email_norm", Value("@"))
    return Substr("person__email_norm", NullIf(at, Value(0)) + 1)
