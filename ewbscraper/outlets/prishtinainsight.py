"""Prishtina Insight, https://prishtinainsight.com: WordPress, English. Not yet tried live."""

from ewbscraper.outlet import Feed, Outlet, WordPress

OUTLET = Outlet(
    slug="prishtinainsight",
    name="Prishtina Insight",
    home="https://prishtinainsight.com/",
    language="en",
    country="XK",
    sources=(WordPress(), Feed(older=True)),
)
