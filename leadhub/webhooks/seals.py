"""Seal the endpoints' secrets anew under the first key. `leadhub reseal` and `leadhub doctor` call this."""

from collections import Counter

from leadhub.accounts.second_steps import Seal
from leadhub.lib.sealing import NotOpened, is_sealed_by_first, open_sealed, seal
from leadhub.tenancy.models import Organization
from leadhub.tenancy.scope import scope
from leadhub.webhooks.models import Endpoint

_SECRETS = ("secret", "former_secret")


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
    try:
        opened = {name: open_sealed(text) for name in _SECRETS if not _is_fine(text := getattr(endpoint, name))}
    except NotOpened:
        return False
    for name, text in opened.items():
        setattr(endpoint, name, seal(text))
    endpoint.save(update_fields=list(opened)) if opened else None
    return bool(opened)


def _is_fine(text: str) -> bool:
    return not text or is_sealed_by_first(text)


def _judge(endpoint: Endpoint) -> Seal:
    texts = [text for name in _SECRETS if (text := getattr(endpoint, name))]
    if all(is_sealed_by_first(text) for text in texts):
        return Seal.FIRST
    try:
        for text in texts:
            open_sealed(text)
    except NotOpened:
        return Seal.LOST
    return Seal.FORMER
