"""Rules of taking a page apart, each on a small invented page."""

import pytest

from ewbscraper.article import Article
from ewbscraper.errors import NoSuchOutlet, PageUnreadable
from ewbscraper.extraction import extract
from ewbscraper.extraction.pages import join_pages, next_pages
from ewbscraper.extraction.verdict import why_not_an_article
from ewbscraper.page import Page

URL = "https://paper.example/2024/01/02/the-bridge-opens/"
LEAD = "<p>The bridge between the two towns was opened on Tuesday by both mayors, in the rain.</p>"
MORE = "<p>“We waited for nine years and one more winter”, said the mayor of the northern town.</p>"


def page(body: str, head: str = "", before: str = "", after: str = "", lang: str = "en") -> str:
    """An invented article page: `body` in the text, the rest around it."""
    return f"""<html lang="{lang}"><head><title>The bridge opens | Paper</title>{head}</head><body>
    <nav><a href="/">Home</a> <a href="/category/news/">News</a></nav>
    <main><article><h1>The bridge opens</h1>{before}<div class="entry-content">{body}</div>{after}</article></main>
    <footer>Paper, Main street 1. All rights reserved by the publisher of this paper.</footer></body></html>"""


def paragraphs(html: str) -> list[str]:
    return extract(html, URL).body.split("\n\n")


@pytest.mark.parametrize(
    "clutter",
    [
        '<div class="social-share"><a href="https://x.example">Share on X</a></div>',
        '<div class="newsletter-box"><p>Subscribe to our newsletter and read us every Friday.</p></div>',
        '<p><strong>Read also:</strong> <a href="/2024/01/01/old-bridge/">The old bridge</a></p>',
        '<p>Pročitajte i: <a href="/2024/01/01/old-bridge/">Stari most</a></p>',
        '<p>Lexo edhe: <a href="/2024/01/01/old-bridge/">Ura e vjetër</a></p>',
        "<p>Advertisement</p>",
        "<aside><p>A box with numbers about bridges that nobody asked for.</p></aside>",
        '<figure><img src="/b.jpg" alt="A bridge"><figcaption>The bridge; Photo: Ana Kos</figcaption></figure>',
        '<h3>Related posts</h3><ul><li><a href="/2024/01/01/old-bridge/">The old bridge</a></li></ul>',
        "<script>var words = 'not text';</script>",
        '<p style="display: none">Hidden text which no reader sees.</p>',
        "<p>&nbsp;</p><p>* * *</p>",
        '<img src="/c.jpg" alt="alternative text">',
        '<div class="comments"><p>A reader thinks that the old bridge was better in every way.</p></div>',
        "<h1>The bridge opens</h1>",
    ],
)
def test_clutter_in_the_text_is_left_out(clutter: str) -> None:
    assert paragraphs(page(LEAD + clutter + MORE)) == paragraphs(page(LEAD + MORE))
    assert len(paragraphs(page(LEAD + MORE))) == 2


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<h2>What comes next</h2>", ["What comes next"]),
        ("<h3>20:15</h3>", ["20:15"]),
        ("<ul><li>First;</li><li>Second.</li></ul>", ["First;", "Second."]),
        ("<blockquote><p>One.</p><p>Two.</p><cite>A mayor</cite></blockquote>", ["One.", "Two.", "A mayor"]),
        (
            "<table><tr><th>Year</th><th>Cars</th></tr><tr><td>2023</td><td>7</td></tr></table>",
            ["Year | Cars\n2023 | 7"],
        ),
        ("<figure><pre>A poem of the ferry.</pre></figure>", ["A poem of the ferry."]),
        ("<div>Plain.<br><br>Second plain.</div>", ["Plain.", "Second plain."]),
        ("<p>Line one<br>line two.</p>", ["Line one\nline two."]),
        ("<p>An <b>inline</b><span> span</span>, <a href='/x/'>a link</a>.</p>", ["An inline span, a link."]),
        ("<p>No\u00a0break  and   double.</p>", ["No break and double."]),
        (
            '<blockquote class="twitter-tweet"><p>Good talks.</p>— Mayor (@mayor) <a href="#">May 1</a></blockquote>',
            ["Good talks."],
        ),
        ("<p>* This designation is without prejudice.</p>", ["* This designation is without prejudice."]),
    ],
)
def test_what_belongs_to_the_text_is_kept(markup: str, expected: list[str]) -> None:
    assert paragraphs(page(LEAD + markup + MORE))[1:-1] == expected


