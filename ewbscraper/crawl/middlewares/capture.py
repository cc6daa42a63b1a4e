"""Every response goes into the WARC as received, before anything parses it: step 6.

Where an outlet's reservations are respected a response waits until its headers and the head of its page were looked
at: what is reserved is never written.
"""

from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured, StopDownload
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.web.http import RESPONSES

from ewbscraper.archive.warc.reader import Capture, Exchange
from ewbscraper.crawl.ask import why_truncated
from ewbscraper.crawl.base import FILE_OF_A_HOST, session_of
from ewbscraper.crawl.rights import why_not_kept
from ewbscraper.crawl.session import CrawlSession
from ewbscraper.errors import Reserved, Unwritable
from ewbscraper.outlet import RESPECT

CAPTURE = "ewb_capture"
"""Key of `request.meta` under which the latest Capture of a request lies."""

RESERVED = "ewb_reserved"
"""Key under which the reason lies why a response was not kept, where reservations are respected."""

_RECEIVED = "ewb_received"


class CaptureMiddleware:
    """Hands each exchange to the spider's session; off for spiders that have none (a dry run keeps nothing)."""

    def __init__(self, crawler: Crawler, session: CrawlSession) -> None:
        self._stats, self._session = crawler.stats, session
        self._limit = crawler.settings.getint("EWB_PAGE_LIMIT")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Also listens to the bytes as they come, to stop a body that never ends."""
        session = session_of(crawler)
        if session is None:
            raise NotConfigured
        middleware = cls(crawler, session)
        crawler.signals.connect(middleware.bytes_received, signal=signals.bytes_received)
        return middleware

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Raises StopDownload where the body is longer than EWB_PAGE_LIMIT: what came is kept."""
        request.meta[_RECEIVED] = request.meta.get(_RECEIVED, 0) + len(data)
        if request.meta[_RECEIVED] > self._limit:
            raise StopDownload(fail=False)

    def process_response(self, request: Request, response: Response) -> Response:
        """Captures the exchange with what is said of its rights, 304s excepted: they have no body and are counted.

        Raises IgnoreRequest where the WARC cannot be written: what was not kept is not had.
        """
        for of_an_earlier_answer in (_RECEIVED, CAPTURE, RESERVED):
            request.meta.pop(of_an_earlier_answer, None)
        self._session.count_response(len(response.body))
        if response.status == 304:
            self._stats.inc_value("ewb/not_modified")
            return response
        exchange = _exchange(request, response)
        rights = None if FILE_OF_A_HOST in request.meta else self._session.rights.of(exchange)
        if rights and self._session.outlet.rights == RESPECT and (why := why_not_kept(exchange, rights)):
            request.meta[RESERVED] = why
            self._stats.inc_value("ewb/reserved")
            return response
        try:
            request.meta[CAPTURE] = self._session.capture(exchange, rights)
        except Unwritable as error:
            raise IgnoreRequest(str(error)) from error
        self._stats.inc_value("ewb/captures")
        return response


def capture_of(response: Response) -> Capture:
    """Where a response lies in the WARC. Raises Reserved where it was not kept."""
    assert response.request is not None
    if why := response.request.meta.get(RESERVED):
        raise Reserved(why)
    capture: Capture = response.request.meta[CAPTURE]
    return capture


def _exchange(request: Request, response: Response) -> Exchange:
    return Exchange(
        url=response.url,
        method=request.method,
        status=response.status,
        protocol=response.protocol or "HTTP/1.1",
        reason=RESPONSES.get(response.status, b"").decode("ascii"),
        request_headers=[("Host", urlparse_cached(request).netloc), *_pairs(request)],  # Twisted adds it below us
        response_headers=_pairs(response),
        body=response.body,
        ip=str(response.ip_address) if response.ip_address else None,
        truncated=why_truncated(response),
    )


def _pairs(message: Request | Response) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in message.headers.items()
        for value in values
    ]
