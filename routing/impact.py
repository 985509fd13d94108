"""What it would do to switch a pool off, or to take a member out of its turns. Asked by the pool's page."""

from django.db.models import Sum
from django.urls import reverse

from leadhub.accounts.models import Membership
from leadhub.leads.models.choices import OPEN_STAGES
from leadhub.web.confirmation import Effect
from routing.models import Assignment, Pool, PoolMember
from routing.pools import count_open_leads
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


def list_leaver_effects(pool: Pool, member: Membership) -> list[Effect]:
    """Say what taking the member out of the pool's turns does."""
    rows = PoolMember.objects.filter(pool=pool)
    total = rows.aggregate(total=Sum("weight"))["total"] or 0
    weight = rows.filter(member=member).aggregate(total=Sum("weight"))["total"] or 0
    others = rows.exclude(member=member).filter(weight__gt=0).count()
    opened = count_open_leads(members=[member.pk]).get(member.pk, 0)
    share = f"{100 * weight / total:.0f} %" if total else "none"
    passing = f"go to the {others} others" if others else "go to the duty manager: nobody else takes turns here"
    return [
        Effect(f"{member.name} takes {share} of this pool's turns: from now on they {passing}."),
        Effect(f"Their {opened} open leads stay theirs.", f"{reverse('lead_list')}?owner={member.pk}"),
    ]
