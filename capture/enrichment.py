"""The line's `enrich` step: what the submission already tells of the person, offline. Called by the line.

A field `country`, or one of that kind → country. Phone → country, region and time zone (Google's phone number
library, geocoding as packaged). The address's country domain → country where both are silent. E-mail, employer and
name parts are identity's own work. Nothing that is known is overwritten, but a country
by that of an address that they give.
A form's boxes of the kind consent → what the person agreed to, when, and by which words.
"""

from collections.abc import Mapping
from typing import Any

import phonenumbers

from capture.addresses import read_address
from capture.queries import FORM
from leadhub.leads.consent import record_consent
from leadhub.leads.models import Person
from leadhub.leads.normal import mail_domain
from leadhub.leads.walk import Walk
from leadhub.lib.countries import read_country

_COLUMNS = {"country": 2, "region": 120, "time_zone": 64}
# Country domains that anybody may use, so that they say nothing of a place.
_GENERIC = frozenset(["ai", "cc", "co", "fm", "gg", "io", "is", "la", "ly", "me", "nu", "sh", "so", "to", "tv", "ws"])
_ISO_OF_DOMAIN = {"uk": "GB", "eu": ""}
_NO = frozenset(["no", "false", "0", "off"])


def enrich(walk: Walk) -> None:
    """Fill in the person's country, region and time zone where they are not known, and note what they agreed to."""
    person = walk.person
    answer, phone, home = _read_answer(walk), _read_phone(person), _read_home(walk)
    told = _follow_home(person, home=home, answer=answer, phone=phone)
    is_elsewhere = answer and answer["country"] != phone.get("country")
    if is_elsewhere or person.street or person.postal_code or person.city:
        phone.pop("region", "")  # a part of another country, or not where they say that they are: numbers move along
    found = {**_read_domain(person), **phone, **answer}
    told |= {name: value[: _COLUMNS[name]] for name, value in found.items() if value and not getattr(person, name)}
    for name, value in told.items():
        setattr(person, name, value)
    if told:
        person.save(update_fields=list(told))
    _note_consents(walk)


def _read_home(walk: Walk) -> dict[str, str]:
    """Return the parts of an address that the arrival tells of."""
    if walk.inquiry is None or FORM not in walk.notes:
        return {}
    form = walk.notes[FORM]
    return read_address(walk.inquiry.fields, fields=form.fields if form else ())


def _follow_home(
    person: Person, *, home: Mapping[str, str], answer: Mapping[str, str], phone: Mapping[str, str]
) -> dict[str, str]:
    """Return what an address that they give changes: its country, and no region that a number only hinted at."""
    if not home.keys() & {"street", "postal_code", "city"}:
        return {}
    is_hinted = "region" not in home and person.region not in ("", person.city)
    told = {"region": ""} if is_hinted and person.region == phone.get("region") else {}
    return told | {name: value for name, value in answer.items() if value != getattr(person, name)}


def _note_consents(walk: Walk) -> None:
    """Record the boxes that were answered; one that a browser leaves empty says nothing."""
    inquiry = walk.inquiry
    for box in _list_fields(walk, kind="consent"):
        purpose = box["name"]
        if inquiry and purpose in inquiry.fields:
            record_consent(
                person=walk.person,
                purpose=purpose,
                is_given=str(inquiry.fields[purpose]).lower() not in _NO,
                source=f"{walk.notes[FORM].name}: {box.get('label') or purpose}",
                now=inquiry.arrived_at,
            )


def _list_fields(walk: Walk, *, kind: str) -> list[dict[str, Any]]:
    """Return the fields of the kind that the form has; none where it is no form's submission that walks."""
    form = walk.notes.get(FORM)
    return [field for field in (form.fields if form else ()) if field.get("kind") == kind]


def _read_answer(walk: Walk) -> dict[str, str]:
    """Return the country that they named themselves; one that we do not know stays among their answers only."""
    asked = {"country", *(field["name"] for field in _list_fields(walk, kind="country"))}
    answers = walk.inquiry.fields if walk.inquiry else {}
    told = [str(answer) for name, answer in answers.items() if name.lower() in asked]
    codes = {code for code in map(read_country, told) if code}
    return {"country": codes.pop()} if len(codes) == 1 else {}


def _read_phone(person: Person) -> dict[str, str]:
    if not person.phone_e164:
        return {}
    # Seconds to import and much memory: only for the processes that enrich.
    from phonenumbers import geocoder
    from phonenumbers import timezone as phone_zones

    number = phonenumbers.parse(person.phone_e164, None)
    country = phonenumbers.region_code_for_number(number) or ""
    zones = [zone for zone in phone_zones.time_zones_for_number(number) if "/" in zone and not zone.startswith("Etc/")]
    place = geocoder.description_for_number(number, "en")
    return {
        "country": country if len(country) == 2 else "",
        "region": "" if place == geocoder.country_name_for_number(number, "en") else place,
        "time_zone": zones[0] if len(zones) == 1 else "",
    }


def _read_domain(person: Person) -> dict[str, str]:
    suffix = mail_domain(person.email_norm).rpartition(".")[2]
    if len(suffix) != 2 or suffix in _GENERIC:
        return {}
    country = _ISO_OF_DOMAIN.get(suffix, suffix.upper())
    return {"country": country if country in phonenumbers.SUPPORTED_REGIONS else ""}
