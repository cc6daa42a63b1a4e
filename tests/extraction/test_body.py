"""What is text and what is not, by where a block stands and what it leads to, on small invented pages."""

import pytest

from ewbscraper.extraction import extract

URL = "https://www.paper.example/2024/01/02/the-ferry-returns/"
FIRST = "The ferry across the upper lake was put back on its old line on Tuesday, after eleven winters."
SECOND = "“Nobody here had believed in it any more”, said the boatman of the village on the eastern bank."
LAST = "It crosses four times a day until the ice comes, and twice a day for as long as the ice is thin."
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p><p>{LAST}</p>"


def page(text: str, before: str = "", after: str = "", head: str = "") -> str:
    """An invented article page."""
    return f"""<html lang="en"><head><title>The ferry returns</title>{head}</head><body><main>{before}<article>
    <h1>The ferry returns</h1><div class="entry-content">{text}</div></article>{after}</main></body></html>"""


def body(html: str) -> list[str]:
    return extract(html, URL).body.split("\n\n")


@pytest.mark.parametrize(
    "end",
    [
        '<p>Our site is the place for lake news: <a href="/newsletters/">take our letters</a>, every Friday.</p>',
        '<p>Pratite vijesti s jezera i na <a href="https://www.facebook.com/paper.example">našoj stranici</a>.</p>',
        '<p>Tell us what you saw at the lake: <a href="mailto:desk@paper.example?subject=lake">by mail</a>.</p>',
        "<p>Alles zum Wetter auf den Seen der Region lesen Sie in unserem Liveblog:</p>",
    ],
)
def test_an_invitation_at_the_end_is_left_out(end: str) -> None:
    assert body(page(TEXT + end)) == [FIRST, SECOND, LAST]


@pytest.mark.parametrize(
    "end",
    [
        '<p>The boatman had <a href="https://x.example/boatman/status/12">written</a> so himself.</p>',
        '<p>Seats are kept by the boatman, who answers <a href="mailto:boat@village.example">letters</a>.</p>',
        "<p>This article first appeared in the Courier of the Upper Lake.</p>",
        '<p>He had <a href="/2023/the-ferry/">said so last spring</a> in this paper.</p>',
    ],
)
def test_a_last_sentence_with_a_link_is_text(end: str) -> None:
    assert len(body(page(TEXT + end))) == 4


def test_an_invitation_inside_the_text_is_no_end() -> None:
    link = '<p>The village <a href="https://www.facebook.com/village">counts</a> its guests since the war.</p>'
    assert len(body(page(f"<p>{FIRST}</p>{link}<p>{LAST}</p>"))) == 3


def test_a_label_that_ends_with_a_colon_is_no_byline() -> None:
    assert body(page(f"<p>From the Lake Courier:</p>{TEXT}"))[0] == "From the Lake Courier:"


def test_text_in_an_inline_element_is_text() -> None:
    lines = "<br><br>".join(f"<span>{line}</span>" for line in (FIRST, SECOND, LAST))
    written = f"<html><body><h1>The ferry returns</h1><div><span>{lines}</span></div></body></html>"
    assert body(written) == [FIRST, SECOND, LAST]


def test_a_menu_that_was_never_closed_holds_the_article() -> None:
    written = page(
        TEXT,
        before='<nav><a href="/">Home</a>',
        after="</nav><div><p>All about our lake.</p><p>Of the paper and of its four owners.</p></div>",
    )
    assert body(written) == [FIRST, SECOND, LAST]


@pytest.mark.parametrize(
    "quote",
    [
        f"<blockquote><p>{SECOND[1:40]}</p></blockquote>",
        "<figure><blockquote><p>Nobody here had believed in it any more</p><footer><cite>The boatman</cite></footer>"
        "</blockquote></figure>",
    ],
)
def test_a_quote_drawn_out_of_the_text_is_left_out(quote: str) -> None:
    assert body(page(f"<p>{FIRST}</p>{quote}<p>{SECOND}</p><p>{LAST}</p>")) == [FIRST, SECOND, LAST]


def test_a_pull_quote_that_the_author_put_into_the_post_is_text() -> None:
    quote = f'<figure class="wp-block-pullquote"><blockquote><p>{SECOND[1:40]}</p></blockquote></figure>'
    assert SECOND[1:40] in body(page(f"<p>{FIRST}</p>{quote}<p>{SECOND}</p><p>{LAST}</p>"))


def test_a_quote_that_stands_nowhere_else_is_text() -> None:
    quote = "<blockquote><p>Nobody here had asked for it.</p><cite>The boatman</cite></blockquote>"
    assert body(page(quote + TEXT))[:2] == ["Nobody here had asked for it.", "The boatman"]


def test_a_text_that_stands_there_twice_is_read_once() -> None:
    assert body(page(f'<div class="wide">{TEXT}</div><div class="narrow">{TEXT}</div>')) == [FIRST, SECOND, LAST]


def test_a_question_asked_of_two_is_asked_twice() -> None:
    question = "<p>What was the first thing that you carried across the lake?</p>"
    assert len(body(page(f"{question}<p>{FIRST}</p>{question}<p>{SECOND}</p>"))) == 4


@pytest.mark.parametrize(
    "box",
    [
        '<div class="picture-wide"><div><img src="/b.jpg"></div><div>The ferry on the lake in its first week</div>'
        "<div>By Ana Kos / Paper</div></div>",
        '<div class="imgbox"><img src="/b.jpg"><h1>The ferry on the lake, in the first week of its line</h1></div>',
        '<div class="latest-news"><h3>On the lake today</h3><ul></ul></div>',
    ],
)
def test_a_box_of_a_picture_or_of_posts_still_to_come_is_no_text(box: str) -> None:
    assert body(page(f"<p>{FIRST}</p>{box}<p>{SECOND}</p><p>{LAST}</p>")) == [FIRST, SECOND, LAST]


