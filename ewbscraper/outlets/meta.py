"""Meta.mk, https://meta.mk: WordPress, in Macedonian, Albanian and English. Not yet tried live."""

from ewbscraper.outlet import Feed, Outlet, WordPress

OUTLET = Outlet(
    slug="meta",
    name="Meta.mk",
    home="https://meta.mk/",
    country="MK",
    sources=(WordPress(), Feed(older=True)),
)
