"""What a whole crawl and a quiet one cost on a real WordPress (tests/wordpress/), of which only the address is known.

    python benchmarks/wordpress.py [POSTS ...]

As root on Debian 12. Without numbers: 120 and 5,000 posts (about ten minutes). The pages come out of nginx' cache from
the second time on, so the first run is timed by what WordPress gives; CPU is the crawl's own.
"""

import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from rig import Archive, Run, WordPress

POSTS = (120, 5_000)


def main() -> None:
    """Prints two lines for each number of posts."""
    for number in map(int, sys.argv[1:] or POSTS):
        with tempfile.TemporaryDirectory(prefix="ewb-wordpress-") as folder:
            Path(folder).chmod(0o755)  # the services run as www-data
            measure(Path(folder), number)


def measure(folder: Path, number: int) -> None:
    """One site: the first run, and the next."""
    wordpress = WordPress(folder / "state")
    try:
        wordpress.up(posts=number, cache="on")
        (folder / "archive").mkdir()
        archive = Archive(wordpress, folder / "archive", bare=True)
        first, posts = archive.crawl(), wordpress.gold()
        missing = {post["url"] for post in posts} ^ set(archive.articles())
        print(f"{number} posts, first run: {cost(first)}; missing or too much: {len(missing)}")
        again = archive.crawl()
        print(f"{number} posts, next run: {cost(again)}; articles asked for: {len(again.pages(posts))}", flush=True)
    finally:
        wordpress.down()


def cost(run: Run) -> str:
    """Time on the clock and of the CPU, and requests as the server counted them."""
    return f"{run.counts['seconds']:.0f} s, CPU {run.cpu:.1f} s, {len(run.asked)} requests"


if __name__ == "__main__":
    main()
