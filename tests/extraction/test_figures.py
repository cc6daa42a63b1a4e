"""Pictures and the lines about them, in the shapes that pages give them."""

import pytest

from ewbscraper.extraction import extract

URL = "https://paper.example/2024/01/02/the-bridge-opens/"
LEAD = "<p>The bridge over the river opened on Tuesday, two years later than the council had said it would.</p>"
MORE = "<p>The ferrymen who carried the town across all that time were thanked by the mayor and given a clock.</p>" * 3


def page(text: str) -> str:
    return f"<html><body><article><h1>The bridge opens</h1><div>{text}</div></article></body></html>"


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (
            '<div><img src="/a.jpg"></div><div><p>A ferry at dawn</p><p>© Ana Kos</p></div>',
            [("A ferry at dawn", "Ana Kos")],
        ),
        (
            '<div><div><img src="/a.jpg"></div><div>The old ferry <b class="copyright">Photo: Ana Kos</b></div></div>',
            [("The old ferry", "Ana Kos")],
        ),
        (
            '<figure><img src="/a.jpg"><figcaption><cite>ana kos - stock</cite></figcaption></figure>',
            [("", "ana kos - stock")],
        ),
        (
            '<my-image src="/a.jpg"></my-image><div class="img-caption">A ferry <i class="credit">Ana Kos</i></div>',
            [("A ferry", "Ana Kos")],
        ),
        (
            '<div class="slider">'
            '<div><img src="/a.jpg"><p>A ferry; Photo: Ana Kos</p></div>'
            '<div><img src="/b.jpg"><p>A port (Reuters)</p></div><div><img src="/c.jpg"><p>A job offer</p></div></div>',
            [("A ferry", "Ana Kos"), ("A port", "Reuters")],
        ),
        (
            '<figure><img src="/a.jpg"><figcaption><i class="sr-only">Image caption</i> A ferry '
            '<span class="pic-credit">(Ana Kos / iStock (detail))</span></figcaption></figure>',
            [("A ferry", "Ana Kos / iStock (detail)")],
        ),
        (
            '<figure><img src="/a.jpg"><figcaption>A ferry. Photo: <b class="author">Ana Kos</b></figcaption></figure>',
            [("A ferry", "Ana Kos")],
        ),
        (
            '<figure><img src="/a.jpg"><figcaption class="credit">The mayor of the town waits for the last ferry'
            " home</figcaption></figure>",
            [("The mayor of the town waits for the last ferry home", None)],
        ),
        (
            '<figure><img src="/a.jpg"><figcaption>A ferry – <b class="credit">Ana Kos</b></figcaption></figure>',
            [("A ferry", "Ana Kos")],
        ),
        ("<figure><div></div><figcaption>A ferry</figcaption></figure>", [("A ferry", None)]),
        ("<figure><div></div></figure>", []),
        (
            '<figure><img src="/a.jpg"><figcaption>The ferry left the harbour at dawn. (Skopje)</figcaption></figure>',
            [("The ferry left the harbour at dawn. (Skopje)", None)],
        ),
        ("<figure><svg></svg><figcaption>Powered by a ferry</figcaption></figure>", []),
        (
            '<figure><img src="/a.jpg"><figcaption>Image 1 of 2 A ferry</figcaption></figure>',
            [("A ferry", None)],
        ),
        ("<div><figure><blockquote>We waited.</blockquote></figure><figcaption>A mayor</figcaption></div>", []),
        ('<div class="media"><img src="/a.jpg"><p>The mayor explains the bridge 3:18 min</p></div>', []),
        ('<div class="media"><img class="app-icon" src="/a.png"><div>Read us in the app</div></div>', []),
        ('<div><img src="/mail.svg"><p>Write to us about this article</p></div>', []),
        (
            '<a href="/other/"><img src="/a.jpg"><span class="sub-caption">The other bridge</span></a>',
            [],
        ),
    ],
)
def test_which_line_is_about_a_picture(picture: str, expected: list[tuple[str, str | None]]) -> None:
    article = extract(page(LEAD + picture + MORE), URL)
    assert [(caption.caption, caption.credit) for caption in article.captions] == expected


