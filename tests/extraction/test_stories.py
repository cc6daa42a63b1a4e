"""Where on a page the article is, and where another one begins."""

from ewbscraper.extraction import extract

URL = "https://paper.example/the-bridge-opens/"
FIRST = "<p>The bridge between the two towns was opened on Tuesday by both mayors, in the rain.</p>"
MORE = "<p>They had waited for nine years and one more winter, said the mayor of the northern town.</p>"
OTHER = "<p>The ferry has left the harbour for the last time, and nobody stood there to see it go.</p>"


def body(html: str) -> list[str]:
    return extract(f"<html><head><title>The bridge opens</title></head><body>{html}</body></html>", URL).body.split(
        "\n\n"
    )


def test_a_second_headline_with_its_own_byline_begins_another_article() -> None:
    second = f'<h1>The last ferry</h1><p class="byline">By Ben Rot</p>{OTHER}{OTHER}'
    said = body(
        f'<div><h1>The bridge opens</h1><p class="byline">By Ana Kos</p>{FIRST}{MORE}{FIRST}{MORE}{second}</div>'
    )
    assert len(said) == 4
    assert not any("ferry" in text for text in said)
    unsigned = body(f"<div><h1>The bridge opens</h1>{FIRST}{MORE}{FIRST}{MORE}<h1>The last ferry</h1>{OTHER}</div>")
    assert unsigned[-2:] == ["The last ferry", OTHER[3:-4]]


def test_paragraphs_of_nothing_but_links_are_no_text_however_many() -> None:
    linked = "".join(f'<p><a href="/{number}/">{OTHER[3:-4]}</a></p>' for number in range(6))
    assert body(f"<div><h1>The bridge opens</h1><div>{linked}</div><div>{FIRST}{MORE}</div></div>") == [
        FIRST[3:-4],
        MORE[3:-4],
    ]


def test_a_heading_or_quote_with_a_credit_in_it_is_no_caption() -> None:
    for tag in ("h2", "blockquote"):
        said = (
            f"<div><h1>The bridge opens</h1><div><{tag}>Ana with Ben; Photo: Reuters</{tag}>{FIRST}{MORE}</div></div>"
        )
        assert body(said)[0] == "Ana with Ben; Photo: Reuters"


def test_a_second_paragraph_above_the_text_is_text() -> None:
    second = "Those who had come to it from far away went home again before the ferry was out of sight."
    above = f"<header><h1>The bridge opens</h1>{OTHER}<p>{second}</p></header>"
    said = body(f'<article>{above}<div class="entry-content">{FIRST}{MORE}{FIRST}{MORE}</div></article>')
    assert said[:2] == [OTHER[3:-4], second]


def test_the_day_of_a_change_below_the_text_is_not_that_of_publishing_though_it_stands_nearer() -> None:
    below = '<p class="date">Updated: 4 March 2024</p><p class="date">3 March 2024</p>'
    page = f"<article><h1>The bridge opens</h1><div>{FIRST}{MORE}{FIRST}{MORE}</div>{below}</article>"
    assert extract(f"<html><body>{page}</body></html>", URL).published == "2024-03-03"
