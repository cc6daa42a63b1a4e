"""What a whole crawl costs a page, beside Scrapy that does nothing with it, and with other extractors behind it."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from _server import Paper
from extraction import read

HERE = Path(__file__).parent


def run(way: str, home: str, pages: int) -> list[dict[str, float]]:
    """What a way of `_crawls.py` says of itself, the whole crawl last."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-W", "ignore", HERE / "_crawls.py", way, home, str(pages), folder]
        paths = os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])
        done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths})
    if done.returncode:
        raise RuntimeError(f"{way}: {done.stderr[-2000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def long_crawl(pages: int, corpus: Path | None = None) -> list[tuple[int, float, float]]:
    """Pages done, CPU seconds and peak MB of one crawl of ours, after every 1,000 pages."""
    with Paper(read(corpus)) as paper:
        told = run("ours", paper.home, pages)
    return [(int(one["pages"]), one["seconds"], one["megabytes"]) for one in told if one["articles"] is None]
