"""Load the demo: found the organization and play its last weeks. Called by `leadhub demo` and `leadhub up`."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from leadhub.demo.mail import turn_sequences_on, write_templates
from leadhub.demo.money import set_money
from leadhub.demo.nuisances import imagine_nuisances
from leadhub.demo.play import play_story
from leadhub.demo.team import found_team
from leadhub.demo.visitors import imagine_visitors
from leadhub.leads.models import Lead
from leadhub.live.models import Alert
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope

LEADS, DAYS, SEED = 300, 90, 1


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What was made."""

    organization: Organization
    leads: int
    form_key: str


def load_demo(
    *,
    now: datetime,
    leads: int = LEADS,
    days: int = DAYS,
    seed: int = SEED,
    step: Callable[[], None] = lambda: None,
) -> Loaded:
    """Make one more demo organization with `leads` arrivals over `days` days, all of it or nothing.

    The same seed at the same instant tells the same story. `step` is called after each arrival.
    """
    chance = random.Random(seed)
    visitors = imagine_visitors(chance=chance, count=leads, days=days, now=now)
    with transaction.atomic():
        team = found_team(now=now - timedelta(days=days + 1))
        with scope(team.founded.organization.id):
            turn_sequences_on(team=team, now=now - timedelta(days=days + 1))
            write_templates(team=team, now=now - timedelta(days=days + 1))
            set_money(team=team, chance=chance, leads=leads, days=days, now=now)
            form = team.forms["question"]
            nuisances = imagine_nuisances(chance=chance, form=form, leads=leads, days=days, now=now)
            play_story(team=team, visitors=visitors, nuisances=nuisances, chance=chance, now=now, days=days, step=step)
            Alert.objects.filter(created_at__lt=now - timedelta(days=1)).update(seen_at=F("created_at"))
            made = Lead.objects.count()
    return Loaded(organization=team.founded.organization, leads=made, form_key=team.forms["quote"].key)


def has_organizations() -> bool:
    """Say whether the installation has been used: the demo is loaded into an empty one only."""
    return Organization.objects.exists()
