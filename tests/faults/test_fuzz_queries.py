"""Any words as a search, any file as queries or outlet, any text in a citation: an answer, or the named error."""

import contextlib
import json
import sqlite3
import tempfile
import unicodedata
from pathlib import Path

import bibtexparser
import pytest
import rispy
from archives import article, new_archive, save
from checkout import HOUSE
from click.testing import CliRunner
from hypothesis import strategies as st
from strange import broken, fuzz, texts

from ewbscraper.archive import search
from ewbscraper.archive.export.surt import surt
from ewbscraper.archive.finding.citations import Reference, address, bibtex, csl_json, plain, ris
from ewbscraper.archive.finding.queries import as_sql, load_queries
from ewbscraper.archive.finding.question import Question
from ewbscraper.article import content_hash
from ewbscraper.cli import main
from ewbscraper.errors import BadOutlet, BadQuery
from ewbscraper.outlet import Outlet, as_code
from ewbscraper.outlets import read_outlet

FOLDER = tempfile.TemporaryDirectory()
HERE = Path(FOLDER.name)
DB, RUN = new_archive(HERE / "archive.db")
search.register(DB)
save(DB, RUN, article("latin", body="Đukanović je rekao"))
SCRATCH = sqlite3.connect(":memory:")
SCRATCH.executescript(
    "CREATE VIRTUAL TABLE f USING fts5(x, tokenize='unicode61 remove_diacritics 2');"
    "CREATE VIRTUAL TABLE v USING fts5vocab(f, instance)"
)
WORDS = texts(
    "AND", "OR", "NOT", "NEAR(", "NEAR", ")", "(", '"', "*", "^", ":", "headline:", "{headline body}", "-", "+",
    ",", " ",
    "Вучић", "Vučić", "đ", "dj", "lj", "Nj", "Zh", "xh", "ts", "y", "οὐ", "μπ", "αυ", "h", "j", "'", ";", "\\", "%",
    "_", "3)",
)  # fmt: skip


_PASSED_OVER = {768 + bit for bit in range(50) if (0x08029FDF | 0x000361F8 << 32) >> bit & 1}
"""Marks that SQLite takes for part of a word (fts5_unicode2.c); the few others part two words there."""


def _without_odd_marks(text):
    """Folding takes all marks away, so that a word with one of the others in it becomes one: such texts are not had."""
    return "".join(sign for sign in text if not 0x300 <= ord(sign) <= 0x36F or ord(sign) in _PASSED_OVER)


def tokens(text):
    SCRATCH.execute("DELETE FROM f")
    SCRATCH.execute("INSERT INTO f VALUES (?)", [text])
    return [row[0] for row in SCRATCH.execute('SELECT "offset" FROM v ORDER BY 1')]


@fuzz(
    sent="any text as the words of a search",
    must="hits or none, and never an error of SQLite's",
    text=WORDS,
    since=texts("2024", "-", "01", "31", "0000", "9999", "²"),
)
def test_searches(text, since):
    question = Question.read({"q": text, "since": since, "until": since, "place": text, "outlet": since})
    assert Question.read(question.given) == question
    asked = Question(words=text)
    sql = f"SELECT articles.id FROM {asked.matching}"
    assert len(DB.execute(sql, asked.values).fetchall()) <= 1
    assert len(DB.execute(f"SELECT articles.id FROM {question.matching}", question.values).fetchall()) <= 1


@fuzz(
    sent="any text, folded for the index",
    must="as many words as before, each in its place",
    text=texts(
        *["đ", "dj", "lj", "Nj", "Zh", "xh", "ts", "y", "h", "j", "οὐ", "μπ", "αυ", "γγ", "џ", "щ"],
        "Вучић",
        "ßß",
        " ",
        halves=False,
    ).map(_without_odd_marks),
)
def test_folding(text):
    folded = search.fold(text)
    assert tokens(folded) == tokens(text)


@fuzz(
    sent="any text as a query, and as its parameters",
    must="SQL of more than one word, or BadQuery; values for all parameters, or BadQuery",
    text=WORDS,
    name=st.sampled_from(["place", "since", "x", "", "\ud800"]),
)
def test_queries_and_parameters(text, name):
    named = load_queries()
    with contextlib.suppress(BadQuery):
        assert as_sql(text, named) == text
    for query in named.values():
        with contextlib.suppress(BadQuery):
            assert set(query.bind({name: text})) == set(query.parameters)


QUERIES = b"""
long-ones:
  title: Long
  description: What is long.
  sql: SELECT headline FROM articles WHERE words > :words
  parameters: {words: how many}
  defaults: {words: "1000"}
"""


@fuzz(
    sent="a queries.yml with bits turned, parts cut, doubled, moved, and YAML of any kind thrown in",
    must="named queries, or BadQuery",
    body=broken([QUERIES], b"!!python/object:os.system x", b"&a [*a]", b"{", b"? ", b"- ", b": ", b"~", b"\xff",
    b"\0", b"1: 2\n",
                b"\t", b"!!binary x", b"2024-99-99", b"!!timestamp x", b"*b", b"<<: ", b"[" * 900, b"!!int x",
                b"? [a]\n: b\n"),
)  # fmt: skip
def test_query_files(body):
    (HERE / "queries.yml").write_bytes(body)
    try:
        queries = load_queries(HERE)
    except BadQuery:
        return
    finally:
        (HERE / "queries.yml").unlink()
    for query in queries.values():
        assert all(isinstance(text, str) for text in (query.name, query.title, query.description, query.sql))
        assert all(isinstance(text, str) for text in query.meanings.values())


