"""Make up who arrives, when, from where, asking what. Pure chance from one seed."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from leadhub.demo.story import (
    AREA_CODES,
    CALLS,
    COMPANIES,
    FIRST_NAMES,
    LAST_NAMES,
    NOT_LEADS,
    QUESTIONS,
    SERVICES,
    SOURCES,
    STREETS,
    TIME_ZONE,
    TOWNS,
    Source,
)

# How many arrive in each hour of a day, from midnight: evenings and mornings are busy.
HOURS = (1, 1, 0, 0, 0, 1, 3, 5, 8, 10, 11, 10, 9, 8, 8, 9, 9, 10, 11, 12, 10, 7, 4, 2)
LATELY, JUST_NOW = 9 * 60, 25  # minutes
WEEKDAYS = (11, 11, 10, 10, 9, 6, 7)


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """One arrival: when, at which form (or `call`), with which fields, and what will come of it.

    `call_seconds` is how long a call lasted, 0 when nobody picked up.
    """

    at: datetime
    form: str
    call_seconds: int
    values: dict[str, Any]
    is_good: bool
    is_no_lead: bool
    price: int


def imagine_visitors(*, chance: random.Random, count: int, days: int, now: datetime) -> list[Visitor]:
    """Return the visitors of the last `days` days in the order of their arrival; some came in the last hours."""
    lately = min(count, max(2, count // 60))
    times = [_imagine_time(chance, days=days, now=now) for _ in range(count - lately)]
    times += [now - timedelta(minutes=chance.uniform(3, JUST_NOW if last == 0 else LATELY)) for last in range(lately)]
    times.sort()
    return [_imagine_visitor(chance, at=at, number=number) for number, at in enumerate(times)]


def _imagine_time(chance: random.Random, *, days: int, now: datetime) -> datetime:
    zone = ZoneInfo(TIME_ZONE)
    while True:
        day = now.astimezone(zone) - timedelta(days=chance.random() * days)
        if chance.random() * max(WEEKDAYS) > WEEKDAYS[day.weekday()]:
            continue
        hour = chance.choices(range(24), HOURS)[0]
        at = day.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60), microsecond=0)
        if now - timedelta(days=days) < at < now - timedelta(minutes=2):
            return at


def _imagine_visitor(chance: random.Random, *, at: datetime, number: int) -> Visitor:
    source = chance.choices(SOURCES, [source.weight for source in SOURCES])[0]
    service = chance.choice(SERVICES)
    kind = chance.choices(("quote", "question", "guide", "call"), (56, 15, 14, 15))[0]
    is_no_lead = kind == "question" and chance.random() < 0.25
    price = round(service.price * source.value_factor * chance.uniform(0.5, 1.7) / 50) * 50
    values = {**_imagine_person(chance, number), **dict(_imagine_session(chance, source, service.page))}
    if kind == "call":
        values.setdefault("phone", _imagine_phone(chance))
        values |= {"message": chance.choice(CALLS), "service": service.name, "intent": "hot", "quote_value": str(price)}
    if kind in ("quote", "call"):
        values |= _imagine_address(values)
    if kind == "quote":
        values |= {"message": chance.choice(service.messages), "service": service.name, "quote_value": str(price)}
    if kind == "question":
        values |= {"message": chance.choice(NOT_LEADS if is_no_lead else QUESTIONS), "service": service.name}
    return Visitor(
        at=at,
        form=kind,
        values=values,
        call_seconds=0 if chance.random() < 0.25 else chance.randint(40, 900),
        is_good=not is_no_lead and chance.random() < source.quality,
        is_no_lead=is_no_lead,
        price=price,
    )


def _imagine_person(chance: random.Random, number: int) -> dict[str, str]:
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    person = {"first_name": first, "last_name": last, "email": f"{first}.{last}{number}@example.com".lower()}
    if chance.random() < 0.2:
        company, domain = chance.choice(COMPANIES)
        person |= {"company": company, "email": f"{first}.{last}{number}@{domain}".lower(), "title": "Property manager"}
    if chance.random() < 0.75:
        person["phone"] = _imagine_phone(chance)
    return person


def _imagine_phone(chance: random.Random) -> str:
    return f"+1 {chance.choice(AREA_CODES)} 555 {chance.randrange(100, 200):04d}"


def _imagine_address(person: Mapping[str, str]) -> dict[str, str]:
    """Return where the person's house stands, near their telephone; some give its postal code only."""
    chance = random.Random(person["email"])  # their own: the turns of the story stay as they are
    near = [town for town in TOWNS if person.get("phone", "")[3:6] in town.area_codes]
    town = chance.choice(near or TOWNS)
    told = {"postal_code": chance.choice(town.postal_codes)}
    if chance.random() < 0.8:
        street = f"{chance.randrange(100, 3000)} {chance.choice(STREETS)}"
        told |= {"street": street, "city": town.name, "region": town.state}
    return told


def _imagine_session(chance: random.Random, source: Source, page: str) -> Iterator[tuple[str, str]]:
    """Yield the attribution fields that the visitor's browser would send."""
    if not source.values:
        return
    yield from {"landing_page": f"https://northwind.example{page}", **source.values}.items()
    campaign, term = chance.choice(source.campaigns), chance.choice(source.terms)
    if campaign:
        yield "utm_campaign", campaign
    if term:
        yield "utm_term", term
    if source.click_id:
        yield source.click_id, f"demo{chance.getrandbits(60):x}"
