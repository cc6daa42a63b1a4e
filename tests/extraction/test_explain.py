"""Why each block of a page was kept or left out, on small invented pages; and what the shape of a page tells."""

import pytest

from ewbscraper.extraction import extract
from ewbscraper.extraction.explain import explain, explain_html

URL = "https://paper.example/2024/01/02/the-bridge-opens/"
LEAD = "The bridge between the two towns was opened on Tuesday by both mayors, in the rain."
MORE = "“We waited for nine years and one more winter”, said the mayor of the northern town."
LAST = "The first to cross it was a baker from the southern town, who had a delivery to make."


def page(body: str, before: str = "", head: str = "") -> str:
    """An invented article page."""
    return f"""<html lang="en"><head><title>The bridge opens</title>{head}</head><body><main><article>
    <h1>The bridge opens</h1>{before}<div class="entry-content"><p>{LEAD}</p><p>{MORE}</p>{body}<p>{LAST}</p></div>
    </article></main></body></html>"""


def body(html: str) -> list[str]:
    return extract(html, URL).body.split("\n\n")


def test_every_block_has_its_fate_and_the_reason() -> None:
    found = explain(page('<p>Read also: <a href="/2023/12/01/old-bridge/">The old bridge is closed</a></p>'), URL)
    assert [kept for kept, *_ in found] == [True, True, False, True]
    assert found[2] == (False, "related", "read-also line", "Read also: The old bridge is closed")


def test_the_page_is_drawn_with_its_blocks_marked_and_without_scripts() -> None:
    drawn = explain_html(page('<p onclick="run()">Advertisement</p><script>run()</script>'), URL)
    assert 'data-block="left out: ad (label)"' in drawn
    assert drawn.count('data-block="kept: paragraph"') == 3
    assert "run()" not in drawn


def test_a_page_cannot_mark_its_own_blocks() -> None:
    assert "invented" not in explain_html(page('<p data-block="invented">Advertisement</p>'), URL)


@pytest.mark.parametrize(
    "box",
    [
        '<div><h3><a href="/2023/12/01/old-bridge/">The old bridge is closed</a></h3><p>1 December 2023</p></div>',
        '<div><a href="/2023/12/01/old-bridge/"><p>The old bridge is closed until spring</p></a></div>',
        '<ul><li><a href="/2023/12/01/old-bridge/">The old bridge</a></li><li><a href="/x/">A port</a></li></ul>',
        '<div><span>From the archive</span><ul><li><a href="/2023/12/01/old-bridge/">The old one</a></li></ul></div>',
        '<div><img src="/b.jpg" alt=""><div>Both mayors on the bridge, after the rain had stopped</div></div>',
        '<div class="offer hidden"><p>Subscribers read every article of this paper on Sundays too.</p></div>',
        '<div class="fact-box"><h3>The bridge</h3><p>It is 90 metres long and has three arches of stone.</p></div>',
        "<p>Recommended editorial content</p>",
    ],
)
def test_a_box_is_no_text(box: str) -> None:
    assert body(page(box)) == [LEAD, MORE, LAST]


@pytest.mark.parametrize(
    "kept",
    [
        "<p>The <cite>Paper of the North</cite> wrote of it on the same day, and at length.</p>",
        '<h2><a href="#money">Where the money came from</a></h2>',
        '<h2 id="toc-1">Where the money came from</h2>',
    ],
)
def test_what_belongs_to_a_sentence_or_to_the_page_is_text(kept: str) -> None:
    assert len(body(page(kept))) == 4


@pytest.mark.parametrize("end", ["<p>Source: Paper</p>", "<h3>More pictures</h3>", "<p>Ana Kos writes on bridges.</p>"])
def test_what_follows_the_last_sentence_is_left_out(end: str) -> None:
    written = page("", head='<meta name="author" content="Ana Kos">').replace(f"<p>{LAST}</p>", f"<p>{LAST}</p>{end}")
    assert body(written) == [LEAD, MORE, LAST]


def test_a_sentence_between_headline_and_text_is_text() -> None:
    first = "Both towns had asked for it since the war, and both had offered to pay for half of it."
    second = "In the end neither of them paid, and the ministry of transport took over all of the cost."
    assert body(page("", before=f"<div><p>{first}</p><p>{second}</p></div>"))[:2] == [first, second]


def test_a_headline_below_the_text_does_not_cut_it_off() -> None:
    written = f'<html><body><div class="entry-content"><p>{LEAD}</p><p>{MORE}</p><h1>Comments</h1></div></body></html>'
    assert body(written) == [LEAD, MORE]


def test_a_text_without_end_is_cut_and_the_cut_is_told() -> None:
    kept, role, why, _ = explain(page("<p></p>" * 100_000), URL)[-1]
    assert (kept, role, why) == (False, "left out", "what follows is longer than any article")
