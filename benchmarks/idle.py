"""An hour in which nothing changed: what a run costs, whatever the size of the archive."""

import json
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from big_archive import TOGETHER, made
from measuring import PYTHON, Spent, command, middle, sizes, tell
from table import Options, Row

from ewbscraper.archive import runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.frontier.links import Frontier
from ewbscraper.archive.frontier.listings import Listing
from ewbscraper.discovery.link import Link, articles_among
from ewbscraper.discovery.wordpress import PER_PAGE
from ewbscraper.outlet import Outlet, WordPress, as_code

TITLE = "An idle hour"
SAID = """\
`ewbscraper crawl` on a newspaper (invented articles, on this machine, where a crawl makes no pauses) whose REST list
says that nothing changed since the last run. All of the process counts, its start too; medians of 9 runs, the sizes in
turn, another one first each time. Each article is looked at once a month whatever its list says, and none is due in
this hour."""
SIZES, ROUNDS = (120, 5_000, 300_000), 9
FLAT = 1.1
"""Times the cost of the smallest archive that the largest may cost."""

Hour = tuple[Spent, int]
"""What a run took, and its requests."""


def rows(options: Options) -> Iterator[Row]:
    """Requests, CPU and wall of each size, beside the smallest."""
    with ExitStack() as papers:
        archives = {size: papers.enter_context(quiet(options.folder, size)) for size in sizes(SIZES, options)}
        hours: dict[int, list[Hour]] = {size: [] for size in archives}
        for number in range(ROUNDS):
            tell(f"idle hour {number + 1} of {ROUNDS}")
            turn = number % len(archives)
            for size, archive in [*archives.items()][turn:] + [*archives.items()][:turn]:
                hours[size].append(hour(archive))
    costs = {size: (middle(cost for cost, _ in ran), max(asked for _, asked in ran)) for size, ran in hours.items()}
    smallest = min(costs)
    first, few = costs.pop(smallest)
    yield Row(f"{smallest:,} articles", f"{few} requests, CPU {first.cpu:.2f} s, {first.wall:.1f} s")
    for size, (cost, asked) in costs.items():
        than = f"at {smallest:,} articles"
        yield Row(f"{size:,} articles: requests", f"{asked}", f"{few} {than}", asked / few, at_most=1)
        yield Row(
            f"{size:,}: CPU", f"{cost.cpu:.2f} s", f"{first.cpu:.2f} s {than}", cost.cpu / first.cpu, at_most=FLAT
        )
        yield Row(
            f"{size:,}: wall", f"{cost.wall:.1f} s", f"{first.wall:.1f} s {than}", cost.wall / first.wall, at_most=FLAT
        )


def hour(archive: Path) -> Hour:
    """One run. Raises AssertionError where it had anything to fetch."""
    spent, told = command([PYTHON, "-m", "ewbscraper", "crawl", "quiet", "--json", "--quiet"], archive.parent)
    (run,) = json.loads(told)
    assert not any(run[name] for name in ("found", "new", "changed", "gone", "failed")), run
    return spent, run["requests"]


@contextmanager
def quiet(folder: Path, size: int) -> Iterator[Path]:
    """An archive in a folder of its own, and its newspaper on this machine until the context ends."""
    source = made(folder, size)
    with tempfile.TemporaryDirectory(prefix="idle-", dir=folder) as own, QuietPaper() as paper:
        archive, outlet = Path(own) / "archive.db", paper.outlet
        (archive.parent / "outlets").mkdir()
        (archive.parent / "outlets" / "quiet.py").write_text(as_code(outlet))
        shutil.copyfile(source, archive)
        tell(f"{size:,} articles become those of one newspaper")
        with closing(create(archive)) as db:
            paper.posts = as_a_crawl_left_it(db, outlet)
        yield archive


def as_a_crawl_left_it(db: sqlite3.Connection, outlet: Outlet) -> list[Link]:
    """All articles are of this newspaper, and a run has just read its list to the end; returns the list."""
    db.execute("PRAGMA journal_mode = OFF")  # a copy: of 300,000 articles the log would have 5 GB
    with transaction(db):
        store.save_outlet(db, outlet)
        run = runs.open_run(db, outlet.slug, "benchmark")
        db.execute("DELETE FROM frontier")
        path = "substr(url, 9 + instr(substr(url, 9), '/'))"  # behind https://host/
        db.execute(f"UPDATE articles SET outlet = ?, url = ? || {path}", [outlet.slug, outlet.home])
        db.execute("DELETE FROM outlets WHERE slug NOT IN (SELECT outlet FROM runs)")
    articles = db.execute("SELECT id, url, published_utc, gone_at FROM articles ORDER BY published_utc DESC").fetchall()
    posts, frontier = list[Link](), Frontier(db, outlet.slug, run)
    listing = Listing(db, outlet.slug, "WordPress", run)
    with transaction(db):
        listing.begin()
    for first in range(0, len(articles), TOGETHER):
        with transaction(db):
            for number, url, changed, gone in articles[first : first + TOGETHER]:
                (link,) = articles_among([Link(url, changed)], outlet, outlet.home)
                frontier.discover([link], "WordPress", complete=True)
                frontier.archived(link.url, number, changed=True, etag='"5f3c-1"', last_modified=None)
                if gone:
                    frontier.gone(link.url, "the server answered 404")
                else:
                    posts.append(link)
    with transaction(db):
        listing.read((), len(posts))
        listing.end(whole=True)
        runs.close_run(db, run, 1.0, "finished", [], None)
    db.execute("PRAGMA journal_mode = WAL")
    return posts


class QuietPaper:
    """Answers with the list of its posts, the newest first; whatever else is asked for is not there."""

    def __init__(self) -> None:
        self.posts: list[Link] = []
        paper = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listed = self.path.startswith("/wp-json/wp/v2/posts?")
                body = paper.newest() if listed else b"<h1>Nothing</h1>"
                self.send_response(200 if listed else 404)
                self.send_header("Content-Type", "application/json" if listed else "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("X-WP-Total", str(len(paper.posts)))
                self.send_header("X-WP-TotalPages", str(-(-len(paper.posts) // PER_PAGE)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        home = f"http://127.0.0.1:{self._server.server_address[1]}/"
        self.outlet = Outlet(slug="quiet", name="Quiet", home=home, sources=(WordPress(),))

    def newest(self) -> bytes:
        """The first page of its REST list."""
        posts = [{"link": one.url, "modified_gmt": one.changed} for one in self.posts[:PER_PAGE]]
        return json.dumps(posts).encode()

    def __enter__(self) -> "QuietPaper":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
