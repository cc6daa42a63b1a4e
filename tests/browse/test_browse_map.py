"""The map of datelines: where outlines and places lie, dots, names that leave each other room, the page's section."""

import csv
import json
import math
import re
import sqlite3
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from archives import article, new_archive, save
from browse_data import SCRIPT, build, get, page, text
from datasette.app import Datasette
from hypothesis import given, settings
from hypothesis import strategies as st

from ewbscraper import places
from ewbscraper.article import Dateline
from ewbscraper.article import Place as Named
from ewbscraper.browse.rendering import outlines
from ewbscraper.browse.rendering.map import Place, drawn
from ewbscraper.browse.rendering.outlines import HEIGHT, WIDTH, from_atlas, project
from ewbscraper.browse.serve import reading_room

BELGRADE, NOVI_SAD, RASKA = (44.82, 20.46), (45.25, 19.85), (43.29, 20.61)
PRISTINA, MITROVICA, SKOPJE, PODGORICA, SHKODER = (
    (42.66, 21.17), (42.89, 20.87), (42.0, 21.43), (42.44, 19.26), (42.07, 19.51)
)  # fmt: skip


def lines(path):
    """The lines of a path of ours, as points."""
    for part in re.findall(r"M([^M]*)", path):
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        x, y, line = 0, 0, []
        for step in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + step[0], y + step[1]
            line.append((x, y))
        yield [*line, line[0]] if part.endswith("z") else line


def crossings(path, start, end):
    """How often the straight way from one place to another crosses a path."""
    a, b = project(*start), project(*end)
    return sum(_cross(a, b, c, d) for line in lines(path) for c, d in pairwise(line))


def _cross(a, b, c, d):
    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]) > 0

    return side(a, b, c) != side(a, b, d) and side(c, d, a) != side(c, d, b)


def is_on_land(where):
    """By the even-odd rule, as the drawing is filled: from the north-west, which is land."""
    return crossings(outlines.outlines().land, (99.0, -99.0), where) % 2 == 1


def test_the_corners_of_the_map_and_a_city_on_it():
    assert project(outlines.NORTH, outlines.WEST) == (0, 0)
    assert project(outlines.SOUTH, outlines.EAST) == pytest.approx((WIDTH, HEIGHT), abs=0.5)
    (x, y), (sarajevo, _), (sofia, _) = project(*BELGRADE), project(43.86, 18.41), project(42.7, 23.32)
    assert sarajevo < x < sofia
    assert project(*NOVI_SAD)[1] < y < project(*RASKA)[1]
    east, south = project(44.0, 21.0)[0] - project(44.0, 20.0)[0], project(43.0, 20.0)[1] - project(44.0, 20.0)[1]
    assert east / south == pytest.approx(math.cos(math.radians(43.5)))


@pytest.mark.parametrize(
    ("start", "end", "border", "contested"),
    [
        (BELGRADE, NOVI_SAD, False, False),
        (PRISTINA, MITROVICA, False, False),
        (PRISTINA, SKOPJE, True, False),
        (PODGORICA, SHKODER, True, False),
        (MITROVICA, RASKA, False, True),
    ],
)
def test_a_city_is_on_its_side_of_the_border(start, end, border, contested):
    kept = outlines.outlines()
    assert crossings(kept.borders, start, end) % 2 == border
    assert crossings(kept.contested, start, end) % 2 == contested


def test_cities_are_on_land_and_ships_are_not():
    assert [is_on_land(where) for where in (BELGRADE, PRISTINA, SHKODER)] == [True] * 3
    assert [is_on_land(where) for where in ((42.5, 17.0), (43.0, 29.0), (39.0, 25.0))] == [False] * 3


@pytest.mark.slow
def test_every_place_of_the_gazetteer_that_the_map_shows_is_on_land_or_by_the_shore():
    rows = csv.DictReader(Path(places.__file__).with_name("places.csv").read_text("utf-8").splitlines())
    shore = [point for line in lines(outlines.outlines().land) for point in line]
    far = []
    for row in rows:
        where = float(row["latitude"]), float(row["longitude"])
        x, y = project(*where)
        if 0 <= x <= WIDTH and 0 <= y <= HEIGHT and not is_on_land(where):
            away = min(math.dist((x, y), point) for point in shore)
            far += [(row["name"], away)] if away > 25 else []
    assert far == []


