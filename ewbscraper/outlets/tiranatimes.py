"""Tirana Times, https://tiranatimes.com: WordPress, English. Not yet tried live."""

from ewbscraper.outlet import Feed, Outlet, WordPress

OUTLET = Outlet(
    slug="tiranatimes",
    name="Tirana Times",
    home="https://tiranatimes.com/",
    language="en",
    country="AL",
    timezone="Europe/Tirane",
    sources=(WordPress(), Feed(older=True)),
)
