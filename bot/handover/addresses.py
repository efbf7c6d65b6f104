"""Which addresses of the internet a clinic's server may have.

A clinic names a web address and this program calls it from inside the operator's network. Without
a check it could be made to call what only this machine can reach: a database, a router, the cloud's
metadata. So only addresses that anybody could reach are called.
"""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that a gateway turns into the IPv4 address of their last 32 bits (RFC 6052)."""

_SPECIAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",  # behind a provider's address translation (RFC 6598)
        "192.0.0.0/24",  # protocol assignments (RFC 6890); a cloud's metadata among them
        "192.88.99.0/24",  # relays of 6to4, no longer in use (RFC 7526)
        "64:ff9b:1::/48",  # translation within a network (RFC 8215)
        "2001::/23",  # protocol assignments (RFC 2928)
        "fec0::/10",  # site-local, no longer in use (RFC 3879)
    )
)
"""Not for everybody, though not every version of Python's own list says so."""


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody could reach; False for what is none at all.

    False for private, loopback, link-local, shared (CGNAT), multicast, reserved and documentation
    addresses, the metadata services among them; and for every IPv6 address that leads to such an
    IPv4 address (mapped, 6to4, NAT64).
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    # An address with a zone (fe80::1%eth0) is one of this machine's own links.
    return "%" not in address and _is_public(parsed)


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return _is_public(inner)
    if any(address in network for network in _SPECIAL):
        return False
    return address.is_global and not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