def test_the_outlines_are_light_and_draw_each_border_once():
    kept = outlines.outlines()
    assert len(json.dumps([kept.land, kept.borders, kept.contested])) < 45_000
    pieces = [
        frozenset(piece) for path in (kept.borders, kept.contested) for line in lines(path) for piece in pairwise(line)
    ]
    assert len(pieces) == len(set(pieces))


def test_outlines_are_made_of_an_atlas():
    """Two countries side by side, an island too small to be seen, land that goes on beyond the map."""
    west, middle, east = 18, 20, 40
    atlas = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [
            [[middle, 42], [0, 2]],  # the border, from south to north
            [[middle, 44], [west - middle, 0], [0, -2], [middle - west, 0]],
            [[middle, 44], [east - middle, 0], [0, -2], [middle - east, 0]],
        ],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "Kosovo"}},
                    {"type": "MultiPolygon", "arcs": [[[0, 2]]], "properties": {"name": "Serbia"}},
                ]
            },
            "land": {"geometries": [{"type": "MultiPolygon", "arcs": [[[1, -3]]]}]},
        },
    }
    made = from_atlas(atlas)
    assert made.borders == ""
    (border,) = lines(made.contested)
    assert border == [pytest.approx(project(42, middle), abs=1), pytest.approx(project(44, middle), abs=1)]
    (land,) = lines(made.land)
    assert min(x for x, _ in land) == pytest.approx(project(42, west)[0], abs=1)
    assert WIDTH < max(x for x, _ in land) < WIDTH + 30


def place(number, where, articles, name="Town"):
    return Place(number, name, "XX", *where, articles)


def test_the_area_of_a_dot_is_as_the_number_of_articles():
    drawing = drawn([place(1, SKOPJE, 100), place(2, BELGRADE, 400), place(3, PODGORICA, 1)])
    big, middle, small = drawing.dots
    assert [dot.place.id for dot in drawing.dots] == [2, 1, 3]
    assert big.radius == pytest.approx(2 * middle.radius)
    assert small.radius > big.radius / 20  # one article is seen beside 400
    assert drawn([place(1, SKOPJE, 9)]).dots[0].radius == big.radius
    assert (big.x, big.y) == pytest.approx(project(*BELGRADE), abs=0.1)


def test_what_the_map_does_not_show_is_named():
    drawing = drawn([place(1, (50.85, 4.35), 3), place(2, (None, None), 9), place(3, SKOPJE, 1), place(4, (0, 20), 3)])
    assert [dot.place.id for dot in drawing.dots] == [3]
    assert [one.id for one in drawing.elsewhere] == [2, 1, 4]
    assert drawn([]).dots == ()


def test_the_big_cities_around_pristina_have_their_names():
    around = {
        "Pristina": (PRISTINA, 311), "Skopje": (SKOPJE, 231), "Podgorica": (PODGORICA, 219),
        "Mitrovica": (MITROVICA, 76),
        "Fushe Kosova": ((42.64, 21.1), 9), "Obiliq": ((42.69, 21.08), 7), "Gracanica": ((42.6, 21.19), 5),
    }  # fmt: skip
    drawing = drawn(place(n, where, articles, name) for n, (name, (where, articles)) in enumerate(around.items()))
    wide, narrow = ({label.place.name for label in one.labels} for one in (drawing.wide, drawing.narrow))
    assert wide >= {"Pristina", "Skopje", "Podgorica", "Mitrovica"}
    assert narrow >= {"Pristina", "Skopje", "Podgorica"}


somewhere = st.builds(
    Place,
    id=st.integers(1, 999),
    name=st.text("abcdefgh", min_size=1, max_size=25),
    country=st.none(),
    latitude=st.floats(37, 49),
    longitude=st.floats(12, 30),
    articles=st.integers(1, 10**6),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(somewhere, max_size=40))
