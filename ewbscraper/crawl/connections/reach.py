"""The guard of connections: what a name resolves to is looked at, and only that is connected to.

Whatever an address looks like, and whatever a name resolved to before, there is one way to a socket: Scrapy's handler
asks the reactor to resolve the host, also where that is a number, and connects to what it says.

1. the resolver     leaves out the addresses that the crawl may not reach, at each resolution
2. the connection   its other end is looked at before the request is sent
3. behind a proxy   the proxy resolves: only what a host is by itself, a number or localhost, can be looked at
"""

import re
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.resolver import CachingHostnameResolver
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.error import DNSLookupError
from twisted.python.failure import Failure
from twisted.web.client import HTTPConnectionPool

from ewbscraper.crawl.base import NewspaperSpider
from ewbscraper.crawl.connections.addresses import Reach, address_in, reach_of
from ewbscraper.crawl.connections.nameless import refuse_nameless

NOT_PUBLIC = "{host} is at {address}, which is no public address: not asked (docs/run-it-every-hour.md: `private=True`)"
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[\w.:-]+", re.ASCII)


class OutOfReach(IgnoreRequest):
    """A host is at an address that this crawl may not connect to; asking again would not help."""


class Attempt:
    """One connection: what its host resolved to."""

    def __init__(self, reach: Reach) -> None:
        self._reach, self._host = reach, ""
        self._taken, self._refused = set[str](), list[str]()

    def takes(self, host: str, port: int, address: str) -> bool:
        """Whether it may be connected to."""
        self._host = host
        allowed = self._reach.allows(host, port, address)
        if allowed:
            self._taken.add(address)
        else:
            self._refused.append(address)
        return allowed

    def connected(self, protocol: Any) -> Any:
        """Raises OutOfReach where the other end is none that was taken; nothing is sent to it."""
        peer = protocol.transport.getPeer().host
        if peer not in self._taken:
            protocol.transport.abortConnection()
            raise OutOfReach(NOT_PUBLIC.format(host=self._host or peer, address=peer))
        return protocol

    def failed(self, failure: Failure) -> Failure:
        """Raises OutOfReach where no address was left."""
        if self._refused and isinstance(failure.value, DNSLookupError):
            raise OutOfReach(NOT_PUBLIC.format(host=self._host, address=", ".join(dict.fromkeys(self._refused))))
        return failure


_attempt = ContextVar[Attempt | None]("_attempt", default=None)


class Resolver(CachingHostnameResolver):
    """In place of Scrapy's, which knows IPv4 only. What nobody answers for (a tunnel's proxy) has the least reach."""

    def resolveHostName(  # noqa: N802 -- Twisted's
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[Any] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Gives the receiver those addresses that may be connected to, none where there is none."""
        attempt = _attempt.get() or Attempt(reach_of(None))
        receiver: Any = _Filter(resolutionReceiver, attempt, hostName, portNumber)
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


class _Filter:
    def __init__(self, receiver: Any, attempt: Attempt, host: str, port: int) -> None:
        self.resolutionBegan, self.resolutionComplete = receiver.resolutionBegan, receiver.resolutionComplete
        self._receiver, self._attempt, self._host, self._port = receiver, attempt, host, port

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if self._attempt.takes(self._host, self._port, address.host):
            self._receiver.addressResolved(address)


class Handler(HTTP11DownloadHandler):
    """Every request of a crawl that is not answered before the wire goes through it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        refuse_nameless()
        self._pool = _Pool(self._pool, self._reach)

    def _reach(self) -> Reach:
        spider = self._crawler.spider
        return reach_of(spider.outlet if isinstance(spider, NewspaperSpider) else None)

    async def download_request(self, request: Request) -> Response:
        """Raises OutOfReach where the host must not be asked, and where its name can be none."""
        parts = urlparse_cached(request)
        host = parts.hostname or ""
        try:
            port = parts.port or _PORTS[parts.scheme]
            can_be = _HOST.fullmatch(host) is not None and bool(host.encode("idna"))
        except ValueError:  # a port of letters; a label of 70
            can_be = False
        if not can_be:
            raise OutOfReach(f"{parts.netloc[:100]!r} is no host")
        address = address_in(host) if request.meta.get("proxy") else None
        if address and not self._reach().allows(host, port, address):
            raise OutOfReach(NOT_PUBLIC.format(host=host, address=address))
        return await super().download_request(request)


class _Pool(HTTPConnectionPool):
    """Each new connection of it is an attempt, also one in place of a connection that was closed."""

    def __init__(self, scrapys: HTTPConnectionPool, reach: Callable[[], Reach]) -> None:
        vars(self).update(vars(scrapys))
        self._reach = reach

    def getConnection(self, key: Any, endpoint: Any) -> Deferred[Any]:  # noqa: N802
        if not isinstance(endpoint, TCP4ClientEndpoint):  # a tunnel to the operator's proxy
            endpoint = _Guarded(endpoint, self._reach)
        connection: Deferred[Any] = super().getConnection(key, endpoint)
        return connection


class _Guarded:
    def __init__(self, endpoint: Any, reach: Callable[[], Reach]) -> None:
        self._endpoint, self._reach = endpoint, reach

    def connect(self, protocolFactory: Any) -> Deferred[Any]:  # noqa: N803
        attempt = Attempt(self._reach())  # here: most requests take a connection that is there, which was looked at
        token = _attempt.set(attempt)
        try:
            connecting: Deferred[Any] = self._endpoint.connect(protocolFactory)  # begins to resolve before it returns
        finally:
            _attempt.reset(token)
        return connecting.addCallbacks(attempt.connected, attempt.failed)
