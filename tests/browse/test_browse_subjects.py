"""Places, authors, tags, sections, outlets: one page and one list for all kinds."""

import pytest
from archives import article, new_archive, save
from browse_data import BODY, CYRILLIC, EDITED, SCRIPT, build, get, page, public_room, text
from lxml import html

from ewbscraper.archive.database import read
from ewbscraper.archive.finding.subjects import KINDS, spellings, subject, subjects
from ewbscraper.article import Dateline, Place
from ewbscraper.browse.pages.subjects import PAGE, read_subject
from ewbscraper.browse.serve import reading_room


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return build(tmp_path_factory.mktemp("subjects") / "archive.db")


@pytest.fixture(scope="module")
def room(path):
    return reading_room(path)


@pytest.fixture
def db(path):
    connection = read(path)
    yield connection
    connection.close()


def names(db, kind, **options):
    return [(row["name"], row["articles"]) for row in subjects(db, kind, **options).rows]


def key(db, kind, name):
    return str(db.execute(f"SELECT id FROM {kind} WHERE name = ?", [name]).fetchone()["id"])


def test_lists_by_number_and_by_name(db):
    assert names(db, "authors")[:2] == [("Ana Kos", 29), ("Ben Rot", 1)]
    assert [name for name, _ in names(db, "places", order="name")][:1] == ["Belgrade"]
    assert names(db, "outlets") == [("The Courier", 30)]
    assert subjects(db, "authors", size=1).total == 3
    assert names(db, "authors", size=1, skip=1) == [("Ben Rot", 1)]


def test_a_list_is_searched_in_any_script_and_spelling(db):
    assert names(db, "authors", named="rot") == [("Ben Rot", 1)]
    assert names(db, "places", named="beograd") == names(db, "places", named="БЕО") == [("Belgrade", 1)]
    assert names(db, "tags", named="nothing of the kind") == []


