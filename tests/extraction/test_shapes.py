"""No shape of a page takes long: each is large, and costs a bounded number of parses of the same page."""

from collections.abc import Callable
from time import process_time

import pytest
from lxml import etree

from ewbscraper.extraction import extract

URL = "https://paper.example/2024/01/02/the-bridge-opens/"
SENTENCE = "A sentence that is long enough to be counted as running text of an article."
LINK = '<a href="/2024/01/01/an-older-article-{}/">The title of another article</a>'
SHAPES: dict[str, Callable[[], str]] = {
    "a million nodes": lambda: "<div><p>a b c</p></div>" * 400_000,
    "a line of 5 MB": lambda: f"<p>{'word ' * 1_000_000}</p>",
    "5 MB without a space": lambda: f"<p>{'w' * 5_000_000}</p>",
    "100,000 nested elements": lambda: "<div>" * 100_000 + SENTENCE,
    "nested elements with text": lambda: f"<div><p>{SENTENCE}</p>" * 20_000,
    "50,000 links": lambda: "<ul>" + "".join(f"<li>{LINK.format(n)}</li>" for n in range(50_000)) + "</ul>",
    "50,000 links in one element": lambda: f"<div>{f'<p>a b c</p>{LINK} and more' * 50_000}</div>",
    "500,000 line breaks": lambda: f"<div>{'a<br>' * 500_000}</div>",
    "20,000 figures": lambda: (
        f'<figure><img src="a.jpg"><figcaption>A bridge; Photo: Ana Kos</figcaption></figure><p>{SENTENCE}</p>' * 20_000
    ),
    "40,000 nested figures": lambda: '<figure><img src="a.jpg">' * 40_000,
    "30,000 pictures each with a line in a paragraph": lambda: '<p><img src="a.jpg"></p><p>Photo: Ana Kos</p>' * 30_000,
    "20,000 quotations": lambda: f"<blockquote>{SENTENCE}</blockquote><p>{SENTENCE}</p>" * 20_000,
    "20,000 quotations and nothing else": lambda: f"<blockquote>{SENTENCE}</blockquote>" * 20_000,
    "20,000 headings of related posts": lambda: f"<div><h3>Related posts</h3>{LINK}</div>" * 20_000,
    "10,000 paragraphs in one element": lambda: f"<div>{f'{SENTENCE}<br><br>' * 10_000}</div>",
    "100,000 nested tables": lambda: "<table><tr><td>a" * 100_000,
    "a link of 1 MB": lambda: (
        f'<p>{SENTENCE}<a href="/{"a=b&amp;" * 150_000}">more</a></p>' + f"<p>{SENTENCE}</p>" * 2_000
    ),
    "20,000 authors": lambda: "".join(f'<a rel="author" href="/author/{n}/">Ana Kos {n}</a>' for n in range(20_000)),
    "500,000 authors in one line": lambda: f'<meta name="author" content="{"Ana Kos, " * 500_000}">',
    "330,000 empty paragraphs": lambda: "<p>" * 330_000,
    "120,000 empty cells": lambda: f"<table>{'<tr><td>' * 120_000}</table>",
    "20,000 days": lambda: "".join(f'<p class="date">{n % 31}. 1. 2024 12:{n % 60}</p>' for n in range(20_000)),
    "20,000 almost days": lambda: "<p>12.13.2024 Januember 4</p>" * 20_000 + f"<p>{'12.13.20245 ' * 50_000}</p>",
    "1 MB of a script's data": lambda: "<script>" + '"publishedAt" : "2024-01-01", ' * 30_000 + "</script>",
    "30,000 class names": lambda: "".join(
        f'<div class="box-{n} related-{n} author"><p>{SENTENCE}</p></div>' for n in range(30_000)
    ),
}
MOST_PARSES = 200
"""A walk that is quadratic takes thousands of them; what is linear takes 3 to 60 on these shapes."""


QUICK = (
    "100,000 nested elements",
    "nested elements with text",
    "40,000 nested figures",
    "10,000 paragraphs in one element",
    "100,000 nested tables",
    "a link of 1 MB",
    "20,000 days",
    "20,000 almost days",
    "1 MB of a script's data",
)
"""A second each at most; the others take up to half a minute where the machine is busy."""


@pytest.mark.parametrize(
    "shape", [shape if shape in QUICK else pytest.param(shape, marks=pytest.mark.slow) for shape in SHAPES]
)
def test_every_shape_costs_a_bounded_number_of_parses(shape: str) -> None:
    html = f"<html><body><h1>The bridge opens</h1>{SHAPES[shape]()}</body></html>"
    before = process_time()
    etree.fromstring(html.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    parsed = process_time()
    extract(html, URL)
    assert process_time() - parsed < MOST_PARSES * max(parsed - before, 0.02)
