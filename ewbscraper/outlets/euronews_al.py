"""Euronews Albania, https://euronews.al: WordPress, in Albanian and English. Not yet tried live."""

from ewbscraper.outlet import Feed, Outlet, WordPress

OUTLET = Outlet(
    slug="euronews-al",
    name="Euronews Albania",
    home="https://euronews.al/",
    country="AL",
    timezone="Europe/Tirane",
    sources=(WordPress(), Feed("/feed/", older=True), Feed("/en/feed/", older=True)),
)
