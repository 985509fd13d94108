"""Seal the endpoints' secrets anew under the first key. `leadhub reseal` and `leadhub doctor` call this."""

from collections import Counter

from leadhub.accounts.second_steps import Seal
from leadhub.lib.sealing import NotOpened, is_sealed_by_first, open_sealed, seal
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from leadhub.webhooks.models import Endpoint


def reseal_endpoints() -> int:
    """Seal under the first key what is not yet, in every organization; return how many endpoints changed."""
    changed = 0
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with scope(organization_id):
            changed += sum(_reseal(one) for one in Endpoint.objects.select_for_update(no_key=True).order_by("pk"))
    return changed


def count_endpoint_seals() -> Counter[Seal]:
    """Return how many endpoints are sealed how."""
    found: Counter[Seal] = Counter()
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with scope(organization_id):
            found.update(_judge(endpoint) for endpoint in Endpoint.objects.only("secret", "former_secret"))
    return found


def _reseal(endpoint: Endpoint) -> bool:
    if _judge(endpoint) != Seal.FORMER:
        return False
    endpoint.secret = seal(open_sealed(endpoint.secret))
    endpoint.former_secret = " ".join(seal(open_sealed(text)) for text in endpoint.former_secret.split())
    endpoint.save(update_fields=["secret", "former_secret"])
    return True


def _judge(endpoint: Endpoint) -> Seal:
    texts = [endpoint.secret, *endpoint.former_secret.split()]
    if all(is_sealed_by_first(text) for text in texts):
        return Seal.FIRST
    try:
        for text in texts:
            open_sealed(text)
    except NotOpened:
        return Seal.LOST
    return Seal.FORMER
