"""Whether a page costs more, and the process holds more, the longer a crawl goes on."""

from collections.abc import Iterator
from itertools import pairwise

from crawl import long_crawl
from measuring import tell
from table import Options, Row

TITLE = "Growth"
SAID = """\
One crawl of many pages in one process, from the first to the last: CPU a page of its last thousand, beside that of its
first, or of a crawl of a thousand begun when it had ended, whichever was less (a machine may grow quieter meanwhile);
memory at its highest (VmHWM), and how much of that came after a quarter of them."""
HELD = 200.0
"""MB that a crawl may hold."""
FLAT = 1.1

After = tuple[int, float, float]
"""Pages done, CPU seconds until then, memory at its highest until then in MB."""


def rows(options: Options) -> Iterator[Row]:
    """CPU and memory at the end of a crawl, beside its beginning."""
    tell(f"a crawl of {options.pages:,} pages")
    told: list[After] = [(0, 0.0, 0.0), *long_crawl(options.pages, options.corpus)]
    costs = [(pages, 1000 * (cpu - before) / (pages - done)) for (done, before, _), (pages, cpu, _) in pairwise(told)]
    (early, first), (pages, last) = costs[0], costs[-1]
    ((_, again, _),) = long_crawl(early, options.corpus)
    first = min(first, 1000 * again / early)
    beside = f"{first:.1f} ms, the first {early:,}"
    yield Row(f"CPU a page, the last thousand of {pages:,}", f"{last:.1f} ms", beside, last / first, at_most=FLAT)
    held, (early, _, before) = told[-1][2], told[1 + len(costs) // 4]
    yield Row(f"memory after {pages:,} pages", f"{held:.0f} MB", f"{HELD:.0f} MB allowed", held / HELD, at_most=1)
    yield Row("memory, its growth", f"{held:.0f} MB", f"{before:.0f} MB after {early:,}", held / before, at_most=FLAT)
