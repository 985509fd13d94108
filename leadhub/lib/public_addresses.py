"""Which addresses a call of ours may reach: those of the public internet only. `http_client` asks.

A URL that a customer types must not reach what stands beside us: loopback, private and link-local networks, the
metadata services of clouds, nor an IPv4 address of those that hides in an IPv6 one (OWASP, Server-Side Request
Forgery Prevention Cheat Sheet).
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# What the registry of special addresses leaves out, or names only in later Pythons: protocol assignments (with
# Oracle's metadata service), 6to4's relays, and Azure's platform, which has a public address.
_REFUSED = [ip_network("192.0.0.0/24"), ip_network("192.88.99.0/24"), ip_network("168.63.129.16/32")]
_UNICAST = IPv6Network("2000::/3")  # RFC 4291 section 2.4: all that was ever assigned
_TUNNELS = [IPv6Network("2001::/32"), IPv6Network("2002::/16")]  # Teredo and 6to4 carry an IPv4 address
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: how a network without IPv4 names the addresses of the other


def is_public(text: str) -> bool:
    """Say whether the IP address is one of the public internet; its own words for it may be of either version."""
    address = ip_address(text)
    return _is_public_4(address) if isinstance(address, IPv4Address) else _is_public_6(address)


def _is_public_4(address: IPv4Address) -> bool:
    is_refused = any(address in network for network in _REFUSED)
    return address.is_global and not address.is_multicast and not address.is_reserved and not is_refused


def _is_public_6(address: IPv6Address) -> bool:
    if address.ipv4_mapped:
        return _is_public_4(address.ipv4_mapped)
    if address in _NAT64:
        return _is_public_4(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _UNICAST and address.is_global and not any(address in tunnel for tunnel in _TUNNELS)