def test_a_note_about_the_author_at_the_end_is_left_out() -> None:
    note = "<p><em>The author is a retired ferryman. The views expressed are those of the author.</em></p>"
    assert paragraphs(page(LEAD + MORE + note)) == paragraphs(page(LEAD + MORE))


def test_text_without_paragraphs_is_found() -> None:
    text = "".join(f"<div>Sentence number {n} of an article that was written in plain boxes.</div>" for n in range(5))
    assert len(paragraphs(page(text))) == 5


def test_a_standfirst_comes_first_and_once() -> None:
    standfirst = "After nine years two towns are one walk apart, the mayors say."
    outside = extract(page(LEAD, before=f'<p class="standfirst">{standfirst}</p>'), URL)
    described = extract(page(LEAD, f'<meta name="description" content="{standfirst}">', f"<p>{standfirst}</p>"), URL)
    inside = extract(page(f'<p class="lead">{standfirst}</p>{LEAD}'), URL)
    for article in (outside, described, inside):
        assert article.standfirst == standfirst
        assert article.body.split("\n\n")[0] == standfirst
        assert article.body.count(standfirst) == 1


def test_body_html_is_a_clean_subset() -> None:
    html = extract(
        page(
            '<p onclick="x()" style="color:red">The <em>bridge</em> <a href="/a/" target="_blank">opens</a> on'
            ' Tuesday <img src="x.jpg">at noon, both mayors said.</p><h2>Next</h2>'
            "<ul><li>One;</li><li>Two.</li></ul><p>End &lt;b&gt;.</p>"
        ),
        URL,
    ).body_html
    assert html == (
        '<p>The <em>bridge</em> <a href="https://paper.example/a/">opens</a> on Tuesday at noon,'
        " both mayors said.</p>\n"
        "<h2>Next</h2>\n<ul>\n<li>One;</li>\n<li>Two.</li>\n</ul>\n<p>End &lt;b&gt;.</p>"
    )


@pytest.mark.parametrize(
    ("head", "headline", "found_by"),
    [
        ('<meta property="og:title" content="The bridge opens - Paper">', "The bridge opens", "agreement"),
        ('<meta property="og:title" content="“The bridge opens”">', "The bridge opens", "agreement"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bridge of two towns"}</script>'
            '<meta property="og:title" content="Two towns, a bridge">',
            "The bridge opens",
            "agreement",
        ),
    ],
)
def test_the_headline_is_what_two_places_agree_on(head: str, headline: str, found_by: str) -> None:
    article = extract(page(LEAD, head), URL)
    assert (article.headline, article.found_by["headline"]) == (headline, found_by)


@pytest.mark.parametrize(
    ("title", "heading", "headline"),
    [
        ("Two towns, one bridge | Paper", "<h1>Two towns, one bridge</h1>", "Two towns, one bridge"),
        ("Two towns, one bridge - paper.example", "", "Two towns, one bridge"),
        ("Two towns, one bridge", "<h1><span>Bridges</span> Two towns, one bridge</h1>", "Two towns, one bridge"),
        ("Paper", '<h1><span class="kicker">Bridges</span> Two towns, one bridge</h1>', "Two towns, one bridge"),
        ("Bridges: two towns", "<h1><b>Bridges:</b> two towns</h1>", "Bridges: two towns"),
        ("Two towns, one bridge", '<h1><a href="/">The Paper</a></h1><h2>Two towns, one bridge</h2>', None),
        ("Two towns, one bridge | The Paper", "<h1>The Paper</h1>", "Two towns, one bridge | The Paper"),
    ],
)
def test_kicker_and_site_are_no_part_of_the_headline(title: str, heading: str, headline: str | None) -> None:
    html = f"<html><head><title>{title}</title></head><body><article>{heading}{LEAD}{MORE}</article></body></html>"
    assert extract(html, URL).headline == (headline or title)


