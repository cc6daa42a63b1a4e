"""An outlet's archived articles, read in batches: by this process, and by others beside it."""

import os
import signal
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from ewbscraper.archive.kept import KeptArticle
from ewbscraper.errors import EwbScraperError
from ewbscraper.outlet import Outlet
from ewbscraper.processes import end_with_the_parent, fresh
from ewbscraper.reparse.work import Reading, read_batch, work

AHEAD = 3
"""Batches that each process beside this one has before it: with two, it had none for 3 % of its time."""

DIED = "a worker process died (out of memory?): what was done is kept, run it again, with a smaller --jobs"


def read_all(
    archive: Path, outlet: Outlet, batches: Iterable[list[KeptArticle]], jobs: int
) -> Generator[list[Reading], None, None]:
    """The readings of each batch, in the order in which they are done; close the iterator to end before its end.

    Where no batch is done, this process reads one itself, in a thread, so that Ctrl-C does not hit a page half read.
    A fault of ours on one page costs that page only. Raises EwbScraperError where a worker dies.
    """
    left, again = iter(batches), deque[list[KeptArticle]]()
    running: dict[Future[list[Reading]], list[KeptArticle]] = {}
    beside = ProcessPoolExecutor(max(jobs - 1, 1), fresh(), _begin)
    with ThreadPoolExecutor(1) as here, beside:
        try:
            while True:
                done = {future for future in running if future.done()}
                if not done and (batch := again.popleft() if again else next(left, None)):
                    own = here.submit(read_batch, archive.parent, outlet, batch)
                    running[own], done = batch, {own}
                while len(running) - len(done) < (jobs - 1) * AHEAD and (batch := next(left, None)):
                    running[beside.submit(work, archive, outlet.slug, batch)] = batch
                if not running:
                    return
                for future in done or wait(running, return_when=FIRST_COMPLETED).done:
                    batch, fault = running.pop(future), future.exception()
                    if fault is None or isinstance(fault, BrokenProcessPool):
                        yield future.result()
                    elif len(batch) > 1:
                        again.extend([one] for one in batch)
                    else:
                        yield [_our_fault(batch[0], fault)]
        except BrokenProcessPool as died:
            raise EwbScraperError(DIED) from died
        finally:
            beside.shutdown(cancel_futures=True)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of them: the parent ends the others
    end_with_the_parent()


def _our_fault(kept: KeptArticle, fault: BaseException) -> Reading:
    return Reading(kept.article, kept.url, "", problem=f"our fault: {type(fault).__name__}: {fault}"[:300])
