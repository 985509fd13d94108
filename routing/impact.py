"""What it would do to switch a pool off, to take a member out of its turns, or to have it catch what no rule takes.

Asked by the pool's page.
"""

from datetime import datetime

from django.db.models import Sum
from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.leads.models.choices import OPEN_STAGES
from leadhub.leads.versions import find_published
from leadhub.web.confirmation import Effect
from routing.models import Assignment, Pool, PoolMember, RoutingRuleSet
from routing.pools import count_open_leads
from routing.rule_preview import count_hits, find_taker, list_hits
from routing.rules import list_rules
from routing.turn_preview import preview_turns
from routing.uses import list_kept_rules, name_rule


def list_pool_effects(pool: Pool) -> list[Effect]:
    """Say what switching the pool off does; rules in force that need it refuse it anyway."""
    opened = Assignment.objects.filter(pool=pool, ended_at=None, lead__stage__in=OPEN_STAGES).count()
    elsewhere = PoolMember.objects.exclude(pool=pool).filter(pool__is_active=True).values("member")
    stranded = PoolMember.objects.filter(pool=pool).exclude(member__in=elsewhere).select_related("member")
    names = ", ".join(row.member.name for row in stranded)
    effects = [Effect(f"{opened} open leads came through this pool: they keep their owners and deadlines.")]
    if names:
        effects.append(Effect(f"Without any other turns: {names}."))
    uses = [
        Effect(f"{name_rule(rule)} sends leads here.", reverse("routing_rules"))
        for rule in list_kept_rules().filter(pool=pool)
    ]
    return [*effects, *uses]


def list_catcher_effects(pool: Pool, *, now: datetime) -> list[Effect]:
    """Say what it does when the pool becomes the fallback: the last 30 days' leads by the live rules, and the clock."""
    live = find_published(RoutingRuleSet)
    rules = list_rules(rule_set=live) if live else []
    former = Pool.objects.filter(is_fallback=True).first()
    leads = moved = 0
    for _, index, owner_id, count in count_hits(list_hits([], rules, now=now)):
        rule = None if index is None else rules[index]
        takers = {find_taker(rule, owner_id=owner_id, fallback=each) for each in (former, pool)}
        leads, moved = leads + count, moved + (count if len(takers) > 1 else 0)
    instead = f" instead of {former.name}" if former else ""
    effects = [
        Effect(f"No rule takes {moved} of the {leads} leads of the last 30 days: such come here{instead}."),
        Effect("What is in no pool is promised an answer by this pool's promises and hours; running deadlines stay."),
    ]
    if not PoolMember.objects.filter(pool=pool, weight__gt=0).exists():
        effects.append(Effect("Nobody takes turns here yet: what comes goes to the duty manager."))
    return effects


def list_leaver_effects(pool: Pool, member: Membership, *, now: datetime) -> list[Effect]:
    """Say what taking the member out of the pool's turns does."""
    rows = PoolMember.objects.filter(pool=pool)
    total = rows.aggregate(total=Sum("weight"))["total"] or 0
    weight = rows.filter(member=member).aggregate(total=Sum("weight"))["total"] or 0
    others = rows.exclude(member=member).filter(weight__gt=0).count()
    opened = count_open_leads(members=[member.pk]).get(member.pk, 0)
    share = f"{100 * weight / total:.0f} %" if total else "none"
    passing = f"go to the {others} others" if others else "go to the duty manager: nobody else takes turns here"
    turns = preview_turns(pool=pool, member=member, weight=0, capacity=None, now=now)
    return [
        Effect(f"{member.name} takes {share} of this pool's turns: from now on they {passing}."),
        Effect(
            f"Of the {turns.leads} leads that came to these turns in the last 30 days {turns.changed.leads.live} were"
            f" theirs. Without them nobody would have had room for {turns.nobody.draft}."
        ),
        Effect(f"Their {opened} open leads stay theirs.", f"{reverse('lead_list')}?owner={member.pk}"),
    ]
