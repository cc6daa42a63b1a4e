"""WordPress' REST list of posts: a hundred at a time, the newest change first."""

import json
from collections.abc import Mapping
from datetime import UTC
from textwrap import shorten
from typing import Any
from zoneinfo import ZoneInfo

from w3lib.url import add_or_replace_parameter, url_query_parameter

from ewbscraper.discovery.link import Answer, Link, articles_among, further, header
from ewbscraper.discovery.moment import from_iso
from ewbscraper.discovery.payload import not_a
from ewbscraper.errors import SourceUnreadable
from ewbscraper.outlet import Outlet, WordPress

PER_PAGE = 100
"""The most that WordPress gives at once."""

_QUERY = (
    f"per_page={PER_PAGE}&page=1&orderby=modified&order=desc"
    "&_fields=id,link,modified,modified_gmt,type,content.protected"
)

PAST_THE_LAST = "rest_post_invalid_page_number"
"""WordPress' word, with status 400, for a page after the last."""


def first_page(source: WordPress) -> str:
    """Path and query of the first page."""
    return source.path + ("&" if "?" in source.path else "?") + _QUERY


def read(outlet: Outlet, body: bytes, url: str, headers: Mapping[str, str]) -> Answer:
    """One page of the list; the page after the last is an answer without links."""
    posts = _posts(body)
    zone = ZoneInfo(outlet.timezone)
    links = [Link(post["link"], _changed(post, zone), _protected(post)) for post in posts]
    return Answer(
        articles_among(links, outlet, url),
        further(_next_page(url, len(posts), _number(header(headers, "X-WP-TotalPages"))), outlet, url),
        _number(header(headers, "X-WP-Total")),
    )


def _posts(body: bytes) -> list[dict[str, Any]]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise not_a("a REST list of posts", body) from error
    if isinstance(answer, dict) and answer.get("code") == PAST_THE_LAST:
        return []
    if isinstance(answer, dict) and "code" in answer:
        message = shorten(str(answer.get("message", "")), 200)
        raise SourceUnreadable(f"WordPress answers {answer['code']}: {message}")
    if not isinstance(answer, list) or not all(_is_post(post) for post in answer):
        raise not_a("a REST list of posts", body, "no list of objects that have a link")
    return answer


def _is_post(post: object) -> bool:
    return isinstance(post, dict) and isinstance(post.get("link"), str)


def _changed(post: Mapping[str, Any], zone: ZoneInfo) -> str | None:
    """The local time, in the outlet's zone.

    `modified_gmt` is an hour late where the UTC time, read as local time, falls into the hour that summer
    time skips; it only decides which of the two hours is meant when clocks go back.
    """
    early, late = (from_iso(post.get("modified"), zone, fold) for fold in (0, 1))
    gmt = from_iso(post.get("modified_gmt"), UTC)
    return late if late == gmt else early or gmt


def _protected(post: Mapping[str, Any]) -> bool:
    content = post.get("content")
    return isinstance(content, dict) and content.get("protected") is True


def _next_page(url: str, posts: int, pages: int | None) -> tuple[str, ...]:
    """The address of the next page; where no header says how many there are, a full page has a next one."""
    page = _number(url_query_parameter(url, "page") or "") or 1
    last = pages if pages is not None else page + (posts >= PER_PAGE)
    return (add_or_replace_parameter(url, "page", str(page + 1)),) if posts and page < last else ()


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