def test_of_two_headings_that_titles_repeat_the_longer_is_the_headline() -> None:
    head = '<title>News | Paper</title><meta property="og:title" content="Two towns, one bridge">'
    html = f"<html><head>{head}</head><body><h1>News</h1><h1>Two towns, one bridge</h1>{LEAD}{MORE}</body></html>"
    assert extract(html, URL).headline == "Two towns, one bridge"


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ('<span class="post-date">3 March 2023, 14:05</span>', "2023-03-03T14:05:00+01:00"),
        ("<p>Objavljeno: 3. mart 2023. u 14:05</p>", "2023-03-03T14:05:00+01:00"),
        ("<div>3. März 2023</div>", "2023-03-03"),
        ('<p>Updated: 4 March 2023</p><span class="postDate">3 March 2023</span>', "2023-03-03"),
        ('<p class="date">Updated: 4 March 2023</p><p class="date">3 March 2023</p>', "2023-03-03"),
        ('<footer class="entry-foot"><time>3 March 2023</time></footer>', "2023-03-03"),
        ('<span class="teaser__date">3 March 2023</span>', "2023-03-03"),
        ("<p>Last updated: 4 March 2023<br>Published: 3 March 2023<br>Read: 61 times</p>", "2023-03-03"),
        ('<div class="node node-promoted"><div class="submitted">Ana Kos on 3 March 2023</div></div>', "2023-03-03"),
        (f'<p class="teaser">Published 3 March 2023 | Town – The bridge {"is open and " * 9}free.</p>', "2023-03-03"),
        ('<p class="promo-box">3 March 2023</p>', None),
        ('<ul><li><a href="/old/"><h3>An old bridge</h3><span class="author">3 March 2023</span></a></li></ul>', None),
        ("<p>© 3 March 2023 The Paper</p>", None),
        ('<div class="comments"><span class="date">3 March 2023</span></div>', None),
        (
            '<div class="related-posts"><a href="/old/">Old bridge</a><span class="date">3 March 2023</span></div>',
            None,
        ),
    ],
)
def test_a_day_in_plain_text(line: str, published: str | None) -> None:
    assert extract(page(LEAD + MORE, before=line), "https://paper.example/the-bridge/").published == published


@pytest.mark.parametrize(
    ("lead", "script", "published", "found_by"),
    [
        ("3.3.2023 – The bridge", "", "2023-03-03", "dateline"),
        ("(3.3.2023) The bridge", "", "2023-03-03", "dateline"),
        ("The 3.3.2023 bridge", "", None, ""),
        ("The bridge", '{"publishedAt":"2023-03-03T14:05:00+01:00"}', "2023-03-03T14:05:00+01:00", "script"),
        ("The bridge", '[{"publishedAt":"2023-03-03"},{"publishedAt":"2023-03-04"}]', None, ""),
    ],
)
def test_a_day_that_no_line_of_its_own_has(lead: str, script: str, published: str | None, found_by: str) -> None:
    html = page(f"<p>{lead} was opened by the mayors.</p>{LEAD}{MORE}", f"<script>window.state={script}</script>")
    article = extract(html, "https://paper.example/the-bridge/")
    assert (article.published, article.found_by.get("published", "")) == (published, found_by)


@pytest.mark.parametrize(
    ("address", "published"),
    [("2023/03/03/a", "2023-03-03"), ("a-20230303", "2023-03-03"), ("03-03-2023", "2023-03-03"), ("33-03-2023", None)],
)
def test_a_day_in_the_address(address: str, published: str | None) -> None:
    assert extract(page(LEAD + MORE), f"https://paper.example/{address}/").published == published


@pytest.mark.parametrize(
    ("path", "utc", "shown", "published"),
    [
        ("2024/01/02/", "2024-01-01T23:30:20Z", "", "2024-01-02T00:30:20+01:00"),
        ("", "2024-01-01T23:30:20Z", "2 January 2024, 00:30", "2024-01-02T00:30:20+01:00"),
        ("", "2024-01-01T00:30:20Z", "31 December 2023, 21:30", "2023-12-31T21:30:20-03:00"),
        ("", "2024-01-01T23:30:20Z", "2 January 2024, 11:47", "2024-01-01T23:30:20+00:00"),
        ("", "2024-01-01T23:30:20Z", "", "2024-01-01T23:30:20+00:00"),
    ],
)
def test_an_instant_in_utc_is_given_in_the_time_of_the_day_shown(
    path: str, utc: str, shown: str, published: str
) -> None:
    html = page(LEAD + MORE, f'<meta property="article:published_time" content="{utc}">', f"<p>{shown}</p>")
    assert extract(html, f"https://paper.example/{path}the-bridge/").published == published