def test_names_in_two_scripts_are_sorted_together(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    save(db, run, article("a", authors=("Зоран", "Ana", "Божо", "Čedo", "Vera")))
    assert [name for name, _ in names(db, "authors", order="name")] == ["Ana", "Божо", "Čedo", "Vera", "Зоран"]
    db.close()


def test_spellings_of_a_place_whatever_their_capitals(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    for number, said in enumerate(["PRISHTINË", "Prishtinë", "ПРИШТИНА", "Prishtinë"]):
        save(db, run, article(f"a{number}", dateline=Dateline(f"{said} –", (Place("Pristina", said, "XK"),))))
    assert spellings(db, [1]) == {1: {"Prishtinë": 3, "ПРИШТИНА": 1}}
    assert spellings(db, []) == {}
    found = subject(db, "places", "1")
    assert list(found["spellings"]) == ["Prishtinë", "ПРИШТИНА"]
    db.close()


def test_places_of_one_name_are_told_apart_and_counted_together(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    for number, country in enumerate(["RS", "HR"]):
        save(db, run, article(f"a{number}", dateline=Dateline("LIPA –", (Place("Lipa", "LIPA", country),))))
    shown = read_subject(db, "places", "1")
    assert [row["country"] for row in shown["subject"]["namesakes"]] == ["HR"]
    assert shown["total"] == 2
    db.close()


@pytest.mark.parametrize(
    ("kind", "name", "first"),
    [
        ("places", "Belgrade", CYRILLIC),
        ("authors", "Ben Rot", EDITED),
        ("tags", "railways", EDITED),
        ("sections", "News", EDITED),
    ],
)
def test_one_of_each_kind(db, kind, name, first):
    shown = read_subject(db, kind, key(db, kind, name))
    assert shown["articles"][0]["id"] == first
    assert shown["asked"].given == {KINDS[kind]: name}
    assert shown["total"] == dict(names(db, kind))[name]
    assert sum(column.articles for column in shown["chart"].columns) == shown["total"]


def test_an_author_of_one_outlet_is_a_share_of_its_output_and_has_a_beat(db):
    shown = read_subject(db, "authors", key(db, "authors", "Ben Rot"), by_share=True)
    assert shown["share_of"] == "courier"
    assert shown["goes_with"].counts["section"] == {"News": 1}
    assert [column.of for column in shown["chart"].columns if column.articles] == [1]


def test_an_outlet_and_what_is_known_of_it(db):
    shown = read_subject(db, "outlets", "courier", page=2)
    assert shown["subject"]["last_run"]["outcome"] == "finished"
    assert (shown["subject"]["first"][:10], shown["subject"]["last"][:10]) == ("2024-01-01", "2024-03-04")
    assert len(shown["articles"]) == shown["total"] - PAGE == 10


@pytest.mark.parametrize(("kind", "key"), [("places", "999"), ("authors", "x"), ("outlets", "nobody"), ("tags", "1e3")])
def test_what_is_not_there(db, room, kind, key):
    assert read_subject(db, kind, key) is None
    assert get(room, f"/{kind}/{key}")[0].status_code == 404


def test_places_are_named_as_written_and_then_in_english(room, db):
    assert text(page(room, f"/places/{key(db, 'places', 'Belgrade')}"), "h1") == ["БЕОГРАД Belgrade"]
    assert text(page(room, "/places?sort=name"), "tbody th")[0] == "БЕОГРАД Belgrade"


def test_the_page_searches_within_itself(room, db):
    tree = page(room, f"/authors/{key(db, 'authors', 'Ana Kos')}?by=share&page=2")
    form = next(form for form in tree.forms if "author" in form.fields)
    assert (form.action, form.fields["author"]) == ("/search", "Ana Kos")
    assert {"?by=share&page=1", "?"} <= set(tree.xpath("//main//a/@href"))
    assert "/search?author=Ana+Kos&since=2024-01&until=2024-01" in tree.xpath("//main//a/@href")
    assert "/search?author=Ana+Kos&place=Pristina" in tree.xpath("//main//a/@href")
    assert "Share of the output of The Courier" in tree.text_content()


def test_the_public_sees_no_standfirst(path, room):
    public = public_room(path)
    for of, shown in ((room, True), (public, False)):
        said = page(of, "/outlets/courier").text_content()
        assert (BODY[0] in said) is shown
        assert "Minister confirms talks" in said


def test_all_pages_answer_and_run_nothing(room, db):
    addresses = ["/outlets/courier", *(f"/{kind}?sort={sort}&named=a" for kind in KINDS for sort in ("name", ""))]
    for kind in KINDS:
        addresses.append(f"/{kind}?page=9")
        if kind != "outlets":
            addresses += [f"/{kind}/{row['id']}" for row in subjects(db, kind).rows]
    for address, answer in zip(addresses, get(room, *addresses), strict=True):
        assert answer.status_code == 200, address
        assert "script-src 'none'" in answer.headers["content-security-policy"], address
        tree = html.fromstring(answer.text)
        assert SCRIPT not in answer.text, address
        assert not tree.xpath("//script | //style | //@style | //img | //@onerror | //@onload"), address
        assert not [url for url in tree.xpath("//@href") if url.startswith("javascript")], address


def test_the_masthead_leads_to_pages_that_answer(room):
    links = page(room, "/").xpath("//nav[@aria-label='Archive']/a/@href")
    assert [answer.status_code for answer in get(room, *links)] == [200] * len(links)
    assert {"/search", "/coverage", "/compare", "/places", "/authors", "/runs"} <= set(links)


def test_an_article_is_datelined_as_written_and_then_in_english(room):
    def datelined(number):
        (said,) = page(room, f"/archive/articles/{number}").xpath("//dt[.='Datelined']/following-sibling::dd[1]")
        return " ".join(said.text_content().split())

    assert datelined(CYRILLIC) == "БЕОГРАД Belgrade"
    assert datelined(EDITED) == "PRISTINA"


def test_the_code_of_kosovo_is_called_user_assigned(room, db):
    assert "XK, a user-assigned code" in text(page(room, f"/places/{key(db, 'places', 'Pristina')}"), "dd")
    assert "RS" in text(page(room, f"/places/{key(db, 'places', 'Belgrade')}"), "dd")
