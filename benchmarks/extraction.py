"""What taking a page apart costs, as a ratio to one bare lxml parse of the same bytes; and which field takes what."""

import ast
import gzip
import inspect
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import lxml.html
from table import Options, Row

from ewbscraper.errors import PageUnreadable
from ewbscraper.extraction import article, extract
from ewbscraper.page import Page

TITLE = "Extraction of every field"
SAID = """\
CPU of `extract(page, url)`, from bytes to an article, no outlet known, beside one `lxml.html.fromstring` of the same
bytes in the same process: in turns, page by page, another one first in each round, the best of three of each. Below it
where the time of 250 of the pages goes: `extract_article` is compiled anew with a clock between its statements and at
each argument of what it returns, and each page runs through it twice, the second time counts. A name is that of the
variable that the statement sets; what several fields share (blocks, words of links, linked data) counts where it is
first asked for. Other extractors get the same texts, 40 of them, and give fewer fields, or other ones."""

GOLDEN = Path(__file__).parents[1] / "tests" / "pages"
URL = "https://paper.example/2024/03/01/a-headline/"
ROUNDS = 3
OF_FIELDS, OF_PEERS = 250, 40
"""Pages, evenly out of all."""
GOAL = 4
SHOWN = 0.01
"""Share of the time from which on a field has a row of its own."""
PEERS = ("trafilatura", "newspaper4k", "news-please", "goose3", "readability-lxml", "resiliparse")


def rows(options: Options) -> Iterator[Row]:
    """Beside a bare parse, field by field, and beside others where they are installed."""
    pages = [page for page in read(options.corpus) if take_apart(page)]
    pairs = [_turns(lambda: take_apart(page), lambda: lxml.html.fromstring(page)) for page in pages]  # noqa: B023
    ours, bare = zip(*pairs, strict=True)
    ratio = median(mine / parse for mine, parse in pairs)
    parse, whole = _ms(sum(bare), pages), _ms(sum(ours), pages)
    median_of = f"{1000 * median(ours):.1f} ms", f"{1000 * median(bare):.1f} ms, one lxml parse"
    yield Row(f"a page, median of {len(pages)}", *median_of, ratio, at_most=GOAL)
    yield Row("a page, in total", whole, f"{parse}, one lxml parse", sum(ours) / sum(bare), at_most=GOAL)
    yield from _by_field(_evenly(pages, OF_FIELDS))
    if options.peers:
        yield from _beside(_evenly(pages, OF_PEERS))


def read(folder: Path | None) -> list[bytes]:
    """Every page of a folder, and of the folders in it; the golden pages where there is none."""
    folder = folder or GOLDEN
    pages = [path.read_bytes() for path in sorted(folder.rglob("*.html"))]
    return pages + [gzip.decompress(path.read_bytes()) for path in sorted(folder.rglob("*.html.gz"))]


def _evenly(pages: Sequence[bytes], most: int) -> Sequence[bytes]:
    return pages[:: max(1, len(pages) // most)]


def take_apart(page: bytes) -> bool:
    """All fields; False for a page that is none."""
    try:
        extract(page, URL)
    except PageUnreadable as error:
        print(f"left out: {error}", file=sys.stderr)
        return False
    return True


def _turns(*works: Callable[[], object]) -> tuple[float, ...]:
    """CPU seconds of each, the best of the rounds; another one begins each round: the first finds memory cold."""
    best = [float("inf")] * len(works)
    for first in range(ROUNDS):
        for turn in range(first, first + len(works)):
            which = turn % len(works)
            best[which] = min(best[which], _seconds(works[which]))
    return tuple(best)


def _seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _by_field(pages: Sequence[bytes]) -> Iterator[Row]:
    """A row for each statement, in the order in which they run."""
    clock = _Clock()
    timed = _with_clock(clock)
    for page in pages:
        parsed = sum(_seconds(lambda: lxml.html.fromstring(page)) for _ in range(2)) / 2  # noqa: B023
        for _ in range(2):  # what a page takes for the first time (patterns, caches of words) is no page's own
            clock.page = Counter()
            clock.set()
            one = Page(page, URL)
            clock.stop("decoding")
            one.tree  # noqa: B018
            clock.stop("parsing")
            found = timed(one)
            clock.set()
            del one, found
            clock.stop("freeing")
        clock.all += clock.page + Counter({"bare": parsed})
    bare = clock.all.pop("bare")
    total = sum(clock.all.values())
    least = Counter({name: seconds for name, seconds in clock.all.items() if seconds < SHOWN * total})
    for name, seconds in [*(clock.all - least).items(), (", ".join(least), sum(least.values()))]:
        yield Row(f"of it: {name}", f"{_ms(seconds, pages)}, {seconds / total:.0%}", "one lxml parse", seconds / bare)


class _Clock:
    """Adds the CPU time since it was set, or last stopped, to a name."""

    def __init__(self) -> None:
        self.all, self.page = Counter[str](), Counter[str]()

    def set(self) -> None:
        self._at = time.process_time()

    def stop(self, name: str) -> None:
        now = time.process_time()
        self.page[name] += now - self._at  # type: ignore[assignment]
        self._at = time.process_time()

    def value(self, name: str, value: object) -> object:
        """An argument, once it is made."""
        self.stop(name)
        return value


def _with_clock(clock: _Clock) -> Callable[[Page], object]:
    """`extract_article` as it is, with a stop behind each statement."""
    tree = ast.parse(inspect.getsource(article.extract_article))
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.body = [part for statement in function.body for part in _stopped(statement)]
    module = {**vars(article), "_clock": clock}
    exec(compile(ast.fix_missing_locations(tree), article.__file__, "exec"), module)
    timed: Callable[[Page], object] = module["extract_article"]
    return timed


def _stopped(statement: ast.stmt) -> list[ast.stmt]:
    if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Call):
        for keyword in statement.value.keywords:
            if not isinstance(keyword.value, ast.Name):  # a field that was made before
                keyword.value = _call("value", ast.Constant(keyword.arg), keyword.value)
        return [statement]
    if not isinstance(statement, ast.Assign):
        return [statement]
    name = next(node.id for node in ast.walk(statement.targets[0]) if isinstance(node, ast.Name))
    return [statement, ast.Expr(_call("stop", ast.Constant(name)))]


def _call(method: str, *given: ast.expr) -> ast.Call:
    named = ast.Attribute(ast.Name("_clock", ast.Load()), method, ast.Load())
    return ast.Call(named, list(given), [])


def _beside(pages: Sequence[bytes]) -> Iterator[Row]:
    from _peers import peers  # only here: they import much
    from quality import run

    texts = [page.decode("utf-8", "replace") for page in pages]
    for name, extractor in peers(PEERS):
        run(extractor, texts[0], URL)
        pairs = [
            (_seconds(lambda: take_apart(text.encode())), run(extractor, text, URL)[1])  # noqa: B023
            for text in texts
        ]
        ours, theirs = map(sum, zip(*pairs, strict=True))
        yield Row(f"{len(pages)} pages, beside {name}", _ms(ours, pages), _ms(theirs, pages), ours / theirs)


def _ms(seconds: float, pages: Sequence[bytes]) -> str:
    each = 1000 * seconds / len(pages)
    return f"{each:.2g} ms" if each < 1 else f"{each:.1f} ms"
