"""N1 Serbia, https://n1info.rs: WordPress, in Serbian and English. Not yet tried live.

The editions n1info.ba, n1info.hr and n1info.si are newspapers of their own: `ewbscraper outlets new` adds them.
"""

from ewbscraper.outlet import Feed, Outlet, WordPress

OUTLET = Outlet(
    slug="n1",
    name="N1 Serbia",
    home="https://n1info.rs/",
    country="RS",
    sources=(WordPress(), Feed(older=True)),
)
