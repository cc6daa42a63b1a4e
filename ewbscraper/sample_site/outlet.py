"""The sample newspaper as an outlet: what a definition needs where the pages are well made."""

from ewbscraper.outlet import Feed, Outlet, Sitemap, WordPress

NAME = "The Lipa Gazette"


def sample_outlet(home: str) -> Outlet:
    """The newspaper served at `home` (`SampleSite.url`)."""
    return Outlet(
        slug="sample",
        name=NAME,
        home=home,
        sources=(WordPress(), Feed(), Sitemap(only="posts")),
        article_url=r"^/\d{4}/\d\d/\d\d/",
    )