@pytest.mark.parametrize(
    ("head", "text", "authors"),
    [
        ("", "<p><strong>Ana Kos/Ben Rot</strong></p>", ("Ana Kos", "Ben Rot")),
        ("", '<div class="article-author">Ana Kos on 3 March 2023</div>', ("Ana Kos",)),
        ('{"@type": "Organization", "name": "Paper"}', "<p>By Ana Kos</p>", ("Ana Kos",)),
        ('{"@type": "Person", "name": "ana.kos"}', '<span class="author-name">Ana Kos</span>', ("Ana Kos",)),
        ('{"@type": "Organization", "name": "dpa"}', "", ("dpa",)),
        ("", '<a class="byline" href="#">Leave a comment</a>', ()),
        ("", "<p>Reporting by Ana Kos and Ben Rot; Editing by Cene Lah</p>", ("Ana Kos", "Ben Rot")),
        ("", '<div class="author">20 Nov 2019 08:00 GMT</div>', ()),
        ('["Ana Kos, Paper Political Writer"]', "", ("Ana Kos",)),
        ('"Paper D"', "<p>The town waits.</p><p><b>ANA KOS/BEN ROT</b></p>", ("ANA KOS", "BEN ROT")),
    ],
)
def test_authors_are_persons_and_not_the_paper_or_what_stands_beside_them(
    head: str, text: str, authors: tuple[str, ...]
) -> None:
    data = f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {head or "null"}}}</script>'
    site = '<meta property="og:site_name" content="Paper">'
    assert extract(page(text + LEAD + MORE, data + site), URL).authors == authors


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ("<figcaption><span>A ferry.</span><small>Ana Kos</small></figcaption>", [("A ferry.", "Ana Kos")]),
        (
            '<figcaption>A ferry. <span class="credit">Photo: Ana Kos</span> / AP</figcaption>',
            [("A ferry.", "Ana Kos / AP")],
        ),
        (
            "<figcaption>A ferry left the old harbour at dawn. (Ana Kos/Paper)</figcaption>",
            [("A ferry left the old harbour at dawn", "Ana Kos/Paper")],
        ),
        ("<blockquote>We waited.</blockquote><figcaption>A mayor</figcaption>", []),
    ],
)
def test_a_credit_in_an_element_of_its_own(picture: str, expected: list[tuple[str, str]]) -> None:
    article = extract(page(f'{LEAD}<figure><img src="/a.jpg">{picture}</figure>{MORE}'), URL)
    assert [(caption.caption, caption.credit) for caption in article.captions] == expected


def test_a_time_of_day_is_better_than_a_bare_day_and_local_time_than_utc() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-01-02"}</script>'
    utc = '<meta property="article:published_time" content="2024-01-02T08:00:00+00:00">'
    local = '<time datetime="2024-01-02T09:00:00+01:00">2 January</time>'
    assert extract(page(LEAD, head), URL).published == "2024-01-02"
    assert extract(page(LEAD, head + utc), URL).published == "2024-01-02T08:00:00+00:00"
    assert extract(page(LEAD, head + utc, local), URL).published == "2024-01-02T09:00:00+01:00"


def test_times_and_names_of_other_articles_are_not_taken() -> None:
    other = (
        '<div class="related"><a rel="author" href="/author/x/">Other Writer</a>'
        '<time datetime="2020-05-05">5 May</time></div>'
    )
    article = extract(page(LEAD, before=other, after=other), URL)
    assert (article.published, article.found_by["published"], article.authors) == ("2024-01-02", "address", ())


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Ana Kos and Ben Rot", ("Ana Kos", "Ben Rot")),
        ("By Ana Kos, Ben Rot", ("Ana Kos", "Ben Rot")),
        ("By Centre for Research and Development", ("Centre for Research and Development",)),
        ("By EWB", ("EWB",)),
    ],
)
def test_names_of_a_byline(line: str, authors: tuple[str, ...]) -> None:
    article = extract(page(LEAD, before=f'<span class="byline">{line}</span>'), URL)
    assert (article.byline, article.authors) == (line, authors)


@pytest.mark.parametrize("lang", ["bs", "cnr", "hr", "sr-Latn"])
@pytest.mark.parametrize("line", ["Piše: Ana Kos i Ben Rot", "Autori: Ana Kos, Ben Rot"])
def test_a_byline_in_any_standard_of_serbo_croatian_loses_its_first_word(line: str, lang: str) -> None:
    article = extract(page(LEAD, before=f'<span class="byline">{line}</span>', lang=lang), URL)
    assert (article.language, article.authors) == (lang, ("Ana Kos", "Ben Rot"))


def test_names_are_joined_as_the_language_does() -> None:
    text = "<p>Ura në mes të dy qyteteve u hap të martën dhe për këtë u tha se do të jetë me dritë në dy anët.</p>"
    article = extract(page(text, before='<span class="byline">Nga Ana Kos dhe Ben Rot</span>', lang="sq"), URL)
    assert (article.language, article.authors) == ("sq", ("Ana Kos", "Ben Rot"))


