"""What a whole crawl and a quiet one cost on a real WordPress (tests/wordpress/) of which the address is known."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measuring import tell
from table import Options, Row

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from rig import Archive, Run, WordPress

TITLE = "A real WordPress"
SAID = """\
As root on Debian 12; about ten minutes. The pages come out of nginx' cache from the second time on, so the first run
is timed by what WordPress gives; CPU is the crawl's own."""
POSTS = (120, 5_000)


def rows(options: Options) -> Iterator[Row]:
    """The first run on each site, and the next."""
    for number in POSTS:
        if number <= options.most:
            tell(f"a WordPress of {number:,} posts")
            with tempfile.TemporaryDirectory(prefix="ewb-wordpress-") as folder:
                Path(folder).chmod(0o755)  # the services run as www-data
                yield from site(Path(folder), number)


def site(folder: Path, number: int) -> Iterator[Row]:
    """One site."""
    wordpress = WordPress(folder / "state")
    try:
        wordpress.up(posts=number, cache="on")
        (folder / "archive").mkdir()
        archive = Archive(wordpress, folder / "archive", bare=True)
        first, posts = archive.crawl(), wordpress.gold()
        missing = {post["url"] for post in posts} ^ set(archive.articles())
        yield Row(f"{number:,} posts, first run", cost(first), f"missing or too much: {len(missing)}")
        again = archive.crawl()
        yield Row(f"{number:,} posts, next run", cost(again), f"articles asked for: {len(again.pages(posts))}")
    finally:
        wordpress.down()


def cost(run: Run) -> str:
    """Time on the clock and of the CPU, and requests as the server counted them."""
    return f"{run.counts['seconds']:.0f} s, CPU {run.cpu:.1f} s, {len(run.asked)} requests"
