"""What it takes to start: the help, and a search in a small archive."""

from collections.abc import Iterator

from big_archive import made
from measuring import PYTHON, Spent, command, middle, tell
from table import Options, Row

TITLE = "Starting"
SAID = """\
Whole commands, from nothing to their end, as `python -m`: ours beside the help of sqlite-utils, which many use on the
same files, and beside Python itself. Medians of 11 rounds, the commands in turn."""
ARTICLES, ROUNDS = 200, 11
OURS = ("ewbscraper --help", "ewbscraper search")


def rows(options: Options) -> Iterator[Row]:
    """CPU and wall of each command."""
    archive = made(options.folder, min(ARTICLES, options.most))
    commands = {
        "python -c pass": ["-c", "pass"],
        "sqlite-utils --help": ["-m", "sqlite_utils", "--help"],
        "ewbscraper --help": ["-m", "ewbscraper", "--help"],
        "ewbscraper search": ["-m", "ewbscraper", "search", "Vučić", "--archive", archive],
    }
    tell(f"{len(commands)} commands, {ROUNDS} rounds")
    costs: dict[str, list[Spent]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, words in commands.items():
            costs[name].append(command([PYTHON, *words], options.folder)[0])
    took = {name: middle(spent) for name, spent in costs.items()}
    for ours in OURS:
        for other in ("sqlite-utils --help", "python -c pass"):
            yield from beside(ours, took[ours], other, took[other])


def beside(ours: str, mine: Spent, other: str, its: Spent) -> Iterator[Row]:
    """Two commands: the help has the goal to be as quick as another's."""
    goal = 1.0 if ours.endswith("--help") and other.endswith("--help") else None
    for what in ("cpu", "wall"):
        one, two = getattr(mine, what), getattr(its, what)
        named = "CPU" if what == "cpu" else what
        yield Row(f"{ours}, {named}", f"{one:.3f} s", f"{two:.3f} s, `{other}`", one / two, at_most=goal)
