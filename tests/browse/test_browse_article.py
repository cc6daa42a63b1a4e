"""The article page, the search page and what they are made of."""

from dataclasses import replace

import pytest
from archives import WHEN, article, new_archive, save
from browse_data import BODY, CYRILLIC, EDITED, HOSTILE, PLAIN, REMOVED, SCRIPT, build, get, page, public_room, text
from lxml import html

from ewbscraper.archive.articles import store
from ewbscraper.archive.articles.compared import Patience, compare, paired, words
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.warc.reader import Capture
from ewbscraper.article import Caption
from ewbscraper.browse.rendering.reading import readable, safe_url, shown_time
from ewbscraper.browse.serve import reading_room


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return reading_room(build(tmp_path_factory.mktemp("article") / "archive.db"))


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


def test_an_article_shows_its_captures_and_what_found_each_field(room):
    tree = page(room, f"/archive/articles/{EDITED}")
    aside = " ".join(tree.cssselect("aside")[0].text_content().split())
    assert "2 captures of the page" in aside
    assert text(tree, ".captures time") == ["5 March 2024, 07:30 UTC", "4 March 2024, 18:00 UTC"]
    assert text(tree, ".captures code")[0] == "SHA-256 " + "ab" * 32
    assert "headline linked data" in aside.replace("data", "data ").replace("headline", " headline ").replace("  ", " ")
    assert "as drawn when captured" in aside
    assert "archived 2024-03-05T07:30:00Z (SHA-256" in aside


def section(tree, title):
    """The items of a list beside the article."""
    (found,) = [s for s in tree.cssselect("aside section") if s.cssselect("h2")[0].text_content().strip() == title]
    return found


def test_where_its_links_lead_and_from_where_it_is_linked(room):
    (link,) = section(page(room, f"/archive/articles/{EDITED}"), "Links in the text").cssselect("a")
    assert (link.text, link.get("href")) == ("The bridge opens", f"/archive/articles/{PLAIN}")
    (link,) = section(page(room, f"/archive/articles/{PLAIN}"), "Linked from").cssselect("a")
    assert (link.text, link.get("href")) == ("Minister confirms talks", f"/archive/articles/{EDITED}")
    elsewhere = section(page(room, f"/archive/articles/{REMOVED}"), "Links in the text")
    assert text(elsewhere, "li") == ["it other.example"]
    assert elsewhere.cssselect("a")[0].get("href") == "https://other.example/it"


def test_what_changed_in_short(room):
    tree = page(room, f"/archive/articles/{EDITED}")
    assert text(tree, ".revisions li strong") == ["Changed by the outlet"]
    assert "between 4 March 2024, 19:00 and 5 March 2024, 08:30: headline, text." in text(tree, ".revisions li")[0]
    assert text(tree, ".headlines dd") == ["Minister denies talks", "Minister confirms talks"]
    assert [a.get("href") for a in tree.cssselect(".revisions a")] == [
        "/archive/articles/1/revisions?from=1&to=2",
        "/archive/articles/1/revisions",
    ]
    assert not tree.cssselect("ins, del")
    assert not page(room, f"/archive/articles/{PLAIN}").cssselect(".revisions")


def test_links_of_outlet_section_author_tag_and_place(room):
    tree = page(room, f"/archive/articles/{EDITED}")
    leading = [a.get("href") for a in tree.cssselect(".kicker a, .byline a, .tags a, aside dd a")]
    kinds = [address.split("/")[1] for address in leading]
    assert kinds == ["outlets", "sections", "authors", "authors", "tags", "tags", "", "archive", "places"]
    assert leading[0] == "/outlets/courier"
    for address in [*leading[:6], leading[-1]]:
        assert "Minister confirms talks" in page(room, address).text_content(), address


def test_pictures_that_are_not_kept_are_not_asked_for(room):
    tree = page(room, f"/archive/articles/{EDITED}")
    assert text(tree, ".no-picture")[0] == "Two rows Picture not kept · see it at the outlet"
    assert tree.cssselect(".no-picture a")[0].get("href") == "https://courier.example/a.jpg"
    assert tree.xpath("//figure[following-sibling::div[@class='body']]")
    assert text(tree, ".pictures h2, .pictures figcaption") == [
        "Pictures in this article",
        "The closed line near the border Tanjug / A. B.",
    ]


STANDFIRST = "Two towns, one walk."
PARAGRAPHS = (STANDFIRST, "First.", "One", "Two", "Second.", "a | b\nc | d", "Third.")
AS_HTML = (
    f"<p>{STANDFIRST}</p><p>First.</p><ul><li>One</li><li>Two</li></ul><p>Second.</p>"
    "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table><p>Third.</p>"
)


def in_order(tmp_path, after, body_html=AS_HTML, standfirst=STANDFIRST):
    """Texts and captions of the page in their order, and the captions of the pictures that stand below."""
    db, run = new_archive(tmp_path / "archive.db")
    captions = tuple(Caption(f"[{name}]", after=name) for name in after)
    said = article(body="\n\n".join(PARAGRAPHS), body_html=body_html, standfirst=standfirst, captions=captions)
    number, _ = save(db, run, said)
    db.close()
    tree = page(reading_room(tmp_path / "archive.db"), f"/archive/articles/{number}")
    found = tree.cssselect(".body > :not(figure), .body > figure > figcaption")
    return ["".join(one.text_content().split()) for one in found], text(tree, ".pictures figcaption")


