"""What taking a page apart costs, as a ratio to one bare lxml parse of the same pages in the same process.

    python benchmarks/extraction.py [FOLDER of .html or .html.gz]

Without a folder: the golden pages of the tests. Times are CPU; the best of three rounds counts.
"""

import gzip
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import lxml.html

from ewbscraper.errors import PageUnreadable
from ewbscraper.extraction import extract

GOLDEN = Path(__file__).parents[1] / "tests" / "pages"
ROUNDS = 3


def main() -> None:
    """Prints one line."""
    pages = read(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    bare = [seconds(lambda page=page: lxml.html.fromstring(page)) for page in pages]
    ours = [seconds(lambda page=page: take_apart(page)) for page in pages]
    ratio = median(mine / parse for mine, parse in zip(ours, bare, strict=True))
    print(
        f"extraction, {len(pages)} pages: {ratio:.1f} times one lxml parse at the median, "
        f"{sum(ours) / sum(bare):.1f} in total ({1000 * median(ours):.1f} ms a page)"
    )


def read(folder: Path | None) -> list[bytes]:
    """Every page of a folder, and of the folders in it; the golden pages where there is none."""
    folder = folder or GOLDEN
    pages = [path.read_bytes() for path in sorted(folder.rglob("*.html"))]
    return pages + [gzip.decompress(path.read_bytes()) for path in sorted(folder.rglob("*.html.gz"))]


def take_apart(page: bytes) -> None:
    """All fields; a page that is none counts as it is."""
    try:
        extract(page, "https://paper.example/2024/03/01/a-headline/")
    except PageUnreadable as error:
        print(f"left out: {error}", file=sys.stderr)


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of the best round."""
    rounds = []
    for _ in range(ROUNDS):
        before = time.process_time()
        work()
        rounds.append(time.process_time() - before)
    return min(rounds)


if __name__ == "__main__":
    main()
