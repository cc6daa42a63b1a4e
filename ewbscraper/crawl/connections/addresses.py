"""Which addresses a crawl may connect to: public ones, and those that the operator named."""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies

from w3lib.url import safe_url_string

from ewbscraper.outlet import Outlet

_NOT_PUBLIC_EITHER = (
    ip_network("192.0.0.0/24"),  # of protocols, and of a cloud's metadata; Python before 3.13 calls most of it global
    ip_network("168.63.129.16/32"),  # a cloud's own server, by a public number
)
_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is given out to the world; what is outside of it is ours, reserved, multicast or an IPv4 address."""
_NAT64 = IPv6Network("64:ff9b::/96")
_WEB = frozenset((80, 443))

Place = tuple[str, int | None]
"""Host as requests have it, without `www.`, and port; None: any."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the whole world's; an IPv4 address inside of an IPv6 one must be so itself."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        if inside := ip.ipv4_mapped or ip.sixtofour:  # Python 3.13 calls no 6to4 address global
            return is_public(str(inside))
        if ip in _NAT64:
            return is_public(str(IPv4Address(ip.packed[-4:])))
        return ip.is_global and ip in _UNICAST and ip.teredo is None
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in _NOT_PUBLIC_EITHER)


def address_in(host: str) -> str | None:
    """The IP address that a host is by itself, in any spelling: `127.1`, `2130706433`, `::1`; None for other names."""
    host = host.rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):  # never asked of a name server: RFC 6761
        return "127.0.0.1"
    try:
        return str(socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)[0][4][0])
    except (socket.gaierror, UnicodeError):
        return None


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the crawl of one outlet may connect to."""

    places: frozenset[Place] = frozenset()
    """They may be at any address."""

    def allows(self, host: str, port: int, address: str) -> bool:
        """Whether a host may be asked at this IP address."""
        host = _plain(host)
        return is_public(address) or not self.places.isdisjoint(((host, port), (host, None)))


def reach_of(outlet: Outlet | None) -> Reach:
    """Places of the outlet that are not public and whose operator knows it: numbers, localhost, `private=True`.

    And the operator's proxies.
    """
    proxies = {(_plain(proxy.hostname or ""), None) for proxy in map(_netloc, _proxies())}
    if outlet is None:
        return Reach(frozenset(proxies))
    named = [urlsplit(safe_url_string(outlet.home)), *map(_netloc, outlet.media_hosts)]
    meant = [parts for parts in named if outlet.private or _is_meant(parts.hostname or "")]
    places = {(_plain(parts.hostname or ""), port) for parts in meant for port in _ports(parts)}
    return Reach(frozenset(places | proxies))


def _is_meant(host: str) -> bool:
    address = address_in(host)
    return address is not None and not is_public(address)


def _ports(parts: SplitResult) -> frozenset[int]:
    usual = parts.port is None or (parts.scheme, parts.port) in (("http", 80), ("https", 443))
    return _WEB if usual else frozenset([parts.port or 0])


def _proxies() -> list[str]:
    return [url.rpartition("//")[2] for scheme, url in getproxies().items() if scheme in ("http", "https")]


def _netloc(text: str) -> SplitResult:
    return urlsplit(f"//{text}")


def _plain(host: str) -> str:
    """As requests have it: Twisted asks for `вести.срб` where the address has `xn--...`."""
    return host.encode("idna").decode().lower().removeprefix("www.")
