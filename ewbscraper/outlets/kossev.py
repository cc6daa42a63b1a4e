"""KoSSev, https://kossev.info: WordPress, in Serbian and English. Not yet tried live."""

from ewbscraper.outlet import Feed, Outlet, WordPress

OUTLET = Outlet(
    slug="kossev",
    name="KoSSev",
    home="https://kossev.info/",
    country="XK",
    sources=(WordPress(), Feed(older=True)),
)
