"""What the demo's marketing costs and what it should bring: spend by campaign and week, and the month's targets."""

import math
import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from capture.channels import choose_channel
from leadhub.demo.story import SOURCES, TIME_ZONE
from leadhub.demo.team import Team
from leadhub.leads.models import Channel
from reporting.models import Metric
from reporting.spend import SpendLine, enter_spend
from reporting.targets import set_target

CURRENCY = "USD"


def set_money(*, team: Team, chance: random.Random, leads: int, days: int, now: datetime) -> None:
    """Let Max set targets a little above what usually comes, and enter what every campaign cost after each week."""
    zone, began_at = ZoneInfo(TIME_ZONE), now - timedelta(days=days)
    for metric, value in _imagine_targets(a_month=leads * 30 / days).items():
        set_target(metric=metric, month=began_at.astimezone(zone).date(), value=value, actor=team.max, now=began_at)
    for line in _imagine_spend(chance=chance, leads=leads, days=days, now=now):
        known_at = datetime.combine(line.last_on + timedelta(days=1), time(8, 40), zone)
        enter_spend(line=line, actor=team.max, now=min(known_at, now))


def _imagine_spend(*, chance: random.Random, leads: int, days: int, now: datetime) -> Iterator[SpendLine]:
    today = now.astimezone(ZoneInfo(TIME_ZONE)).date()
    total = sum(source.weight for source in SOURCES)
    for source in (source for source in SOURCES if source.cost_per_lead):
        a_day = leads * source.weight / total * source.cost_per_lead / days / len(source.campaigns)
        name = source.values.get("utm_source", "")
        # Organic search has no links of ours: what it costs is known of the channel alone.
        channel = choose_channel(source=name, medium=source.values["utm_medium"]) if name else Channel.ORGANIC_SEARCH
        for campaign in source.campaigns:
            for start in range(days, 0, -7):
                length = min(7, start)
                first_on = today - timedelta(days=start)
                yield SpendLine(
                    channel=channel,
                    source=name,
                    campaign=campaign,
                    first_on=first_on,
                    last_on=first_on + timedelta(days=length - 1),
                    amount=Decimal(round(a_day * length * chance.uniform(0.75, 1.25))),
                    currency=CURRENCY,
                )


def _imagine_targets(*, a_month: float) -> dict[Metric, Decimal]:
    return {
        Metric.QUALIFIED_LEADS: Decimal(math.ceil(a_month * 0.65)),
        Metric.QUOTE_VALUE: Decimal(math.ceil(a_month * 0.52) * 10_500),
        Metric.PIPELINE: Decimal(math.ceil(a_month * 0.03) * 11_000),
        Metric.REVENUE: Decimal(math.ceil(a_month * 0.11) * 11_000),
        Metric.COST_PER_QUALIFIED_LEAD: Decimal(210),
        Metric.LEAD_TO_MQL_RATE: Decimal("0.7"),
        Metric.MQL_ACCEPTANCE_RATE: Decimal("0.9"),
        Metric.FIRST_ATTEMPT_SECONDS: Decimal(30 * 60),
        Metric.FIRST_CONTACT_SECONDS: Decimal(12 * 3600),
        Metric.STAGE_VELOCITY_DAYS: Decimal(14),
    }
