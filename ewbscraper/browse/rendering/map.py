"""Places on a map: a dot for each, names where there is room; templates draw it as SVG, without a script."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ewbscraper.browse.rendering.outlines import HEIGHT, WIDTH, Outlines, outlines, project

_LEAST, _MOST = 9.0, 70.0
"""Radius of the smallest dot and of the biggest; between them the area is as the number of articles."""

_LETTER = 0.6
"""Width of a letter, in sizes of the type: rather too wide than too narrow."""

_AIR = 8
"""Units between a dot and its name."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in the map's units."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of datelines."""

    id: int
    name: str
    country: str | None
    latitude: float | None
    """Degrees; None where the gazetteer has no such place."""
    longitude: float | None
    articles: int


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the map."""

    place: Place
    x: float
    y: float
    radius: float

    @property
    def box(self) -> Box:
        """The square around it."""
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius


@dataclass(frozen=True, slots=True)
class Label:
    """A place's name beside its dot."""

    place: Place
    x: float
    y: float
    """Of the line that the letters stand on."""
    anchor: str
    """Which end of the name is at `x`, as SVG calls it: `start`, `middle`, `end`."""
    box: Box


@dataclass(frozen=True, slots=True)
class Lettering:
    """The names on the map at one size."""

    size: int
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """Everything that is drawn, and the places that are not."""

    outlines: Outlines
    dots: tuple[Dot, ...]
    """The biggest first, so that the small ones lie on top."""
    wide: Lettering
    """For a screen."""
    narrow: Lettering
    """For a phone: fewer and, on a map so small, bigger."""
    elsewhere: tuple[Place, ...]
    """Outside of the map, or nobody knows where."""
    width: int = WIDTH
    height: int = HEIGHT


def drawn(places: Iterable[Place]) -> Map:
    """The map of these places."""
    ranked = sorted(places, key=lambda place: (-place.articles, place.name))
    inside = [place for place in ranked if _is_on_the_map(place)]
    dots = tuple(_dots(inside))
    return Map(
        outlines=outlines(),
        dots=dots,
        wide=_lettered(dots, size=38, most=26),
        narrow=_lettered(dots, size=70, most=10),
        elsewhere=tuple(place for place in ranked if not _is_on_the_map(place)),
    )


def _is_on_the_map(place: Place) -> bool:
    if place.latitude is None or place.longitude is None:
        return False
    x, y = project(place.latitude, place.longitude)
    return 0 <= x <= WIDTH and 0 <= y <= HEIGHT


def _dots(places: Sequence[Place]) -> Iterator[Dot]:
    most = max((place.articles for place in places), default=1)
    for place in places:
        x, y = project(place.latitude or 0, place.longitude or 0)
        radius = max(_LEAST, _MOST * math.sqrt(place.articles / most))
        yield Dot(place, round(x, 1), round(y, 1), round(radius, 1))


def _lettered(dots: Sequence[Dot], size: int, most: int) -> Lettering:
    """Names for the biggest dots: one goes where it covers no dot, else far smaller ones, else it is left out."""
    labels: list[Label] = []
    for dot in dots[:most]:
        taken = [label.box for label in labels]
        near = [other.box for other in dots if other.radius > dot.radius / 2]
        small = [other.box for other in dots if other.radius <= dot.radius / 2]
        free = [label for label in _positions(dot, size) if not _hits(label.box, [*taken, *near])]
        clear = [label for label in free if not _hits(label.box, small)]
        labels += (clear or free)[:1]
    return Lettering(size, tuple(labels))


def _positions(dot: Dot, size: int) -> Iterator[Label]:
    """Right of the dot, left, above, below, as far as the name stays on the map."""
    long, off = len(dot.place.name) * size * _LETTER, dot.radius + _AIR
    for x, y, anchor, left in (
        (dot.x + off, dot.y + size * 0.35, "start", dot.x + off),
        (dot.x - off, dot.y + size * 0.35, "end", dot.x - off - long),
        (dot.x, dot.y - dot.radius - size * 0.3, "middle", dot.x - long / 2),
        (dot.x, dot.y + dot.radius + size * 0.85, "middle", dot.x - long / 2),
    ):
        box = (left, y - size * 0.8, left + long, y + size * 0.25)
        if box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= HEIGHT:
            yield Label(dot.place, round(x, 1), round(y, 1), anchor, box)


def _hits(box: Box, others: Iterable[Box]) -> bool:
    return any(
        box[0] < right and box[2] > left and box[1] < bottom and box[3] > top for left, top, right, bottom in others
    )
