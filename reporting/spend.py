"""Ad spend: entered, changed and deleted by a marketer. Called by the spend page, its upload and the API.

An amount belongs to a channel, to one of its sources, or to a campaign, over whole days. The same level and days
again is the same spend, so that nothing is counted twice.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leadhub.accounts.audit import record_change
from leadhub.accounts.models import Membership
from leadhub.leads.models import Channel
from leadhub.leads.values import require_amount
from leadhub.lib.errors import DomainError
from reporting.models import Spend
from reporting.periods import MAX_DAYS

KEY = ("channel", "source", "campaign", "first_on", "last_on")
COLUMNS = (*KEY, "amount", "currency")


class BadSpend(DomainError):
    """Something about the spend makes no sense."""


class SpendKnown(DomainError):
    """There is spend for exactly this level and these days."""

    def __init__(self) -> None:
        super().__init__("There is spend for exactly this and these days already: change that one.", field="first_on")


@dataclass(frozen=True, kw_only=True)
class SpendLine:
    """What was spent: on a channel, a source of it (lower case, as visits carry it) or a campaign."""

    channel: Channel
    source: str = ""
    campaign: str = ""
    first_on: date
    last_on: date
    amount: Decimal
    currency: str


def require_line(line: SpendLine) -> SpendLine:
    """Return the line with source and campaign as leads carry them; raise `BadSpend` or `ImpossibleAmount`."""
    if line.channel == Channel.UNKNOWN:
        raise BadSpend("Choose the channel that the money was spent on.", field="channel")
    if line.first_on > line.last_on:
        raise BadSpend("The first day must not be after the last.", field="first_on")
    if (line.last_on - line.first_on).days >= MAX_DAYS:
        raise BadSpend("Enter at most five years at once.", field="last_on")
    currency = line.currency.strip().upper()
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise BadSpend("Write the currency as three letters, such as USD.", field="currency")
    return SpendLine(
        channel=line.channel,
        source=line.source.strip().lower()[:200],
        campaign=line.campaign.strip()[:300],
        first_on=line.first_on,
        last_on=line.last_on,
        amount=require_amount(line.amount, field="amount"),
        currency=currency,
    )


def enter_spend(*, line: SpendLine, actor: Membership, now: datetime) -> Spend:
    """Write new spend. Raises `BadSpend`, `ImpossibleAmount`, `SpendKnown`."""
    line = require_line(line)
    _require_new(line, former=None)
    spend = Spend.objects.create(**read_columns(line), entered_by=actor, updated_at=now)
    _audit(spend, "spend.entered", actor=actor, now=now, before={}, after=describe_spend(spend))
    return spend


def change_spend(*, spend: Spend, line: SpendLine, actor: Membership, now: datetime) -> Spend:
    """Change spend; the same again changes nothing. Raises `BadSpend`, `ImpossibleAmount`, `SpendKnown`."""
    line = require_line(line)
    _require_new(line, former=spend)
    before = describe_spend(spend)
    for name, value in read_columns(line).items():
        setattr(spend, name, value)
    after = describe_spend(spend)
    if before != after:
        spend.entered_by, spend.updated_at = actor, now
        spend.save(update_fields=[*read_columns(line), "entered_by", "updated_at"])
        _audit(spend, "spend.changed", actor=actor, now=now, before=before, after=after)
    return spend


def delete_spend(*, spend: Spend, actor: Membership, now: datetime) -> None:
    """Delete spend; the audit log keeps what it was."""
    if Spend.objects.filter(pk=spend.pk).delete()[0]:
        _audit(spend, "spend.deleted", actor=actor, now=now, before=describe_spend(spend), after={})


def describe_spend(spend: Spend) -> dict[str, str]:
    """Return the spend as the audit log writes it."""
    return {name: str(getattr(spend, name)) for name in COLUMNS}


def read_key(line: Spend | SpendLine) -> tuple[Any, ...]:
    """Return what makes it the same spend as another."""
    return tuple(getattr(line, name) for name in KEY)


def read_columns(line: SpendLine) -> dict[str, Any]:
    """Return the line as the table's columns."""
    return {name: getattr(line, name) for name in COLUMNS}


def name_level(line: Spend | SpendLine) -> str:
    """Return what the money was spent on, in words."""
    return " › ".join(part for part in (str(Channel(line.channel).label), line.source, line.campaign) if part)


def _require_new(line: SpendLine, *, former: Spend | None) -> None:
    same = Spend.objects.filter(**dict(zip(KEY, read_key(line), strict=True)))
    if any(pk != (former and former.pk) for pk in same.values_list("pk", flat=True)):
        raise SpendKnown


def _audit(
    spend: Spend, action: str, *, actor: Membership, now: datetime, before: dict[str, str], after: dict[str, str]
) -> None:
    record_change(
        actor=actor,
        action=action,
        target_kind="spend",
        target_id=spend.pk,
        summary=f"Spend on {name_level(spend)}, {_write_day(spend.first_on)} to {_write_day(spend.last_on)}"[:300],
        now=now,
        before=before,
        after=after,
    )


def _write_day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
