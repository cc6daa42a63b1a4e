"""European Western Balkans, https://europeanwesternbalkans.com: WordPress, very probably the theme PenNews.

Byline and times are taken inside the entry's meta line only, and the headline not as `.entry-title`: the trending
bar, the related posts and the list pages use the same classes.
"""

from ewbscraper.outlet import Feed, Outlet, Sitemap, WordPress

META = ".penci-entry-meta"

OUTLET = Outlet(
    slug="ewb",
    name="European Western Balkans",
    home="https://europeanwesternbalkans.com/",
    language="en",
    country="RS",
    sources=(WordPress(), Feed("/feed/"), Sitemap("/sitemap_index.xml"), Sitemap("/wp-sitemap.xml")),
    article_url=r"^/\d{4}/\d{2}/\d{2}/[^/]+/?$",
    headline=("h1.penci-entry-title", "h1.entry-title"),
    byline=(f"{META} .penci-byline .author", ".entry-meta .byline .author"),
    published=(f"{META} time.published", ".entry-meta time.published"),
    modified=f"{META} time.updated:not(.published)",
    sections=(".penci-entry-categories .penci-cat-links a", ".cat-links a"),
    tags=(".penci-tags-links a", ".tags-links a"),
    body=(".penci-entry-content", "article .entry-content"),
    leave_out=".sharedaddy, .page-links, .penci-post-related",
    related_posts=(".penci-post-related .item-related", ".penci-post-related"),
    next_pages=".penci-entry-content .page-links a",
)
