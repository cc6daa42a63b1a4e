"""The page of an article's revisions: every text, and any two of them word by word."""

import pytest
from archives import article, new_archive, save
from browse_data import EDITED, HOSTILE, PLAIN, SCRIPT, build, get, page, public_room, text
from lxml import html

from ewbscraper.archive.connection import transaction
from ewbscraper.article import Caption
from ewbscraper.browse.pages.revisions import MOST, read_revisions
from ewbscraper.browse.serve import reading_room

BELGRADE = "UPDATE outlets SET timezone = 'Europe/Belgrade'"
BODY = ("The old bridge was closed on Monday.", "Nobody saw it.", "Nobody asked.", "It stays closed.")


def edition(number):
    """Four texts: the words, then only the captions, then all words anew."""
    texts = {
        1: {"headline": "Bridge closed", "body": "\n\n".join(BODY)},
        2: {"headline": "Bridge open", "body": "\n\n".join([BODY[0].replace("closed", "opened"), *BODY[1:]])},
        3: {"headline": "Bridge open", "captions": (Caption("The new bridge", "Tanjug"),)},
        4: {"headline": "Something else", "standfirst": "A summary.", "body": "A summary.\n\nOther words stand here."},
    }
    kept = {"captions": (Caption("The bridge", "NATO"),), **(texts[2] if number == 3 else {})}
    return article("bridge", **{**kept, **texts[number]})


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("revisions") / "archive.db"
    db, run = new_archive(path)
    db.execute(BELGRADE)
    for number in (1, 2, 3, 4):
        cause = "extraction" if number == 3 else "outlet"
        save(db, run, edition(number), captured=f"2024-03-0{number}T23:30:00Z", cause=cause)
    db.close()
    return path


@pytest.fixture(scope="module")
def room(path):
    return reading_room(path)


def test_every_text_with_its_times_its_cause_and_what_changed(room):
    tree = page(room, "/archive/articles/1/revisions")
    assert text(tree, "h2")[0] == "4 texts, 3 changes"
    assert text(tree, ".entries .number") == ["4", "3", "2", "1"]
    assert text(tree, ".entries .said") == ["Something else", "Bridge open", "Bridge open", "Bridge closed"]
    what = text(tree, ".entries .what")
    assert what[0].startswith("4 Changed by the outlet: headline, standfirst, text, captions; ")
    assert what[1].startswith("3 The same page, read better by us: captions; 2 words in, 1 out")
    assert what[2].startswith("2 Changed by the outlet: headline, text; 2 words in, 2 out")
    assert what[3] == "1 First seen"
    seen = text(tree, ".entries .meta")
    assert seen[3] == (
        "seen from 2 March 2024, 00:30 (1 March 2024, 23:30 UTC) until 2 March 2024, 00:30 (1 March 2024, 23:30 UTC)"
    )
    assert [time.get("datetime") for time in tree.cssselect(".entries time")][:2] == ["2024-03-04T23:30:00Z"] * 2


def test_the_last_two_are_compared_unless_others_are_asked_for(room):
    tree = page(room, "/archive/articles/1/revisions")
    assert text(tree, "#words h2") == ["From text 3 to text 4"]
    assert text(tree, "#words h3") == ["Headline", "Standfirst", "Text", "Captions"]
    chosen = [option.get("value") for option in tree.cssselect("option[selected]")]
    assert chosen == ["3", "4"]


def test_word_by_word_with_the_headline_and_the_captions(room):
    tree = page(room, "/archive/articles/1/revisions?from=1&to=3")
    assert text(tree, "#words h3") == ["Headline", "Text", "Captions"]
    assert text(tree, ".headline") == ["Bridge [deleted: closed] [inserted: open]"]
    assert text(tree, ".body .changed") == ["The old bridge was [deleted: closed] [inserted: opened] on Monday."]
    assert text(tree, ".captions .changed") == [
        "The [inserted: new] bridge [deleted: (NATO)] [inserted: (Tanjug)]",
    ]
    assert text(tree, ".body summary") == ["3 paragraphs that stayed"]
    assert text(tree, ".body details p") == list(BODY[1:])


