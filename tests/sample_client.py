"""Asking the sample newspaper over real HTTP."""

from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ewbscraper.sample_site.server import SampleSite


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def get(site: SampleSite, path: str, **headers: str) -> tuple[int, bytes, Any]:
    """Status, body and headers; redirects are not followed."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with build_opener(NoRedirects).open(Request(site.url + path, headers=names), timeout=10) as answer:
            return answer.status, answer.read(), answer.headers
    except HTTPError as error:
        with error:
            return error.code, error.read(), error.headers
