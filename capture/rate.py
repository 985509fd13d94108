"""Count the posts of one address at one form. Called by the door; too many mark a post as suspect, a flood is refused.

Of IPv6 a sender has a whole network of 2^64 addresses, which count as one.

Without Redis each process counts for itself (`leadhub.lib.rates`): a sender may then post once as often per process.
"""

import ipaddress
import time

from django.conf import settings

from leadhub.lib.rates import get_counter, parse_rate

FLOOD = 10  # so many times the rate would fill the disk with what nobody will look at


def measure_rate(*, form_key: str, address: str) -> float:
    """Count this post and return how many times what is allowed its address has posted to the form: over 1 is much."""
    rate = parse_rate(settings.FORM_RATE)
    if rate is None:
        return 0
    window = int(time.time()) // rate.seconds
    key = f"form-rate:{form_key}:{name_sender(address)}:{window}"
    return get_counter(settings.REDIS_URL).count(key, rate.seconds) / max(rate.times, 0.5)


def name_sender(address: str) -> str:
    """Return the address, or the network of an IPv6 one (RFC 4291 section 2.5.1)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 4 or parsed.ipv4_mapped:
        return str(parsed if parsed.version == 4 else parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
