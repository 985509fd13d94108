"""Random leads for the condition tests, with what a naive reading needs to know of each."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from leadhub.accounts.models import Membership
from leadhub.leads.models import (
    Channel,
    Company,
    Door,
    Event,
    EventKind,
    Inquiry,
    Intent,
    Lead,
    Person,
    Stage,
    Touch,
    ValueSource,
)

WORDS = ["", "Google", "bing", "50% off", "a_b", "Siding", "siding repair", "O'Neil", "back\\slash"]
PAGES = ["/pricing", "/about", "/PRICING/plans"]


@dataclass
class Known:
    """One lead and everything about it that the tests ask for."""

    lead: Lead
    company: Company | None
    touch: Touch | None
    inquiry: Inquiry | None
    events: list[Event] = field(default_factory=list)


def make_leads(*, owner: Membership, now: datetime, count: int, seed: int) -> list[Known]:
    """Write random leads in the organization in scope."""
    chance = random.Random(seed)
    return [_make_lead(owner, now, chance, number) for number in range(count)]


def _make_lead(owner: Membership, now: datetime, chance: random.Random, number: int) -> Known:
    company = _make_company(now, chance, number)
    person = Person.objects.create(
        first_name=chance.choice(WORDS),
        email_norm=chance.choice(["", "a@gmail.com", f"p{number}@acme.test"]),
        is_free_mail=chance.random() < 0.5,
        company=company,
        custom=chance.choice([{}, {"size": "12"}, {"size": 7.5}, {"size": "many", "2": "two"}]),
        created_at=now,
    )
    touch = _make_touch(person, now, chance)
    value = chance.choice([None, Decimal(0), Decimal("99.50"), Decimal(1000)])
    lead = Lead.objects.create(
        person=person,
        number=1,
        owner=owner,
        stage=chance.choice([Stage.NEW, Stage.SAL]),
        source=chance.choice(WORDS),
        currency="USD",
        first_touch=touch,
        quote_value=value,
        quote_value_source="" if value is None else ValueSource.FORM,
        captured_at=now - timedelta(days=chance.choice([0, 1, 13, 15, 40]), hours=1),
        wakes_at=chance.choice([None, now - timedelta(days=3), now + timedelta(days=3)]),
        updated_at=now,
    )
    inquiry = _make_inquiries(lead, now, chance)
    return Known(lead, company, touch, inquiry, _make_events(lead, now, chance))


def _make_company(now: datetime, chance: random.Random, number: int) -> Company | None:
    if chance.random() < 0.4:
        return None
    return Company.objects.create(
        domain=f"c{number}.test",
        industry=chance.choice(WORDS),
        employees=chance.choice([None, 1, 50, 500]),
        created_at=now,
    )


def _make_touch(person: Person, now: datetime, chance: random.Random) -> Touch | None:
    if chance.random() < 0.4:
        return None
    channel = chance.choice([Channel.PAID_SEARCH, Channel.EMAIL])
    return Touch.objects.create(person=person, occurred_at=now, channel=channel, campaign=chance.choice(WORDS))


def _make_inquiries(lead: Lead, now: datetime, chance: random.Random) -> Inquiry | None:
    """Write up to two inquiries and a later duplicate; return the latest that counts."""
    latest = None
    for hours in sorted(chance.sample(range(1, 90), chance.randrange(3)), reverse=True):
        latest = Inquiry.objects.create(
            person=lead.person,
            lead=lead,
            door=Door.FORM,
            intent=chance.choice(Intent.values),
            message=chance.choice(WORDS),
            fields=chance.choice([{}, {"rooms": "3"}]),
            arrived_at=now - timedelta(hours=hours),
        )
    if latest:
        Inquiry.objects.create(
            person=lead.person, lead=lead, door=Door.CHAT, intent=Intent.HOT, duplicate_of=latest, arrived_at=now
        )
    return latest


def _make_events(lead: Lead, now: datetime, chance: random.Random) -> list[Event]:
    kinds = [EventKind.PAGE_VIEWED, EventKind.CALL_INBOUND]
    return [
        Event.objects.create(
            person=lead.person,
            lead=chance.choice([lead, None]),
            kind=chance.choice(kinds),
            properties=chance.choice([{}, {"page": chance.choice(PAGES)}]),
            occurred_at=now - timedelta(days=chance.choice([0, 2, 6, 20]), minutes=5),
            logged_at=now,
        )
        for _ in range(chance.randrange(5))
    ]