def test_no_name_covers_another_or_a_dot_of_its_size_or_leaves_the_map(anywhere):
    drawing = drawn(anywhere)
    dots = {id(dot.place): dot for dot in drawing.dots}
    for lettering in (drawing.wide, drawing.narrow):
        for one, other in combinations([label.box for label in lettering.labels], 2):
            assert not overlap(one, other)
        for label in lettering.labels:
            left, top, right, bottom = label.box
            assert left >= 0
            assert top >= 0
            assert right <= WIDTH
            assert bottom <= HEIGHT
            least = dots[id(label.place)].radius / 2
            assert not any(overlap(label.box, dot.box) for dot in drawing.dots if dot.radius > least)


def overlap(one, other):
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return build(tmp_path_factory.mktemp("map") / "archive.db")


def test_each_dot_is_a_link_that_the_list_has_too(path):
    tree = page(reading_room(path), "/")
    (drawing,) = tree.cssselect(".map svg")
    assert drawing.get("aria-hidden") == "true"
    dots = [link for link in drawing.cssselect("a") if link.cssselect("circle")]
    assert {link.get("tabindex") for link in drawing.cssselect("a")} == {"-1"}
    assert text(drawing, "title") == ["Pristina: 27", "Belgrade: 1"]
    listed = tree.cssselect(".places li a")
    assert {link.get("href") for link in dots} <= {link.get("href") for link in listed}
    assert all(re.fullmatch(r"/places/\d+", link.get("href")) for link in listed)
    assert text(tree, ".places li") == ["Pristina 27", "Belgrade 1", f"P{SCRIPT} 1"]
    assert text(tree, ".places .more a") == ["All 3 places"]
    assert not tree.cssselect("[style], style, script")


def test_a_contested_border_is_dashed_and_the_caption_says_so(path):
    room = reading_room(path)
    tree = page(room, "/")
    (line,) = tree.cssselect(".map path.contested")
    assert line.get("d") == outlines.outlines().contested
    (address,) = [link.get("href") for link in tree.cssselect("link[rel=stylesheet]") if "home" in link.get("href")]
    (style,) = re.findall(r"\.contested \{([^}]*)\}", get(room, address)[0].text)
    assert "stroke-dasharray" in style
    assert text(tree, ".map figcaption")[0].endswith("dashed where contested.")


def test_an_archive_of_elsewhere_has_a_list_and_no_map(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    save(db, run, article(dateline=Dateline("QUITO –", (Named("Quito", "QUITO", "EC"),))))
    db.close()
    tree = page(reading_room(tmp_path / "archive.db"), "/")
    assert not tree.cssselect("svg circle, .map")
    assert text(tree, ".places li") == ["Quito 1"]


def test_an_archive_without_places_has_neither(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    save(db, run, article(dateline=None))
    db.close()
    assert not page(reading_room(tmp_path / "archive.db"), "/").cssselect(".where")


def test_an_empty_archive_says_how_to_fill_it(tmp_path):
    db, _ = new_archive(tmp_path / "archive.db")
    db.close()
    tree = page(reading_room(tmp_path / "archive.db"), "/")
    assert "ewbscraper crawl ewb" in text(tree, ".empty pre")[0]
    assert "without an end" in text(tree, "#last-run")[0]
    assert not tree.cssselect(".figures, svg")


def test_the_public_sees_no_standfirst_on_the_front_page(path):
    def passages(**chosen):
        return text(page(Datasette([str(path)], metadata={"plugins": {"ewbscraper": chosen}}), "/"), ".teaser .passage")

    assert (
        passages()
        == passages(public=True, public_text=True)
        == ["The council had said nothing for a week.", f"S{SCRIPT}"]
    )
    assert passages(public=True) == []


def test_who_may_not_see_the_archive_may_not_see_its_front_page(path):
    room = Datasette([str(path)], metadata={"databases": {"archive": {"allow": False}}})
    (answer,) = get(room, "/")
    assert answer.status_code == 403
    assert "Minister confirms talks" not in answer.text


def test_without_an_archive_the_front_page_is_datasettes(tmp_path):
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE things (id INTEGER)").connection.close()
    tree = page(Datasette([str(tmp_path / "other.db")]), "/")
    assert text(tree, "main h2 a") == ["other"]