def test_captions_have_credit_size_and_role() -> None:
    lead = (
        '<figure><img src="/a-300x200.jpg" srcset="/a-300x200.jpg 300w, /a.jpg 1200w" alt="Bridge">'
        "<figcaption>The bridge at noon; Photo: Ana Kos</figcaption></figure>"
    )
    inline = '<figure><img data-src="/b.jpg" src="data:x"><figcaption>Rain</figcaption></figure>'
    gallery = (
        '<div class="gallery"><a href="/c.jpg" title="One; Photo: NATO"><img src="/c-1.jpg"></a>'
        '<a href="/d.jpg" title="Two"><img src="/d-1.jpg"></a></div>'
    )
    article = extract(page(LEAD + inline + MORE + gallery, before=lead), URL)
    assert [(c.caption, c.credit, c.image_url, c.role) for c in article.captions] == [
        ("The bridge at noon", "Ana Kos", "https://paper.example/a.jpg", "lead"),
        ("Rain", None, "https://paper.example/b.jpg", "inline"),
        ("One", "NATO", "https://paper.example/c.jpg", "gallery"),
        ("Two", None, "https://paper.example/d.jpg", "gallery"),
    ]
    assert article.captions[0].alt == "Bridge"


def related(heading: str) -> str:
    return f"""<section><h3>{heading}</h3>
    <div><a href="/2023/05/01/the-ferry-stops/"><img src="/f.jpg"></a>
    <a href="/2023/05/01/the-ferry-stops/">The ferry stops</a>
    <span class="author">EWB Archives</span></div>
    <div><a href="/2022/04/01/river-rises/?utm_source=related">The river rises again</a></div></section>"""


@pytest.mark.parametrize(
    "heading", ["Related posts", "Povezani članci", "Слични вести", "Lexo edhe", "Ähnliche Artikel"]
)
def test_related_posts_by_their_heading(heading: str) -> None:
    posts = extract(page(LEAD, after=related(heading)), URL).related_posts
    assert [(post.title, post.url, post.author) for post in posts] == [
        ("The ferry stops", "https://paper.example/2023/05/01/the-ferry-stops/", "EWB Archives"),
        ("The river rises again", "https://paper.example/2022/04/01/river-rises/", None),
    ]


@pytest.mark.parametrize(
    ("text", "lang", "language"),
    [
        (
            "Most između dva grada je otvoren u utorak i to su rekli gradonačelnici koji će se sresti na njemu.",
            "sr-RS",
            "sr-Latn",
        ),
        (
            "Мост између два града је отворен у уторак и то су рекли они који ће се срести на њему за дан.",
            "en",
            "sr-Cyrl",
        ),
        (
            "Ura në mes të dy qyteteve është hapur të martën dhe për këtë u tha se do të jetë me dritë në dy anët.",
            "",
            "sq",
        ),
        ("Short.", "mk-MK", "mk"),
    ],
)
def test_the_language_is_the_page_s_unless_the_text_says_otherwise(text: str, lang: str, language: str) -> None:
    assert extract(page(f"<p>{text}</p><p>{text}</p>", lang=lang), URL).language == language


@pytest.mark.parametrize(
    "html", ["<p>x</p>", "<html></html>", "<div>", "<title>Only a title</title>", "<h1></h1><p></p>"]
)
def test_a_thin_page_is_still_an_article(html: str) -> None:
    assert isinstance(extract(html, URL), Article)


def test_what_cannot_be_extracted() -> None:
    with pytest.raises(PageUnreadable):
        extract(b"", URL)
    with pytest.raises(NoSuchOutlet, match="ewb"):
        extract("<p>x</p>", URL, "ewbb")


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000 + "deep",
        "<p>" + "word " * 200_000 + "</p>",
        "<ul>" + "<li><a href='/x'>link</a></li>" * 20_000 + "</ul>",
        "<b>" * 20_000 + "<p>text</p>",
    ],
    ids=["nested", "one line", "links", "inline nested"],
)
def test_hostile_shapes_come_back(html: str) -> None:
    assert isinstance(extract(f"<h1>Title</h1>{html}", URL), Article)


