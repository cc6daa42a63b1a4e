"""Citations: right for a common article, unbreakable for a hostile one."""

import json
import re
import sqlite3
from dataclasses import replace
from io import StringIO

import bibtexparser
import feedparser
import jsonschema
import pytest
import rispy
from browse_data import CYRILLIC, EDITED, HOSTILE, build
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from readers import csl_schema, needs_readers

from ewbscraper.archive.database import read
from ewbscraper.archive.export.atom import Feed, write_atom
from ewbscraper.archive.export.references import WRITERS, references
from ewbscraper.archive.finding.citations import Reference, bibtex, csl_json, earlier, plain, reference, ris
from ewbscraper.archive.finding.hits import every_id
from ewbscraper.archive.finding.question import Question

ARTICLE = Reference(
    id=12,
    outlet="courier",
    outlet_name="The Courier",
    headline="Vučić & 50% of “talks”",
    url="https://courier.example/talks/?a=1&b=%20#c",
    authors=("Ana Kos", "Ben Rot"),
    published="2024-03-04T18:20:00+01:00",
    language="en",
    archived="2024-03-05T07:30:00Z",
    sha256="ab" * 32,
)

BREAKER = "x},\n  note = {stolen}}\r\n@book{evil,\u2028ER  - \r\nTY  - BOOK\x85\\input{/etc/passwd}%{\x00\x1b\ud800"


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    connection = read(build(tmp_path_factory.mktemp("cite") / "archive.db"))
    yield connection
    connection.close()


@pytest.mark.parametrize(("cause", "changed"), [("outlet", True), ("extraction", False)])
def test_no_change_is_said_of_an_outlet_whose_page_was_only_read_better(cause, changed):
    capture = {"fetched_at": "2024-03-05T07:30:00Z", "sha256": "ab" * 32, "status": 200}
    known = {"revision": 1, "cause": cause, "captures": [capture]}
    said = bibtex(earlier(ARTICLE, {"headline": "Talks", "provenance": known}))
    assert ("changed" in said) == changed
    assert "later" in said


def test_a_plain_citation_names_author_title_days_and_digest():
    assert plain(ARTICLE) == (
        "Ana Kos, Ben Rot, “Vučić & 50% of “talks””, The Courier, 2024-03-04, "
        "https://courier.example/talks/?a=1&b=%20#c, archived 2024-03-05T07:30:00Z (SHA-256 " + "ab" * 32 + ")."
    )


def test_bibtex_is_escaped():
    assert bibtex(ARTICLE) == (
        "@online{courier-12,\n"
        "  author = {{Ana Kos} and {Ben Rot}},\n"
        r"  title = {{Vučić \& 50\% of “talks”}}," + "\n"
        "  organization = {The Courier},\n"
        "  date = {2024-03-04},\n"
        "  url = {https://courier.example/talks/?a=1&b=%20#c},\n"
        "  urldate = {2024-03-05},\n"
        "  langid = {en},\n"
        "  note = {Archived 2024-03-05T07:30:00Z (SHA-256 " + "ab" * 32 + ")},\n"
        "}\n"
    )


def test_ris_begins_and_ends_as_it_must_and_has_its_days():
    lines = ris(ARTICLE).split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert lines[-2:] == ["ER  - ", ""]
    assert {"AU  - Ana Kos", "AU  - Ben Rot", "DA  - 2024/03/04", "PY  - 2024", "Y2  - 2024/03/05"} <= set(lines)


def test_csl_json_has_days_in_parts_and_authors_as_written():
    (item,) = json.loads(csl_json(ARTICLE))
    assert item["issued"] == {"date-parts": [[2024, 3, 4]]}
    assert item["accessed"] == {"date-parts": [[2024, 3, 5]]}
    assert item["author"] == [{"literal": "Ana Kos"}, {"literal": "Ben Rot"}]
    assert item["title"] == ARTICLE.headline


@pytest.mark.parametrize(
    "field", ["outlet", "outlet_name", "headline", "url", "authors", "published", "language", "archived", "sha256"]
)
def test_no_value_breaks_a_record(field):
    evil = replace(ARTICLE, **{field: (BREAKER,) if field == "authors" else BREAKER})
    record = bibtex(evil)
    assert record.count("{") == record.count("}")
    assert re.findall(r"(?m)^\S.*", record) == [f"@online{{{evil.key},", "}"]
    assert "\\input{" not in record
    assert re.fullmatch(r"(?:[A-Z][A-Z0-9]  - [^\x00-\x1f\x85\u2028]*\r\n)+", ris(evil))
    assert ris(evil).count("\r\nER  - \r\n") == 1
    assert ris(evil).count("TY  - NEWS\r\n") == 1
    assert len(json.loads(csl_json(evil))) == 1
    assert not re.search(r"[\x00-\x1f\x85\u2028]", plain(evil))
    for record in (bibtex(evil), ris(evil), csl_json(evil), plain(evil)):
        record.encode()