def test_a_box_of_text_with_a_picture_is_text() -> None:
    box = f'<div class="image-text"><img src="/b.jpg"><div><p>{SECOND}</p><p>{LAST}</p></div></div>'
    assert body(page(f"<p>{FIRST}</p>{box}")) == [FIRST, SECOND, LAST]


@pytest.mark.parametrize(
    "line",
    [
        '<p>Pažnja, i ovo: <a href="/2023/12/24/most-na-jezeru/">Most na jezeru zatvoren do proljeća</a></p>',
        '<p><a href="/old/">The old bridge falls in the lake</a> [FILM], <a href="/ice/">Thin ice on the lake</a></p>',
        '<div><h3>Most read in lake news</h3><div class="slider"><a href="/2023/11/03/the-ice/">Ice</a></div></div>',
    ],
)
def test_a_line_that_leads_to_other_articles_is_left_out(line: str) -> None:
    assert body(page(f"<p>{FIRST}</p>{line}<p>{SECOND}</p><p>{LAST}</p>")) == [FIRST, SECOND, LAST]


@pytest.mark.parametrize(
    "line",
    [
        '<p>Timetable: <a href="https://boats.example/lake/timetable/2024/">all crossings of the year</a></p>',
        '<p><a href="/tag/kos/">Ana Kos</a>, <a href="/tag/lund/">Ole Lund</a>, <a href="/tag/ito/">Ren Ito</a></p>',
    ],
)
def test_a_line_that_leads_elsewhere_is_text(line: str) -> None:
    assert len(body(page(f"<p>{FIRST}</p>{line}<p>{SECOND}</p><p>{LAST}</p>"))) == 4


def test_words_for_those_who_hear_the_page_are_not_read() -> None:
    told = FIRST.replace("ferry", '<a href="https://boats.example/">ferry<span> (öffnet im neuen Fenster)</span></a>')
    assert body(page(f"<p>{told}</p><p>{LAST}</p>")) == [FIRST, LAST]


OTHER = "".join(
    f"<p>The {day} market of the lower town was held in the hall again, and nobody there had missed the square.</p>"
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)


@pytest.mark.parametrize(
    "below",
    [
        f'<article><h1>The market moves</h1><div class="byline">Ole Lund</div>{OTHER}</article>',
        f'<h1>The market moves</h1><p class="byline">By Ole Lund</p><div class="entry-content">{OTHER}</div>',
        f'<section><header><h1>The market moves</h1></header><time class="date">3 January</time>{OTHER}</section>',
    ],
)
def test_a_longer_article_loaded_below_is_left_out(below: str) -> None:
    written = f"<title>The ferry returns | Paper</title><main><article><h1>The ferry returns</h1>{TEXT}</article>"
    assert body(f"<html><body>{written}{below}</main></body></html>") == [FIRST, SECOND, LAST]


def test_a_heading_of_the_first_order_in_the_text_is_a_heading() -> None:
    assert len(body(page(f"{TEXT}<h1>The winter before</h1>{OTHER}"))) == 11


def live_blog(tag: str) -> str:
    """Three entries of an invented live blog."""
    entries = (
        f"<{tag}><span>1{hour}:05</span><p>{SECOND[:-1]}, at {hour}.</p><p>{LAST[:-1]}, hour {hour}.</p></{tag}>"
        for hour in range(3)
    )
    return f"<div><h2>The day on the lake</h2>{''.join(entries)}</div>"


@pytest.mark.parametrize("tag", ["div", "article", "section"])
def test_a_live_blog_below_the_text_is_left_out(tag: str) -> None:
    assert body(page(TEXT + live_blog(tag))) == [FIRST, SECOND, LAST]


def test_a_live_blog_that_is_the_article_is_its_text() -> None:
    said = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "The ferry returns"}</script>'
    assert len(body(page(TEXT + live_blog("div"), head=said))) == 10
    assert body(page(live_blog("div")))[-1] == f"{LAST[:-1]}, hour 2."


def test_a_timetable_is_no_live_blog() -> None:
    times = "".join(f"<div><span>1{hour}:05</span><p>East bank</p></div>" for hour in range(4))
    assert body(page(f"<p>{FIRST}</p><p>{SECOND}</p><p>{SECOND}</p>{times}<p>{LAST}</p>")).count("East bank") == 4


def test_a_document_in_a_box_below_the_text_is_left_out() -> None:
    box = f'<div class="fact-box"><h3>The order of the lake</h3><div>{OTHER * 2}</div></div>'
    assert body(page(TEXT + box)) == [FIRST, SECOND, LAST]
    assert len(body(page(box))) == 15


def test_a_class_that_only_sounds_like_a_box_hides_no_text() -> None:
    aside = f"<aside><p>{LAST}</p><p>{SECOND}</p></aside>"
    text = f'<div><div class="article-content js-related-anchor">{TEXT}</div></div>'
    assert body(f"<html><body><main><h1>Ferry</h1>{text}</main>{aside}</body></html>") == [FIRST, SECOND, LAST]


def test_marks_that_call_all_of_the_text_furniture_are_not_believed() -> None:
    parts = "".join(f'<div id="toc-{n}">{part}</div>' for n, part in enumerate((TEXT + TEXT).split("</p>")[:-1]))
    assert body(page(parts)) == [FIRST, SECOND, LAST] * 2


def test_a_consent_manager_is_no_text() -> None:
    notice = f'<div class="dsgvo-settings"><p>{SECOND}</p><p>{LAST}</p></div>' * 3
    assert body(f"<html><body><main><h1>Ferry</h1><div><p>{FIRST}</p></div></main>{notice}</body></html>") == [FIRST]
