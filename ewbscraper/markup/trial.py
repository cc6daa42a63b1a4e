"""Very large pages are read in a process of their own first: what has no end there, has no end here.

Neither the parser nor an XPath can be stopped from Python, and nobody can prove of all shapes of a page that none
takes the square of its size. A page below LARGE ends in any case; one in a thousand is larger, and takes twice its
time and the start of a process, a quarter of a second, more.
"""

import subprocess
import sys

from ewbscraper.errors import PageUnreadable

LARGE = 2_000_000
"""Characters."""
SECONDS = 20
"""Of one core, for the reading of one page."""
MEMORY = 3_000_000_000
"""Bytes of addresses, which is more than what is taken."""
TOO_MUCH = 3
"""Exit code of a reading that ran out of memory."""

_LONGEST_WAIT = 20 * SECONDS
"""Seconds on a clock, on a machine that has much else to do."""
_CHILD = """
import signal, sys
for one in (signal.SIGINT, signal.SIGTERM):
    signal.signal(one, signal.SIG_IGN)
sys.path[:] = {path!r}
from ewbscraper.trial_work import main
main({seconds}, {memory})
"""
"""Who ends a crawl (Ctrl-C, systemd) tells all its processes: that a trial ended so would say nothing of its page."""


def try_page(text: str, url: str) -> None:
    """Raises PageUnreadable where a page takes longer than SECONDS to read, or more than MEMORY."""
    program = [sys.executable, "-c", _CHILD.format(path=sys.path, seconds=SECONDS, memory=MEMORY)]
    said = f"{url}\n{text}".encode("utf-8", "surrogatepass")
    quiet = subprocess.DEVNULL
    try:
        code = subprocess.run(  # noqa: S603 -- our own module
            program, input=said, stdout=quiet, stderr=quiet, timeout=_LONGEST_WAIT, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        code = -1
    if code == TOO_MUCH or code < 0:
        raise PageUnreadable(f"{len(text)} characters that cannot be read in {SECONDS} s and {MEMORY / 1e9:g} GB")