def test_an_article_with_nothing_known():
    bare = Reference(id=1, outlet="x", outlet_name="X", headline=None, url="https://x.example/")
    assert plain(bare) == "“Untitled”, X, https://x.example/."
    assert "author" not in bibtex(bare)
    assert json.loads(csl_json(bare))[0].keys() == {"id", "type", "title", "container-title", "URL"}


@pytest.mark.parametrize("published", ["²024-03-04", "٢٠٢٤-٠٣-٠٤", "soon"])
def test_what_is_no_day_is_left_out(published):
    found = replace(ARTICLE, published=published)
    assert "issued" not in json.loads(csl_json(found))[0]
    assert "DA  - " not in ris(found)


def test_the_newest_capture_is_cited(db):
    of = reference(db, EDITED)
    assert (of.archived, of.authors, of.key) == ("2024-03-05T07:30:00Z", ("Ana Kos", "Ben Rot"), "courier-1")
    assert reference(db, 9999) is None


# --- read back by others ---

_FROM_TEX = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    "{@}": "@",
    **{f"\\{letter}": letter for letter in "#$%&_"},
}
_COMMAND = re.compile("|".join(map(re.escape, _FROM_TEX)))

_BREAKERS = (
    *("{", "}", "\\", "@", "%", "#", "~", '"', "ER  - ", "\r\nER  - \r\n", "\nTY  - BOOK\n", "},\n  url = {", "\x00"),
    *(
        "\u200f",
        "\u202e",
        "\u2028",
        "\x85",
        "\ufeff",
        "🚂",
        "Вучић",
        "@book{a,",
        "\\input{x}",
        "</title>",
        "]]>",
        "&#0;",
    ),
)
NASTY = st.lists(st.text(st.characters(), max_size=12) | st.sampled_from(_BREAKERS), max_size=6).map("".join)
"""Any characters, lone surrogates and control characters too, and what the formats are made of."""

SEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def bare(text):
    """Text up to white space, and without what no format can hold."""
    return SEEN.sub("", " ".join(text.split()))


def from_tex(value):
    assert value.startswith("{")
    assert value.endswith("}")
    return _COMMAND.sub(lambda found: _FROM_TEX[found[0]], value[1:-1])


@settings(deadline=None, max_examples=60)
@given(nasty=st.fixed_dictionaries(dict.fromkeys(("headline", "outlet_name", "language", "url", "author"), NASTY)))
def test_whatever_is_in_a_field_one_record_comes_back_with_the_title(nasty):
    values = {**nasty, "url": f"https://x.example/{nasty['url']}", "headline": f"T{nasty['headline']}"}
    hostile = replace(ARTICLE, authors=(values.pop("author") or "A",), **values)
    title = bare(hostile.headline)

    (record,) = bibtexparser.loads(bibtex(hostile), _bibtex_parser()).entries
    assert (record["ID"], from_tex(record["title"]), record["date"]) == ("courier-12", title, "2024-03-04")
    assert record["ENTRYTYPE"] == "online"

    (entry,) = rispy.loads(ris(hostile))
    assert (entry["type_of_reference"], entry["id"], entry["title"]) == ("NEWS", "courier-12", title.strip())
    assert "unknown_tag" not in entry

    (item,) = json.loads(csl_json(hostile))
    assert item["title"] == title


@needs_readers
@settings(deadline=None, max_examples=60)
@given(nasty=st.fixed_dictionaries(dict.fromkeys(("headline", "outlet_name", "language", "url", "author"), NASTY)))
def test_whatever_is_in_a_field_the_schema_of_csl_allows_it(nasty):
    values = {**nasty, "url": f"https://x.example/{nasty['url']}"}
    hostile = replace(ARTICLE, authors=(values.pop("author"),), **values)
    jsonschema.validate(json.loads(csl_json(hostile)), csl_schema())


