"""Danas, https://danas.rs: WordPress, Serbian in Latin letters. Not yet tried live."""

from ewbscraper.outlet import Feed, Outlet, WordPress

OUTLET = Outlet(
    slug="danas",
    name="Danas",
    home="https://danas.rs/",
    language="sr-Latn",
    country="RS",
    sources=(WordPress(), Feed(older=True)),
    headline="h1.post-title",
    standfirst=".post-intro-title",
)