def test_pages_of_one_article() -> None:
    links = '<div class="page-links"><span>1</span> <a href="2/">2</a> <a href="3/">3</a></div>'
    others = (
        '<div class="pagination"><a href="/2024/01/03/other/2/">2</a><a href="/page/2/">older</a>'
        '<a href="comment-page-2/">c</a></div>'
    )
    assert next_pages(Page(page(LEAD + links, after=others), URL)) == [f"{URL}2/", f"{URL}3/"]
    assert next_pages(Page(page(LEAD, '<link rel="next" href="?page=2">'), URL)) == [f"{URL}?page=2"]
    assert next_pages(Page(page(LEAD, '<link rel="next" href="?str=2">'), URL)) == [f"{URL}?str=2"]
    assert next_pages(Page(page(LEAD, '<link rel="next" href="/2024/01/03/other/">'), URL)) == []
    assert next_pages(Page(page(LEAD) + '<a rel="next" href="2/">On</a>', URL)) == [f"{URL}2/"]  # behind </html>
    spelled = '<p class="page&#45;numbers"><a href="2/">2</a></p>'
    assert next_pages(Page(page(LEAD + spelled), URL)) == [f"{URL}2/"]


def test_joined_pages_are_one_article() -> None:
    figure = '<figure><img src="/a.jpg"><figcaption>The bridge</figcaption></figure>'
    standfirst = '<p class="standfirst">After nine years two towns are one walk apart.</p>'
    one, two = (extract(page(text, before=standfirst + figure), URL) for text in (LEAD, MORE))
    joined = join_pages([one, two])
    assert joined.body.split("\n\n") == [*one.body.split("\n\n"), two.body.split("\n\n")[1]]
    assert (joined.headline, len(joined.captions), joined.body_html.count("<p>")) == ("The bridge opens", 1, 4)


def test_a_picture_of_a_later_page_stands_after_the_pages_before_it() -> None:
    figure = '<figure><img src="/{0}.jpg"><figcaption>The {0}</figcaption></figure>'
    standfirst = '<p class="standfirst">After nine years two towns are one walk apart.</p>'
    texts = (LEAD + figure.format("bridge") + MORE, LEAD + figure.format("ferry") + MORE)
    joined = join_pages([extract(page(text, before=standfirst), URL) for text in texts])
    paragraphs = joined.body.split("\n\n")
    assert [(c.caption, paragraphs[c.after or 0]) for c in joined.captions] == [
        ("The bridge", paragraphs[2]),
        ("The ferry", paragraphs[2]),
    ]
    assert [c.after for c in joined.captions] == [2, len(paragraphs) // 2 + 2]


ABOUT = "https://paper.example/about-us/"
TIME = '<time datetime="2024-01-02T09:00:00+01:00">2 January</time>'


@pytest.mark.parametrize(
    ("html", "url", "reason"),
    [
        (page(LEAD, before=TIME), URL, None),
        (page("<p>In pictures.</p>" + '<figure><img src="/a.jpg"></figure>', before=TIME), URL, None),
        (page('<iframe src="https://video.example/1"></iframe>', before=TIME), URL, None),
        (page('<form action="/wp-login.php?action=postpass"><input name="post_password"></form>'), URL, "protected"),
        (page(LEAD, before=TIME) + '<form action="?action=postpass"><input></form>', URL, "protected"),
        (page(LEAD, before=TIME), "https://paper.example/", "the front page"),
        (page(LEAD), "https://paper.example/tag/bridge/", "a list of articles"),
        (page(LEAD), "https://paper.example/2024/01/", "a list of articles"),
        (page(LEAD).replace("<body>", '<body class="page-template-default page page-id-2">'), URL, "a static page"),
        (page(LEAD).replace("<body>", '<body class="attachment attachmentid-9 single">'), URL, "a page for a file"),
        (page(LEAD), URL, None),
        (page(LEAD), ABOUT, "a static page: no time, and nothing says that it is an article"),
        (page("", before=TIME), URL, "no text"),
    ],
)
def test_why_a_page_is_no_article(html: str, url: str, reason: str | None) -> None:
    assert why_not_an_article(Page(html, url), extract(html, url)) == reason


def test_a_caption_without_its_mark_is_a_caption_and_no_text() -> None:
    line = "<p>Lund with Berisha in Pristina; Photo: NATO</p>"
    for html in (
        page(line + LEAD + MORE),
        page(LEAD + MORE, before=line),
        page(LEAD + f"<img src='/a.jpg'>{line}" + MORE),
    ):
        article = extract(html, URL)
        assert [(c.caption, c.credit) for c in article.captions] == [("Lund with Berisha in Pristina", "NATO")]
        assert len(article.body.split("\n\n")) == 2
