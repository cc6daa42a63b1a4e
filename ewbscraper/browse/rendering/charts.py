"""Timelines as bars: where each stands and how high it is; templates draw them as SVG, without a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ewbscraper.archive.finding.timeline import Bar

WIDTH, HEIGHT = 1000, 120
"""Of the drawing, in its own units; the page stretches it."""

_LEAST = 1.5
"""Height of a bar of one article, so that it is seen beside one of thousands."""

_MOST_TICKS = 12


@dataclass(frozen=True, slots=True)
class Column:
    """A bar as it is drawn."""

    x: float
    width: float
    height: float
    step: str
    articles: int
    of: int
    percent: float
    """Share of the outlets' output."""
    tick: str
    """Year or month that begins here and gets a mark; `""` for most."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A timeline, ready to be drawn."""

    columns: tuple[Column, ...]
    by_share: bool
    top: str
    """What the highest bar stands for; of charts side by side, the highest of all of them."""
    shared: bool = False
    """Whether others stand beside it, on the same scale."""

    @property
    def first(self) -> str:
        """The step on the left."""
        return self.columns[0].step

    @property
    def last(self) -> str:
        """The step on the right."""
        return self.columns[-1].step

    @property
    def kind(self) -> str:
        """`year`, `month` or `day`."""
        return {4: "year", 7: "month"}.get(len(self.first), "day")


def chart(bars: Sequence[Bar], *, by_share: bool = False, most: float | None = None) -> Chart | None:
    """A timeline by number of articles or by share; None where there is no bar. `most`: the scale, if not its own."""
    if not bars:
        return None
    shared, values = most is not None, _values(bars, by_share=by_share)
    most = (max(values) if most is None else most) or 1
    each = WIDTH / max(len(bars), 12)  # a single month is no wall
    ticks = _ticks([bar.step for bar in bars])
    columns = tuple(
        Column(
            x=round(number * each, 2),
            width=round(each, 2),
            height=round(max(_LEAST, HEIGHT * value / most), 2) if bar.articles else 0,
            step=bar.step,
            articles=bar.articles,
            of=bar.of,
            percent=round(100 * bar.share, 1),
            tick=ticks.get(bar.step, ""),
        )
        for number, (bar, value) in enumerate(zip(bars, values, strict=True))
    )
    return Chart(columns, by_share, f"{100 * most:.3g} %" if by_share else f"{most:,}", shared)


def charts(lines: Mapping[str, Sequence[Bar]], *, by_share: bool = False) -> dict[str, Chart | None]:
    """Timelines of the same steps, on the same scale, so that eyes may compare them."""
    most = max((value for bars in lines.values() for value in _values(bars, by_share=by_share)), default=0)
    return {name: chart(bars, by_share=by_share, most=most) for name, bars in lines.items()}


def _values(bars: Sequence[Bar], *, by_share: bool) -> list[float]:
    return [bar.share if by_share else bar.articles for bar in bars]


def _ticks(steps: Sequence[str]) -> dict[str, str]:
    """The steps that get a mark, and its text: years where there are several, else every few steps."""
    years = {step: step[:4] for step in steps if len(step) == 4 or step[4:] in ("-01", "-01-01")}
    marks = years if len(years) > 1 else {step: step for step in steps}
    every = -(-len(marks) // _MOST_TICKS)
    return dict(list(marks.items())[::every])
