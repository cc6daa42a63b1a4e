"""The article page, the search page and what they are made of."""

import pytest
from browse_data import CYRILLIC, EDITED, HOSTILE, PLAIN, SCRIPT, build, get
from lxml import html

from ewbscraper.archive.compared import compare, words
from ewbscraper.browse.reading import readable, safe_url, shown_time
from ewbscraper.browse.serve import reading_room


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return reading_room(build(tmp_path_factory.mktemp("article") / "archive.db"))


def page(room, address):
    (answer,) = get(room, address)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def text(tree, selector):
    return [" ".join(found.text_content().split()) for found in tree.cssselect(selector)]


def test_the_article_reads_like_one(room):
    tree = page(room, f"/archive/articles/{EDITED}")
    assert text(tree, "h1") == ["Minister confirms talks"]
    assert text(tree, ".standfirst") == ["The council had said nothing for a week."]
    assert text(tree, ".byline")[0].startswith("Ana Kos, Ben Rot")
    assert text(tree, ".byline time") == ["4 March 2024, 18:20"]
    assert text(tree, ".body .dateline") == ["PRISTINA –"]
    assert text(tree, ".body > *")[0].startswith("PRISTINA – Ministers sat down")
    assert text(tree, ".body h2") == ["What the paper says"]
    assert text(tree, "figcaption") == [
        "Ministers before the meeting NATO",
        "The closed line near the border Tanjug / A. B.",
    ]
    assert text(tree, ".tags li") == ["railways", "talks"]
    assert tree.cssselect("article")[0].get("lang") == "en"
    assert not tree.cssselect("img, script, iframe")


def test_its_provenance(room):
    tree = page(room, f"/archive/articles/{EDITED}")
    aside = " ".join(tree.cssselect("aside")[0].text_content().split())
    assert "2 captures of the page" in aside
    assert text(tree, ".captures time") == ["5 March 2024, 07:30 UTC", "4 March 2024, 18:00 UTC"]
    assert text(tree, ".captures code")[0] == "SHA-256 " + "ab" * 32
    assert "headline linked data" in aside.replace("data", "data ").replace("headline", " headline ").replace("  ", " ")
    assert "as drawn when captured" in aside
    assert "archived 2024-03-05T07:30:00Z (SHA-256" in aside
    assert text(page(room, f"/archive/articles/{PLAIN}"), "aside section:nth-of-type(3)") == [
        "Linked from Minister confirms talks"
    ]


def test_what_changed_word_by_word(room):
    tree = page(room, f"/archive/articles/{EDITED}")
    assert text(tree, ".diff del") == ["denies", "denied", "three"]
    assert text(tree, ".diff ins") == ["confirms", "confirmed", "two"]
    assert text(tree, ".revisions h3") == ["Headline", "Text"]
    assert not page(room, f"/archive/articles/{PLAIN}").cssselect(".revisions")


def test_links_of_sections_authors_and_tags_lead_to_their_articles(room):
    tree = page(room, f"/archive/articles/{EDITED}")
    for link in tree.cssselect(".byline a, .kicker a, .tags a"):
        found = page(room, link.get("href"))
        assert "Minister confirms talks" in text(found, "td.col-headline"), link.get("href")


@pytest.mark.parametrize(("form", "start"), [("bib", "@online{courier-1,"), ("ris", "TY  - NEWS"), ("json", "[")])
def test_a_citation_to_take_away(room, form, start):
    tree = page(room, f"/archive/articles/{EDITED}")
    (link,) = [a.get("href") for a in tree.cssselect(".formats a") if a.get("href").endswith(f"cite/archive/1.{form}")]
    (answer,) = get(room, link)
    assert answer.text.startswith(start)
    assert answer.headers["content-disposition"] == f'attachment; filename="courier-1.{form}"'


def test_a_citation_of_no_article(room):
    assert [a.status_code for a in get(room, "/-/cite/archive/999.bib", "/-/cite/nothing/1.bib")] == [404, 404]


def test_search_marks_the_original_script(room):
    for word in ("Vučić", "Vucic", "Вучић"):
        tree = page(room, f"/search?q={word}")
        assert text(tree, "h1") == [f"2 articles for {word}"]
        assert text(tree, "mark") == ["Vučić", "Вучић", "Вучић"]
        assert tree.cssselect("article")[1].get("lang") == "sr-Cyrl"


