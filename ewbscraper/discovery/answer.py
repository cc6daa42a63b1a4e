"""What a source answered becomes links: one file per kind of source does it, this one finds the file."""

from collections.abc import Mapping

from ewbscraper.discovery import feed, listing, sitemap, wordpress
from ewbscraper.discovery.link import Answer
from ewbscraper.discovery.payload import unpacked
from ewbscraper.outlet import Feed, Listing, Outlet, Sitemap, Source, WordPress


def first_address(source: Source, outlet: Outlet) -> str:
    """The address that a crawl asks first."""
    return outlet.address(wordpress.first_page(source) if isinstance(source, WordPress) else source.path)


def first_addresses(source: Source, outlet: Outlet) -> list[str]:
    """All addresses that a source begins at."""
    more = source.more if isinstance(source, Sitemap) else ()
    return [first_address(source, outlet), *map(outlet.address, more)]


def links_from(source: Source, outlet: Outlet, body: bytes, url: str, headers: Mapping[str, str]) -> Answer:
    """What the answer of `url` names: links to articles, and what to ask next.

    `body` may still be gzip. Raises SourceUnreadable with the reason in one sentence.
    """
    body = unpacked(body)
    match source:
        case WordPress():
            return wordpress.read(outlet, body, url, headers)
        case Sitemap():
            return sitemap.read(source, outlet, body, url)
        case Feed():
            return feed.read(source, outlet, body, url)
        case Listing():
            return listing.read(source, outlet, body, url, headers)


def is_complete(source: Source) -> bool:
    """Whether the source lists everything, so that what it no longer names is gone."""
    return isinstance(source, WordPress) or (isinstance(source, Sitemap) and not source.news)