@pytest.mark.parametrize(
    ("after", "expected", "below"),
    [
        ([2], "First. [2] OneTwo Second. abcd Third.", []),
        ([7, 5, 5], "First. OneTwo Second. [5] [5] abcd Third. [7]", []),
        ([3], "First. OneTwo [3] Second. abcd Third.", []),
        ([3, 4], "First. OneTwo [3] [4] Second. abcd Third.", []),
        ([6], "First. OneTwo Second. abcd [6] Third.", []),
        ([0, 1], "[0] [1] First. OneTwo Second. abcd Third.", []),
        ([None, 2, 8], "First. [2] OneTwo Second. abcd Third.", ["[None]", "[8]"]),
    ],
)
def test_pictures_stand_where_they_stood(tmp_path, after, expected, below):
    assert in_order(tmp_path, after) == (expected.split(), below)


def test_pictures_in_a_text_without_html(tmp_path):
    found, _ = in_order(tmp_path, [3, 7], body_html="")
    assert found == ["First.", "One", "[3]", "Two", "Second.", "a|bc|d", "Third.", "[7]"]


def test_pictures_beside_a_standfirst_that_is_shown_in_the_text(tmp_path):
    found, _ = in_order(tmp_path, [0, 1], standfirst=None)
    assert found[:4] == ["[0]", "Twotowns,onewalk.", "[1]", "First."]


def test_pictures_on_pages_that_repeat_their_standfirst(tmp_path):
    found, _ = in_order(tmp_path, [2, 5], AS_HTML.replace("<p>Second", f"<p>{STANDFIRST}</p><p>Second"))
    assert found == ["First.", "[2]", "OneTwo", "Twotowns,onewalk.", "Second.", "[5]", "abcd", "Third."]


def test_a_picture_after_a_paragraph_that_the_html_lacks(tmp_path):
    found, below = in_order(tmp_path, [4, 5], AS_HTML.replace("Second.", "Other."))
    assert (found, below) == (["First.", "OneTwo", "[4]", "Other.", "abcd", "Third."], ["[5]"])


def test_a_picture_out_of_the_archive(tmp_path):
    path = tmp_path / "archive.db"
    db, run = new_archive(path)
    addresses = (
        "https://courier.example/b.jpg",
        "https://courier.example/c-300x200.jpg",
        "https://courier.example/d.svg",
    )
    captions = [Caption(name, None, f"https://courier.example/{name}") for name in ("b.jpg", "c.jpg", "d.svg", "e.jpg")]
    number, _ = save(db, run, article(captions=tuple(captions)))
    with transaction(db):
        kept = [Capture(url, WHEN, 200, "image/jpeg", "ab" * 32, 3, None, "a.warc.gz", 0, 9) for url in addresses[:2]]
        store.save_captures(db, run, [*kept, replace(kept[0], url=addresses[2], status=404)], number, media=True)
    db.close()
    tree = page(reading_room(path), f"/archive/articles/{number}")
    shown = [(img.get("src"), img.get("alt")) for img in tree.cssselect("figure img")]
    assert shown == [("/archive/captures/2/picture", "b.jpg"), ("/archive/captures/3/picture", "c.jpg")]
    assert len(tree.cssselect(".no-picture")) == 2