OUTLET = (HOUSE / "outlets" / "ewb.py").read_bytes()


@fuzz(
    sent="the file of an outlet with bits turned, parts cut, doubled, moved, bad values thrown in",
    must="an outlet, or BadOutlet",
    body=broken([OUTLET], b"\0", b"\xff", b"'", b'slug="\\ud800"', b'home="http://["', b'timezone="../x"',
    b'timezone="\\0"',
                b"None", b"1", b"(", b"[" * 300, b"-" * 9, b'slug="/"', b"raise SystemExit(3)\n",
                b"x = " + b"-" * 9_000 + b"1\n"),
    number=st.integers(0, 10**9),
    seconds=2,
)  # fmt: skip
def test_outlet_files(body, number):
    path = HERE / f"outlet{number}.py"
    path.write_bytes(body)
    try:
        assert read_outlet(path).slug
    except BadOutlet as error:
        assert str(path) in str(error)  # noqa: PT017
    finally:
        path.unlink()


@fuzz(
    sent="any values in the form of an outlet",
    must="a form whose file is read back as itself, or BadOutlet",
    slug=st.sampled_from(["paper", "a-b", "", "-", "/", "A", "ж", "²"]) | texts("a", "-"),
    name=texts('"', "'", "\\", "\n", '"""'),
    home=texts("https://", "x.example", "/", "[", "]", ":80", "@", "вести.срб", "%", "xn--"),
    timezone=st.sampled_from(["UTC", "", "/etc/passwd", "../UTC", "a\0b", "Europe", "x" * 300, "\ud800"]),
)
def test_outlets(slug, name, home, timezone):
    try:
        outlet = Outlet(slug=slug, name=name, home=home, timezone=timezone)
    except BadOutlet:
        return
    scope = {}
    exec(as_code(outlet), scope)
    assert scope["OUTLET"] == outlet


@fuzz(
    sent="any text as a day on the command line",
    must="a run, or exit code 2 with one line that names the cure",
    text=texts("2024", "-", "01", "31", "0000", "9999", "²", "today", "W1", "T10:00", halves=False),
    quick=20,
)
def test_days_on_the_command_line(text):
    asked = ["search", "x", f"--since={text}", "--archive", str(HERE / "archive.db")]
    ran = CliRunner().invoke(main, asked)
    assert ran.exit_code in (0, 2), ran.output
    assert ran.exception is None or isinstance(ran.exception, SystemExit)


def _not_too_long(text):
    """bibtexparser takes the square of a long field's length."""
    return text[:200]


CITED = texts(
    "{", "}", "\\", "%", "$", "&", "@", "#", '"', ",", "\r\nER  - ", "\nTY  - ", " and ", "}\n@book{x,", "ö", "https://"
)


@fuzz(
    sent="any text in every field of a citation",
    must="one record in BibTeX, RIS and CSL-JSON, read back by other libraries with its address and day",
    text=CITED.map(_not_too_long),
    author=CITED.map(_not_too_long),
    day=st.sampled_from([None, "2024-03-04T10:00:00Z", "2024-03", "2024", "--", "0", "\u0663", "2024-03-04"]),
    seconds=8,  # of the libraries that read them back
    quick=40,
)
def test_citations(text, author, day):
    of = Reference(
        id=7, outlet="ewb", outlet_name=text, headline=f"T{text}", url=f"https://x.example/{text}",
        authors=(author or "A",),
        published=day, language=text, archived=day, sha256=text,
    )  # fmt: skip
    (one,) = bibtexparser.loads(bibtex(of), bibtexparser.bparser.BibTexParser(ignore_nonstandard_types=False)).entries
    assert (one["ID"], one["ENTRYTYPE"]) == ("ewb-7", "online")
    (other,) = rispy.loads(ris(of))
    (item,) = json.loads(csl_json(of))
    assert other["id"] == item["id"] == "ewb-7"
    assert item["URL"] == one["url"] == address(of.url)
    assert "\n" not in plain(of)
    csl_json(of).encode()


@fuzz(
    sent="any address, for replay tools to find",
    must="a key without an upper-case letter that is the same for the same address written otherwise, or no address",
    text=texts(
        "%25", "%", "%zz", "%FF", "..", "/", "//", "?", "&", "=", "#", "a", "A", ";", "www2.", "ж", halves=False
    ),
)
def test_keys_of_addresses(text):
    key = surt(f"https://www.x.example/{text}")
    assert key.startswith("example,x)/")
    assert surt(f"https://x.example:443/{text}") == key
    assert key == key.lower()


@fuzz(
    sent="any text of an article, composed and decomposed, with other white space",
    must="one and the same digest",
    text=texts("é", "e\u0301", "\u212b", "\n\n", "  ", "\u00a0", "가", "\u1100\u1161", halves=False),
)
def test_digests(text):
    said = unicodedata.normalize("NFD", text)
    assert content_hash(text, None, "a", [(text, text)]) == content_hash(said, None, "a", [(said, said)])
    spaced = "\n\n".join(f"  {' '.join(p.split())} \n" for p in text.split("\n\n"))
    assert content_hash(None, None, text, []) == content_hash(None, None, spaced, []) or "\n\n" in spaced.strip("\n")


@pytest.fixture(autouse=True, scope="module")
def _closed():
    yield
    DB.close()
    SCRATCH.close()
