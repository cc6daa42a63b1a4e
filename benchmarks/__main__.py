"""Everything that is measured, in one table; with a corpus it is kept in benchmarks/results.md.

python benchmarks [NAME ...] [--corpus FOLDER] [--folder FOLDER] [--peers] [--pages NUMBER]
"""

import argparse
import importlib
import tempfile
from pathlib import Path

from table import Options, keep, section

NAMES = ("crawl", "extraction", "idle", "reparse", "saving", "reading_room", "starting", "growth", "many_outlets")
"""Modules with TITLE, SAID (what is measured, and how) and `rows(options)`."""
NAMED = ("exporting", "size", "wordpress")
"""Those that run only where they are named."""


def main() -> None:
    """One after the other; a table is printed as soon as it is there."""
    words = argparse.ArgumentParser(prog="python benchmarks", description=__doc__)
    words.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"of {', '.join(NAMES)}; all where there is none; or {', '.join(NAMED)}",
    )
    words.add_argument(
        "--corpus", type=Path, help="folder of .html or .html.gz; else the golden pages, and nothing kept"
    )
    words.add_argument("--folder", type=Path, help="where large archives are made, 12 GB, half of which stay there")
    words.add_argument("--peers", action="store_true", help="other extractors too, from this environment")
    words.add_argument("--pages", type=int, default=20_000, help="of the crawl in which growth would show")
    given = words.parse_args()
    if unknown := set(given.names) - {*NAMES, *NAMED}:
        words.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as scratch:
        folder, most = (given.folder.resolve(), 300_000) if given.folder else (Path(scratch), 5_000)
        folder.mkdir(parents=True, exist_ok=True)
        options = Options(given.corpus, folder, given.peers, most, given.pages)
        for name in given.names or NAMES:
            module = importlib.import_module(name)
            text = section(module.TITLE, module.SAID, list(module.rows(options)))
            print(text, flush=True)
            if given.corpus:
                keep([text])


if __name__ == "__main__":
    main()
