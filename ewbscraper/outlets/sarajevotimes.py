"""Sarajevo Times, https://sarajevotimes.com: WordPress, English. Not yet tried live."""

from ewbscraper.outlet import Feed, Outlet, WordPress

OUTLET = Outlet(
    slug="sarajevotimes",
    name="Sarajevo Times",
    home="https://sarajevotimes.com/",
    language="en",
    country="BA",
    sources=(WordPress(), Feed(older=True)),
)
