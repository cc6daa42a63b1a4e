"""The ground of the map: coasts and borders around the Western Balkans, and where on it a place lies.

`outlines.json` beside this file is made from Natural Earth (public domain, https://www.naturalearthdata.com/) as the
npm package `world-atlas` has it. To make it anew, after a change of FRAME or of the atlas:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m ewbscraper.browse.rendering.outlines package/countries-10m.json
"""

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from typing import Any

WEST, EAST, SOUTH, NORTH = 12.3, 29.5, 37.7, 48.5
"""What the map shows, in degrees: Vienna to Athens, the Adriatic to Istanbul."""

WIDTH = 2000
"""Of the map, in its own units; the page stretches it."""

_SCALE = WIDTH / (EAST - WEST)
_STRETCH = 1 / math.cos(math.radians(43.5))
"""A degree of latitude is so much longer than one of longitude in the middle of the map."""

HEIGHT = round((NORTH - SOUTH) * _SCALE * _STRETCH)

_CONTESTED = {frozenset(("Kosovo", "Serbia"))}
_MARGIN = 16
"""Units around the map where outlines go on, so that no cut edge is seen."""
_TOLERANCE = 0.8
"""Units that a line may be off; smaller is not seen."""
_LEAST_ISLAND = 12
"""Square units."""

_FILE = Path(__file__).with_name("outlines.json")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outlines:
    """Paths as SVG writes them, in the map's units."""

    land: str
    borders: str
    """Lines between two countries, each once."""
    contested: str
    """Those that not everybody takes for borders."""


def project(latitude: float, longitude: float) -> Point:
    """Where a place lies, in the map's units from its top left corner; outside of it for places elsewhere."""
    return (longitude - WEST) * _SCALE, (NORTH - latitude) * _SCALE * _STRETCH


@cache
def outlines() -> Outlines:
    """The ones kept beside this file."""
    return Outlines(**json.loads(_FILE.read_text("utf-8")))


def from_atlas(atlas: dict[str, Any]) -> Outlines:
    """Those of a TopoJSON file with `land` and `countries`, cut to the map and made as simple as its size allows."""
    lines = [_simple(line) for line in _lines(atlas)]
    owners = defaultdict(set)
    for country in atlas["objects"]["countries"]["geometries"]:
        for arc in _numbers(country["arcs"]):
            owners[max(arc, ~arc)].add(country["properties"]["name"])
    borders = {arc: names for arc, names in owners.items() if len(names) == 2}
    coasts = [ring for land in atlas["objects"]["land"]["geometries"] for ring in _rings(land["arcs"])]
    return Outlines(
        land=_paths((_cut(_joined(ring, lines)) for ring in coasts), end="z"),
        borders=_paths(
            part for arc, names in borders.items() if names not in _CONTESTED for part in _inside(lines[arc])
        ),
        contested=_paths(part for arc, names in borders.items() if names in _CONTESTED for part in _inside(lines[arc])),
    )


def _lines(atlas: dict[str, Any]) -> Iterator[list[Point]]:
    """Every arc of the atlas; TopoJSON writes whole numbers, each point as its distance from the last."""
    (wide, high), (left, low) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    for arc in atlas["arcs"]:
        steps = accumulate(arc, lambda a, b: (a[0] + b[0], a[1] + b[1]))
        yield [project(low + y * high, left + x * wide) for x, y in steps]


def _rings(arcs: list[Any]) -> Iterator[list[int]]:
    """The rings of a Polygon or a MultiPolygon: lists of arcs' numbers."""
    for one in arcs:
        if isinstance(one[0], int):
            yield one
        else:
            yield from _rings(one)


def _numbers(arcs: list[Any]) -> Iterator[int]:
    return (number for ring in _rings(arcs) for number in ring)


def _joined(ring: Iterable[int], lines: Sequence[Sequence[Point]]) -> list[Point]:
    """The points of a ring; TopoJSON means an arc backwards by the complement of its number."""
    return [point for number in ring for point in (lines[number] if number >= 0 else lines[~number][::-1])]


def _simple(line: Sequence[Point]) -> list[Point]:
    """The line without the points that are off it by less than _TOLERANCE (Douglas and Peucker); its ends stay."""
    keep, spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        away = [_distance(line[at], line[first], line[last]) for at in range(first + 1, last)]
        if away and max(away) > _TOLERANCE:
            middle = first + 1 + away.index(max(away))
            keep.add(middle)
            spans += [(first, middle), (middle, last)]
    return [line[at] for at in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    length = math.dist(start, end)
    if not length:
        return math.dist(point, start)
    (x, y), (x1, y1), (x2, y2) = point, start, end
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length


_EDGES = ((0, 1, -_MARGIN), (0, -1, WIDTH + _MARGIN), (1, 1, -_MARGIN), (1, -1, HEIGHT + _MARGIN))
"""Of the map: the axis, the direction in which the inside lies, where it begins."""


def _is_inside(point: Point) -> bool:
    return all(toward * (point[axis] - edge) >= 0 for axis, toward, edge in _EDGES)


def _cut(ring: list[Point]) -> list[Point]:
    """What of a ring's area lies on the map (Sutherland and Hodgman)."""
    for axis, toward, edge in _EDGES:
        kept: list[Point] = []
        for before, point in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
            was, stays = (toward * (one[axis] - edge) >= 0 for one in (before, point))
            if was != stays:
                share = (edge - before[axis]) / (point[axis] - before[axis])
                kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
            if stays:
                kept.append(point)
        ring = kept
    return ring


def _inside(line: Sequence[Point]) -> Iterator[list[Point]]:
    """The parts of a line that lie on the map, each with its way out."""
    for seen, pairs in groupby(pairwise(line), lambda pair: any(map(_is_inside, pair))):
        if seen:
            first, *rest = pairs
            yield [*first, *(end for _, end in rest)]


def _paths(lines: Iterable[Sequence[Point]], end: str = "") -> str:
    """One path in whole units, each point as its distance from the last; rings too small to be seen are left out."""
    written = []
    for line in lines:
        points = [point for point, _ in groupby((round(x), round(y)) for x, y in line)]
        if len(points) < 2 or (end and abs(_area(points)) < _LEAST_ISLAND):
            continue
        steps = [f"{b[0] - a[0]},{b[1] - a[1]}" for a, b in pairwise(points)]
        written.append(f"M{points[0][0]},{points[0][1]}l{' '.join(steps)}{end}".replace(",-", "-").replace(" -", "-"))
    return "".join(written)


def _area(ring: Sequence[Point]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip([*ring[-1:], *ring[:-1]], ring, strict=True)) / 2


if __name__ == "__main__":
    made = from_atlas(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    _FILE.write_text(json.dumps(asdict(made), indent=1) + "\n", "utf-8")