def test_a_line_between_picture_and_credit_is_no_text() -> None:
    article = extract(
        page('<div><img src="/a.jpg"></div><p>A ferry at dawn</p><p>Photo: Ana Kos</p>' + LEAD + MORE), URL
    )
    assert article.body.startswith("The bridge over")
    assert [(caption.caption, caption.credit) for caption in article.captions] == [("A ferry at dawn", "Ana Kos")]


def test_a_paragraph_after_a_captioned_picture_stays_text_above_a_source() -> None:
    picture = '<figure><img src="/a.jpg"><figcaption>A ferry</figcaption></figure>'
    article = extract(page(f"{picture}<p>The bridge is open to all.</p><p>Source: Reuters</p>{LEAD}{MORE}"), URL)
    assert "The bridge is open to all." in article.body


def test_a_picture_in_two_sizes_counts_once_and_two_pictures_with_one_caption_twice() -> None:
    figure = (
        '<figure><img srcset="/{0}/320x200.jpg 320w,/{0}/640x400.jpg 640w"><figcaption>A ferry</figcaption></figure>'
    )
    large = figure.format("ferry").replace("640", "1920")
    article = extract(page(LEAD + figure.format("ferry") + MORE + large + figure.format("harbour")), URL)
    assert [caption.image_url for caption in article.captions] == [
        "https://paper.example/ferry/640x400.jpg",
        "https://paper.example/harbour/640x400.jpg",
    ]


FIGURE = '<figure class="wp-caption"><img src="/{0}.jpg"><figcaption>The {0}</figcaption></figure>'
FERRY, HARBOUR = FIGURE.format("ferry"), FIGURE.format("harbour")
LAST = "<p>Whoever wants to cross by night rings the bell that hangs beside the old landing, twice and not longer.</p>"
BETWEEN = "<p>Lorries pay four coins a crossing, which the council calls a beginning and the drivers an end.</p>"


def placed(html: str) -> list[tuple[str, str, int | None]]:
    return [(caption.caption, caption.role, caption.after) for caption in extract(html, URL).captions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LEAD + FERRY + BETWEEN + HARBOUR + MORE, [("The ferry", "inline", 1), ("The harbour", "inline", 2)]),
        (FERRY + LEAD + BETWEEN + MORE, [("The ferry", "lead", None)]),
        (LEAD + BETWEEN + MORE + LAST + FERRY, [("The ferry", "inline", 6)]),
        (
            f'{LEAD}{BETWEEN}<div class="gallery">{FERRY}{HARBOUR}</div>{MORE}',
            [("The ferry", "gallery", 2), ("The harbour", "gallery", 2)],
        ),
        (
            f"{LEAD}<ul><li>A clock for each of the ferrymen</li><li>A bench {FERRY}</li><li>A plate</li></ul>{MORE}",
            [("The ferry", "inline", 3)],
        ),
        (
            LEAD
            + '<div class="image"><img src="/a.jpg"><p>A boat at the shore; Photo: Ana Kos</p></div>'
            + BETWEEN
            + MORE,
            [("A boat at the shore", "inline", 1)],
        ),
        (
            f"<div>{LEAD[3:-4]}<br><br>{BETWEEN[3:-4]}{FERRY}{LAST[3:-4]}<br><br>{LAST[3:-4]}</div>",
            [("The ferry", "inline", 2)],
        ),
    ],
    ids=["between paragraphs", "lead above", "at the end", "gallery", "list", "div", "paragraphs of line breaks"],
)
def test_after_how_many_paragraphs_a_picture_stood(text: str, expected: list[tuple[str, str, int | None]]) -> None:
    assert placed(page(text)) == expected


def test_a_standfirst_above_the_text_counts_as_its_first_paragraph() -> None:
    standfirst = '<p class="standfirst">After nine years two towns are one walk apart.</p>'
    html = page(LEAD + FERRY + BETWEEN + MORE).replace("</h1>", f"</h1>{standfirst}")
    assert extract(html, URL).body.startswith("After nine years")
    assert placed(html) == [("The ferry", "inline", 2)]


def test_where_a_picture_stands_is_no_part_of_what_is_said() -> None:
    one, other = extract(page(LEAD + FERRY + MORE), URL), extract(page(LEAD + MORE + FERRY), URL)
    assert one.captions[0].after != other.captions[0].after
    assert (one.to_dict(), one.content_hash, one) == (other.to_dict(), other.content_hash, other)
    assert "after" not in one.to_dict()["captions"][0]