def test_any_two_in_either_order(room):
    back = page(room, "/archive/articles/1/revisions?from=2&to=1")
    assert text(back, ".headline del") == ["[deleted: open]"]
    assert text(back, ".headline ins") == ["[inserted: closed]"]
    same = page(room, "/archive/articles/1/revisions?from=2&to=2")
    assert "One text, compared with itself." in text(same, "#words p")


def test_the_form_asks_by_a_plain_address(room):
    (form,) = page(room, "/archive/articles/1/revisions").cssselect("form.choose")
    assert (form.method, form.action) == ("GET", "/archive/articles/1/revisions#words")
    assert sorted(form.fields) == ["from", "to"]
    for field in form.cssselect("select"):
        assert len(form.cssselect(f"label[for={field.get('id')}]")) == 1


@pytest.mark.parametrize("asked", ["?from=0", "?to=5", "?from=x", "?from=-1", "?to=1e3", "?to=99999999999999999999"])
def test_there_is_no_such_text(room, asked):
    page(room, f"/archive/articles/1/revisions{asked}", status=404)


def test_there_is_no_such_article(room):
    page(room, "/archive/articles/999/revisions", status=404)
    page(room, "/nothing/articles/1/revisions", status=404)


def test_an_article_that_never_changed_says_so(tmp_path):
    room = reading_room(build(tmp_path / "archive.db"))
    tree = page(room, f"/archive/articles/{PLAIN}/revisions")
    assert text(tree, ".notice")[0].startswith("No change was seen: this is the only text of the article")
    assert not tree.cssselect("form.choose, del, ins")
    assert text(page(room, f"/archive/articles/{EDITED}/revisions"), ".body .changed") == [
        "“We [deleted: denied] [inserted: confirmed] the talks because there was nothing to talk about,” the "
        "spokeswoman said. She named Vučić and Kurti, and left [deleted: three] [inserted: two] questions without an "
        "answer.",
    ]


def test_stored_scripts_run_nowhere(tmp_path):
    room = reading_room(build(tmp_path / "archive.db"))
    (answer,) = get(room, f"/archive/articles/{HOSTILE}/revisions")
    assert SCRIPT not in answer.text
    tree = html.fromstring(answer.text)
    assert not tree.xpath("//script | //style | //img | //@style | //@*[starts-with(name(), 'on')]")
    assert text(tree, ".headline del") == ["[deleted: Hostile]"]


def test_the_public_sees_when_and_what_but_no_words(path):
    room = public_room(path)
    tree = page(room, "/archive/articles/1/revisions?from=1&to=3")
    assert text(tree, ".entries .number") == ["4", "3", "2", "1"]
    said = tree.text_content()
    assert "Texts belong to their publishers" in said
    assert "old bridge" not in said
    assert not tree.cssselect("#words, form.choose, ins, del")


def test_texts_that_are_too_long_are_compared_roughly_and_the_page_says_so(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    words = [f"w{number % 50}" for number in range(40_000)]
    for number, body in enumerate(map(" ".join, [words, ["x", *words[::-1], "x"], ["y", *words, "y"]])):
        save(db, run, article(body=body, body_html=""), captured=f"2024-03-0{number + 1}T08:00:00Z")
    with transaction(db):
        found = read_revisions(db, 1)
    assert found["is_rough"]
    assert [entry.words for entry in found["entries"]] == [None, None, None]
    (body,) = [passages for name, passages in found["fields"] if name == "body"]
    assert [passage.stayed for passage in body] == [False]
    db.close()


@pytest.mark.slow
def test_a_text_of_more_paragraphs_than_any_is_cut_and_the_page_says_so(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    for day, times in ((1, 1), (2, 7)):
        body = "\n\n".join(str(number * times) for number in range(1, 6_000))
        save(db, run, article(body=body, body_html=""), captured=f"2024-03-0{day}T08:00:00Z")
    db.close()
    (answer,) = get(reading_room(tmp_path / "archive.db"), "/archive/articles/1/revisions")
    tree = html.fromstring(answer.text)
    assert "Only the first passages are shown." in text(tree, ".notice")
    assert len(tree.cssselect(".body .changed")) <= MOST
    assert len(answer.text) < 2_000_000
