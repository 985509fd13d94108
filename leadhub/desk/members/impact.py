"""What it would do to end a member's access: asked by the member's page before it is done."""

from urllib.parse import urlencode

from django.urls import reverse

from leadhub.accounts.models import ApiKey, Membership
from leadhub.leads.conditions.uses import find_uses
from leadhub.leads.models import Company, Lead, Task
from leadhub.web.confirmation import Effect
from routing.models import PoolMember
from routing.uses import list_kept_rules, name_rule


def list_departure_effects(member: Membership) -> list[Effect]:
    """Say what ending the member's access does, the heaviest first; what is none is left out."""
    leads = f"{reverse('lead_list')}?{urlencode({'owner': str(member.pk)})}"
    counted = [
        (Lead.objects.open().filter(owner=member).count(), "open leads go on to whom the rules choose now.", leads),
        (Task.objects.filter(member=member, done_at=None).count(), "promised tasks go on with their leads.", leads),
        (PoolMember.objects.filter(member=member).count(), "pools lose their turns.", reverse("pool_list")),
        (Company.objects.filter(owner=member).count(), "companies lose their owner.", ""),
        (
            ApiKey.objects.filter(member=member, revoked_at=None).count(),
            "API keys that act as them stop working.",
            reverse("api_key_list"),
        ),
    ]
    effects = [Effect(f"{number} {words}", url) for number, words, url in counted if number]
    named = [
        Effect(f"{name_rule(rule)} names them: its leads go to the fallback pool.", reverse("routing_rules"))
        for rule in list_kept_rules().filter(member=member)
    ]
    asked = [Effect(f"{rule.words} asks about them.", rule.url) for rule in find_uses(value=str(member.pk))]
    return [Effect(f"{member.name} can no longer log in."), *effects, *named, *asked]
