"""Asking for a page, and saying in one sentence why it could not be had."""

from OpenSSL import SSL
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.misc import load_object
from service_identity import VerificationError
from twisted.python.failure import Failure

from ewbscraper.crawl.base import is_ending
from ewbscraper.errors import NotHad, Refused

ROBOTS = "robots.txt forbids it"
ELSEWHERE = "it leads to another host"
WITHHELD = "it was taken down, and is withheld"
NOWHERE = "it leads to no page"
ENDING = "the run ends"
INSECURE = "no secure connection to be trusted: {why} (docs/run-it-every-hour.md: certificates)"
REFUSED = "the site refuses robots ({status}): ask the publisher"


async def ask(crawler: Crawler, request: Request) -> Response:
    """The response, whatever its status, past robots.txt, retries and redirects. Raises NotHad, Refused."""
    assert crawler.engine is not None
    if is_ending(crawler):
        raise NotHad(ENDING)
    try:
        return await crawler.engine.download_async(request)
    except errors(crawler) as error:
        raise (Refused if isinstance(error, IgnoreRequest) else NotHad)(sentence(error)) from error


def sentence(error: BaseException | None) -> str:
    """Why there was no response, in one line with the error's kind."""
    inner = getattr(error, "reasons", None) or getattr(error and error.__cause__, "reasons", None)
    if isinstance(inner, list) and inner and isinstance(inner[0], Failure):
        return sentence(inner[0].value)
    if isinstance(error, SSL.Error):
        said = ", ".join(one[-1] for one in error.args[0]) if error.args else "it was cut"
        return INSECURE.format(why=said or type(error).__name__)
    if isinstance(error, VerificationError):
        return INSECURE.format(why="its certificate is another host's")
    text = " ".join(str(error).split())
    if isinstance(error, IgnoreRequest):
        return text
    return f"{type(error).__name__}: {text}"[:300]


def whole(response: Response) -> Response:
    """The response, where it can be used. Raises NotHad with the reason where it cannot, Refused."""
    truncated = why_truncated(response)
    if truncated == "length":
        raise NotHad(f"longer than {len(response.body) / 1e6:.0f} MB: cut")
    if truncated and not response.body.rstrip().lower().endswith(b"</html>"):  # else Content-Length is wrong
        raise NotHad(f"cut off after {len(response.body)} bytes")
    if response.status in (401, 403) or response.headers.get("cf-mitigated"):
        raise Refused(REFUSED.format(status=response.status))
    if response.status >= 400:
        raise NotHad(f"the server answered {response.status}")
    return response


def why_truncated(response: Response) -> str | None:
    """WARC's word for a body that is not whole, None for a whole one."""
    if "download_stopped" in response.flags:
        return "length"
    return "disconnect" if "dataloss" in response.flags else None


def header(response: Response, name: str) -> str | None:
    """A header's text, or None."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def headers_of(response: Response) -> dict[str, str]:
    """All headers; of a repeated one the last."""
    return {name: header(response, name) or "" for name in map(bytes.decode, response.headers)}


def conditional(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Headers that let a server answer 304.

    Behind gzip nginx makes a tag weak, which WordPress 6.1 does not know again, and Apache hangs `-gzip` on it, which
    it does not know again itself: If-None-Match compares weakly (RFC 9110, 13.1.2), so the plain tag is as good.
    """
    plain = etag.removeprefix("W/") if etag else None
    if plain and plain.endswith('-gzip"'):
        plain = plain + ", " + plain.removesuffix('-gzip"') + '"'
    headers = {"If-None-Match": plain, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}


def errors(crawler: Crawler) -> tuple[type[Exception], ...]:
    """What a download may raise: refusals of middlewares, and the very list that Scrapy retries on."""
    return (IgnoreRequest, *(load_object(name) for name in crawler.settings.getlist("RETRY_EXCEPTIONS")))
