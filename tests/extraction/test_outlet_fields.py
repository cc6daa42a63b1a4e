"""Each field of an outlet's form, against a page that would say something else without it."""

import pytest

from ewbscraper.article import Caption, RelatedPost
from ewbscraper.extraction.article import extract_article
from ewbscraper.extraction.pages import next_pages
from ewbscraper.outlet import Outlet
from ewbscraper.page import Page

URL = "https://paper.example/2024/01/02/the-bridge-opens/"
TEXT = "The bridge between the two towns was opened on Tuesday by both mayors, in the rain."
MORE = "They had waited for nine years and one more winter, said the mayor of the northern town."
HTML = f"""<html lang="en"><head><title>The bridge opens</title></head><body>
<main><article><h1>The bridge opens</h1><div class="author-name">Ben Rot</div>
<p class="x-title"> Two towns,
 one <b>bridge</b> </p><p class="x-who">Ana Kos</p><p class="x-day">3 March 2024</p><p class="x-change">4 March 2024</p>
<p class="x-part">Rivers</p><p class="x-word">Bridges</p><p class="x-lead">It took them nine years.</p>
<div class="x-text"><p>Another text of this page, said the mayor of the southern town to those who had come.</p>
<p class="x-model">Nobody bought the bridge as a model that day, as it had rained on the glue of all of them.</p>
<p>Only the form of its outlet can tell it from the rest of it.</p></div>
<div class="entry-content"><p>{TEXT}</p><p>{MORE}</p></div></article></main>
<div class="x-photo"><img src="/a.jpg"><i>A ferry at dawn</i></div>
<div class="x-more"><a href="/2023/01/01/the-ferry/">The last ferry</a></div>
<p class="x-pages"><a>1</a> <a href="2/">2</a> <a href="3/">3</a></p></body></html>"""


@pytest.mark.parametrize("text", ["", "::text"])
@pytest.mark.parametrize(
    ("field", "selector", "said"),
    [
        ("standfirst", ".x-lead", "It took them nine years."),
        ("byline", ".x-who", "Ana Kos"),
        ("authors", ".x-who", ("Ana Kos",)),
        ("published", ".x-day", "2024-03-03"),
        ("modified", ".x-change", "2024-03-04"),
        ("sections", ".x-part", ("Rivers",)),
        ("tags", ".x-word", ("Bridges",)),
    ],
)
def test_a_selector_of_an_element_or_of_its_text_gives_the_field(
    field: str, selector: str, text: str, said: object
) -> None:
    article = extract_article(Page(HTML, URL), form(**{field: selector + text}))
    assert (getattr(article, field), article.found_by[field]) == (said, "outlet")
    assert getattr(extract_article(Page(HTML, URL)), field) != said


def test_a_headline_is_one_line() -> None:
    for selector, said in ((".x-title", "Two towns, one bridge"), (".x-title::text", "Two towns, one")):
        assert extract_article(Page(HTML, URL), form(headline=selector)).headline == said


def test_the_text_is_what_the_form_says_without_what_it_leaves_out() -> None:
    article = extract_article(Page(HTML, URL), form(body=".x-text", leave_out=".x-model"))
    first, last = article.body.split("\n\n")
    assert (first[:12], last[-10:]) == ("Another text", "est of it.")
    assert "Nobody bought" in extract_article(Page(HTML, URL), form(body=".x-text")).body


@pytest.mark.parametrize(
    ("written", "place", "date"),
    [
        ("PODGORICA", "Podgorica", None),
        ("Podgorica –", "Podgorica", None),
        ("PODGORICA, 17.11.2026.", "Podgorica", "2026-11-17"),
        ("BRESTOVNICA", "Brestovnica", None),
    ],
)
def test_a_dateline_apart_from_the_text_or_without_a_dash_is_read(written: str, place: str, date: str | None) -> None:
    for html in (
        HTML.replace('<p class="x-title">', f'<span class="x-place">{written}</span><p class="x-title">'),
        HTML.replace(f"<p>{TEXT}", f'<p><span class="x-place">{written}</span> {TEXT}'),
    ):
        article = extract_article(Page(html, URL), form(dateline=".x-place"))
        assert article.dateline is not None
        assert (article.dateline.text, article.dateline.places[0].name) == (written, place)
        assert (article.dateline.date, article.found_by["dateline"]) == (date, "outlet")


def test_an_element_that_holds_no_dateline_gives_none() -> None:
    assert extract_article(Page(HTML, URL), form(dateline=".x-lead")).dateline is None


def test_pictures_and_related_posts_by_elements_or_by_a_function() -> None:
    seen = extract_article(Page(HTML, URL), form(captions=".x-photo", related_posts=".x-more"))
    assert [(one.caption, one.image_url) for one in seen.captions] == [
        ("A ferry at dawn", "https://paper.example/a.jpg")
    ]
    assert [(one.title, one.url) for one in seen.related_posts] == [
        ("The last ferry", "https://paper.example/2023/01/01/the-ferry/")
    ]
    caption, post = Caption("A ferry", "Ana Kos"), RelatedPost("A ferry", "https://paper.example/ferry/")
    said = extract_article(Page(HTML, URL), form(captions=lambda page: [caption], related_posts=lambda page: [post]))
    assert (said.captions, said.related_posts) == ((caption,), (post,))
    for one in (seen, said):
        assert (one.found_by["captions"], one.found_by["related_posts"]) == ("outlet", "outlet")


def test_a_credit_in_an_element_beside_the_picture_is_named_with_it() -> None:
    html = HTML.replace("<i>A ferry at dawn</i></div>", '</div><div class="x-credit">Foto: Ana Kos</div>')
    (one,) = extract_article(Page(html, URL), form(captions=".x-photo, .x-credit")).captions
    assert (one.credit, one.image_url) == ("Ana Kos", "https://paper.example/a.jpg")


def test_links_to_further_pages_and_one_without_an_address_is_none() -> None:
    for selector in (".x-pages a", ".x-pages a::attr(href)"):
        assert next_pages(Page(HTML, URL), form(next_pages=selector)) == [f"{URL}2/", f"{URL}3/"]
    assert next_pages(Page(HTML, URL)) == []


def form(**fields: object) -> Outlet:
    return Outlet(slug="paper", name="Paper", home="https://paper.example/", **fields)  # type: ignore[arg-type]