@needs_readers
@pytest.mark.parametrize("wrong", [{"type": "newspaper"}, {"headline": "T"}, {"issued": "2024"}, {"author": ["Ana"]}])
def test_the_schema_of_csl_knows_wrong_from_right(wrong):
    items = json.loads(csl_json(ARTICLE))
    jsonschema.validate(items, csl_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([items[0] | wrong], csl_schema())


@needs_readers
def test_a_whole_search_is_as_the_schema_of_csl_wants_it(db):
    out = StringIO()
    WRITERS["csl.json"](references(db, list(every_id(db, Question()))), out)
    jsonschema.validate(json.loads(out.getvalue()), csl_schema())


def _bibtex_parser():
    return bibtexparser.bparser.BibTexParser(common_strings=True, ignore_nonstandard_types=False)


def test_a_processor_of_csl_makes_the_citation_of_a_style():
    source = CiteProcJSON(json.loads(csl_json(ARTICLE)))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    made = CitationStylesBibliography(style, source, formatter.plain)
    made.register(Citation([CitationItem("courier-12")]))
    assert [str(entry) for entry in made.bibliography()] == [
        "Ana Kos and Ben Rot (2024) “Vučić & 50% of “talks””, The Courier, 4 March. "
        "Available at: https://courier.example/talks/?a=1&b=%20#c (Accessed: March 5, 2024)."
    ]


@pytest.mark.parametrize("form", ["bib", "ris", "csl.json"])
def test_a_whole_search_is_read_back_whole(db, form):
    out = StringIO()
    ids = list(every_id(db, Question()))
    WRITERS[form](references(db, ids), out)
    keys = {
        "bib": lambda text: [entry["ID"] for entry in bibtexparser.loads(text, _bibtex_parser()).entries],
        "ris": lambda text: [entry["id"] for entry in rispy.loads(text)],
        "csl.json": lambda text: [item["id"] for item in json.loads(text)],
    }[form](out.getvalue())
    assert keys == [f"courier-{number}" for number in ids]
    assert len(keys) == 30


def test_no_hits_are_no_records_and_still_the_format(db):
    for form, empty in {"bib": "", "ris": "", "csl.json": "[]\n"}.items():
        out = StringIO()
        WRITERS[form](references(db, []), out)
        assert out.getvalue() == empty


@pytest.mark.parametrize(
    "evil", ["javascript:alert(1)", "data:text/html,x", " JavaScript:alert(1)", "file:///etc/passwd"]
)
def test_what_leads_to_no_web_page_is_no_address(evil):
    for write in (bibtex, ris, csl_json, plain):
        assert "alert" not in write(replace(ARTICLE, url=evil))
        assert "text/html" not in write(replace(ARTICLE, url=evil))


def test_a_semicolon_does_not_part_an_address_in_ris():
    (entry,) = rispy.loads(ris(replace(ARTICLE, url="https://x.example/a;b?c=1;2")))
    assert entry["urls"] == ["https://x.example/a%3Bb?c=1%3B2"]


def feed_of(db, asked, **changes):
    out = StringIO()
    page = "http://room.example/archive/articles/{}".format
    feed = Feed("Title & more", "http://room.example/f.atom?q=a&b", "http://room.example/search?q=a", page, **changes)
    write_atom(db, feed, asked, every_id(db, asked), out)
    etree.fromstring(out.getvalue().encode())
    return feedparser.parse(out.getvalue().encode())


def test_a_feed_of_a_search(db):
    feed = feed_of(db, Question(words="Vucic"))
    assert not feed.bozo
    assert (feed.version, feed.feed.title, feed.feed.id) == (
        "atom10",
        "Title & more",
        "http://room.example/f.atom?q=a&b",
    )
    assert feed.feed.updated
    first, second = feed.entries
    assert (first.title, second.title) == ("Minister confirms talks", "Вучић отворио мост")
    assert first.link == f"http://room.example/archive/articles/{EDITED}"
    assert [author.name for author in first.authors] == ["Ana Kos", "Ben Rot"]
    assert first.updated == "2024-03-05T07:30:00Z"
    assert first.published == "2024-03-04T17:20:00Z"
    assert "Vučić" in first.summary
    assert "Вучић" in second.summary
    assert second.link.endswith(f"/{CYRILLIC}")
    assert len({entry.id for entry in feed.entries}) == 2


def test_a_feed_without_words_has_standfirsts_where_texts_may_be_shown(db):
    asked = Question(since="2024-03-04")
    assert feed_of(db, asked).entries[0].summary == "The council had said nothing for a week."
    assert feed_of(db, asked, with_texts=False).entries[0].summary == ""


def test_a_hostile_article_does_not_break_a_feed(tmp_path):
    with sqlite3.connect(build(tmp_path / "archive.db")) as hostile:
        hostile.execute(
            "UPDATE articles SET url = 'javascript:alert(1)', headline = ?, standfirst = ?, language = ? WHERE id = ?",
            ["]]></title>&#0;\x00\x0b\ufffe<b>bold</b>", "\x1b<script>", 'en" x="', HOSTILE],
        )
    hostile.close()
    db = read(tmp_path / "archive.db")
    feed = feed_of(db, Question())
    assert not feed.bozo
    (entry,) = (entry for entry in feed.entries if entry.link.endswith(f"/{HOSTILE}"))
    assert "]]></title>&#0;" in entry.title_detail.value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert not [link for link in entry.links if not link.href.startswith("http")]
    db.close()


@settings(deadline=None, max_examples=60)
@given(text=NASTY)
def test_no_text_breaks_the_xml_of_a_feed(db, text):
    out = StringIO()
    write_atom(db, Feed(text, f"http://x.example/?{text}", text, str), Question(), [EDITED], out)
    tree = etree.fromstring(out.getvalue().encode())
    assert len(tree) == 7