def test_a_text_from_right_to_left_is_set_so_and_our_words_are_not(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    number, _ = save(db, run, article(language="ar", headline="الجسر مفتوح"))
    db.close()
    tree = page(reading_room(tmp_path / "archive.db"), f"/archive/articles/{number}")
    assert [(a.get("lang"), a.get("dir")) for a in tree.cssselect("article")] == [("ar", "rtl")]
    assert {e.get("dir") for e in tree.cssselect("article [lang=en]:not(.unseen)")} == {"ltr"}


def test_the_public_sees_no_texts(room):
    public = public_room(room.get_database("archive").path)
    tree = page(public, f"/archive/articles/{EDITED}")
    assert text(tree, "h1") == ["Minister confirms talks"]
    (snippet,) = text(tree, ".snippet")
    assert snippet.startswith("PRISTINA – Ministers sat down at noon")
    assert len(snippet.split()) == 41
    said = " ".join(tree.text_content().split())
    assert "Texts and pictures belong to their publishers" in said
    assert "archived 2024-03-05T07:30:00Z" in said
    for hidden in (BODY[0], BODY[2][:30], BODY[4], "Ministers before the meeting", "NATO", "Two rows"):
        assert hidden not in said, hidden
    assert not tree.cssselect(".body, .standfirst, figure, img, .captures a")
    assert "/captures/" not in str(html.tostring(tree))


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


def test_a_search_has_all_its_hits_over_its_pages(room):
    first, second = page(room, "/search?q=headline:Note"), page(room, "/search?q=headline:Note&page=2")
    assert text(first, "h1") == ["25 articles for headline:Note"]
    found = [title for tree in (first, second) for title in text(tree, ".teaser h2")]
    assert found == [f"Note {number}" for number in range(24, -1, -1)]
    assert len(text(first, ".teaser h2")) == 20
    assert text(second, ".pages a") == ["Newer"]


@pytest.mark.parametrize("q", ["", "%22", "AND", "a OR", "zzzz", "%00", "NEAR(", "*", "url:x", "&page=x", "a&page=-1"])
def test_search_takes_whatever_is_typed(room, q):
    assert page(room, f"/search?q={q}").cssselect("h1")


def test_the_front_page_counts_shows_the_newest_and_its_questions_answer(room):
    tree = page(room, "/")
    assert text(tree, ".figures dd") == ["30", "1", "2024", "2", "1"]
    assert text(tree, ".teaser h3")[:2] == ["Minister confirms talks", "Вучић отворио мост"]
    assert "finished" in text(tree, "#last-run p")[0]
    for link in tree.cssselect(".questions a"):
        assert get(room, link.get("href"))[0].status_code == 200


def test_the_dateline_is_set_off_through_markup():
    made = readable("", "<p><strong>БЕОГРАД</strong> – <em>Вучић</em> је прешао.</p>", None, "БЕОГРАД –")[0]
    assert made == '<p><b class="dateline">БЕОГРАД –</b> <em>Вучић</em> је прешао.</p>'


def test_a_body_without_html_and_a_dateline_that_is_not_there():
    assert readable("One < two\n\nThree", "", None, "OSLO –")[0] == "<p>One &lt; two</p><p>Three</p>"
    assert readable("", "", "S", "D") == {0: ""}


@pytest.mark.parametrize(
    "broken",
    ["<!-- c --><p>a</p>", "<?xml version='1.0' encoding='utf-8'?><p>a</p>", "\x00<p>a", "</div><p>a</p><div>"],
)
def test_broken_html_is_read(broken):
    assert readable("", broken, None, "OSLO –")[0].strip() == "<p>a</p>"


def test_only_the_clean_subset_is_shown():
    hostile = (
        f'<p style="x" onclick="y">a{SCRIPT}<a href="javascript:z">b</a></p><iframe src="https://x.example"></iframe>'
    )
    made = str(readable("", hostile, None, None)[0])
    assert made == '<p>a<a rel="noopener noreferrer nofollow">b</a></p>'
    tabled = "<table><tr><td>1\x08</td></tr></table>"
    assert "<td>1</td>" in readable("", tabled, None, "1")[0]


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
def test_only_addresses_of_the_web_become_links(url, safe):
    assert (safe_url(url) is not None) == safe


def test_times_in_the_outlets_zone():
    assert shown_time("2024-03-04T18:20:00+00:00", "Europe/Belgrade") == "4 March 2024, 19:20"
    assert shown_time("2024-03-04") == "4 March 2024"
    assert shown_time("last week") == "last week"
    assert shown_time("0001-01-01T00:00:00+14:00") == "0001-01-01T00:00:00+14:00"
    assert shown_time(None) == ""


def test_words_taken_out_and_put_in_are_told_apart():
    assert words("the red bridge", "the blue bridge") == [
        ("same", "the"), ("del", "red"), ("ins", "blue"), ("same", "bridge"),
    ]  # fmt: skip
    assert words("", "new") == [("ins", "new")]
    assert list(compare(["a", "b"], ["a", "b"])) == []
    assert list(compare(["a", "b"], ["a", "c c", "b"])) == [[("ins", "c c")]]


def test_a_paragraph_is_compared_with_its_own_later_form():
    found = list(compare(["the old bridge was red"], ["a note of the editors", "the old bridge was blue"]))
    assert found == [
        [("ins", "a note of the editors")],
        [("same", "the old bridge was"), ("del", "red"), ("ins", "blue")],
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a b " * 20_000], ["b a " * 20_000 + "c"]),
        (["a"] * 50_000, ["b", "a"] * 25_000),
        ([str(n) for n in range(20_000)], [str(n) for n in range(20_000, 0, -1)]),
    ],
)
def test_what_is_too_much_to_compare_is_replaced_whole(before, after):
    patience = Patience()
    pairs = list(paired(before, after, patience))
    assert [was for was, _ in pairs if was] == before
    assert [now for _, now in pairs if now] == after
    for was, now in pairs:
        pieces = words(was, now, patience)
        assert " ".join(said for kind, said in pieces if kind != "ins").split() == was.split()
        assert " ".join(said for kind, said in pieces if kind != "del").split() == now.split()
    assert patience.is_lost
    assert patience.left >= 0


def test_a_hostile_and_a_cyrillic_article(room):
    assert text(page(room, f"/archive/articles/{HOSTILE}"), "h1") == [f"Changed {SCRIPT}"]
    assert page(room, f"/archive/articles/{CYRILLIC}").cssselect("article")[0].get("lang") == "sr-Cyrl"