def test_search_pages(room):
    first, second = page(room, "/search?q=headline:Note"), page(room, "/search?q=headline:Note&page=2")
    assert text(first, "h1") == ["25 articles for headline:Note"]
    found = [title for tree in (first, second) for title in text(tree, ".teaser h2")]
    assert found == [f"Note {number}" for number in range(24, -1, -1)]
    assert len(text(first, ".teaser h2")) == 20
    assert text(second, ".pages a") == ["Newer"]


@pytest.mark.parametrize("q", ["", "%22", "AND", "a OR", "zzzz", "%00", "NEAR(", "*", "url:x", "&page=x", "a&page=-1"])
def test_search_takes_whatever_is_typed(room, q):
    assert page(room, f"/search?q={q}").cssselect("h1")


def test_the_front_page(room):
    tree = page(room, "/")
    assert text(tree, ".figures dd") == ["30", "1", "2024", "2", "1"]
    assert text(tree, ".teaser h3")[:2] == ["Minister confirms talks", "Вучић отворио мост"]
    assert "finished" in text(tree, "#last-run p")[0]
    for link in tree.cssselect(".questions a"):
        assert get(room, link.get("href"))[0].status_code == 200


def test_the_dateline_is_set_off_through_markup():
    made = readable("", "<p><strong>БЕОГРАД</strong> – <em>Вучић</em> је прешао.</p>", None, "БЕОГРАД –")
    assert made == '<p><b class="dateline">БЕОГРАД –</b> <em>Вучић</em> је прешао.</p>'


def test_a_body_without_html_and_a_dateline_that_is_not_there():
    assert readable("One < two\n\nThree", "", None, "OSLO –") == "<p>One &lt; two</p><p>Three</p>"
    assert readable("", "", "S", "D") == ""


@pytest.mark.parametrize(
    "broken",
    ["<!-- c --><p>a</p>", "<?xml version='1.0' encoding='utf-8'?><p>a</p>", "\x00<p>a", "</div><p>a</p><div>"],
)
def test_broken_html_is_read(broken):
    assert readable("", broken, None, "OSLO –").strip() == "<p>a</p>"


def test_only_the_clean_subset_is_shown():
    hostile = (
        f'<p style="x" onclick="y">a{SCRIPT}<a href="javascript:z">b</a></p><iframe src="https://x.example"></iframe>'
    )
    made = str(readable("", hostile, None, None))
    assert made == '<p>a<a rel="noopener noreferrer nofollow">b</a></p>'
    tabled = "<table><tr><td>1\x08</td></tr></table>"
    assert "<td>1</td>" in readable("", tabled, None, "1")


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/", True),
        ("http://a.example/x", True),
        ("javascript:alert(1)", False),
        (" JaVaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example/", False),
        ("https://", False),
        ("http://[broken", False),
        (None, False),
    ],
)
def test_safe_url(url, safe):
    assert (safe_url(url) is not None) == safe


def test_times_in_the_outlets_zone():
    assert shown_time("2024-03-04T18:20:00+00:00", "Europe/Belgrade") == "4 March 2024, 19:20"
    assert shown_time("2024-03-04") == "4 March 2024"
    assert shown_time("last week") == "last week"
    assert shown_time(None) == ""


def test_words_compared():
    assert words("the red bridge", "the blue bridge") == [
        ("same", "the"), ("del", "red"), ("ins", "blue"), ("same", "bridge"),
    ]  # fmt: skip
    assert words("", "new") == [("ins", "new")]
    assert list(compare(["a", "b"], ["a", "b"])) == []
    assert list(compare(["a", "b"], ["a", "c c", "b"])) == [[("ins", "c c")]]


def test_a_hostile_and_a_cyrillic_article(room):
    assert text(page(room, f"/archive/articles/{HOSTILE}"), "h1") == [f"Changed {SCRIPT}"]
    assert page(room, f"/archive/articles/{CYRILLIC}").cssselect("article")[0].get("lang") == "sr-Cyrl"
