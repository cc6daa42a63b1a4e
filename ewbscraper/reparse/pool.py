"""Worker processes, one a core, that read batches of archived articles."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from ewbscraper.archive.kept import KeptArticle
from ewbscraper.errors import EwbScraperError
from ewbscraper.processes import end_with_the_parent
from ewbscraper.reparse.work import Reading, work

AHEAD = 2
"""Batches that wait for each worker, so that none waits for the writer."""

DIED = "a worker process died (out of memory?): what was done is kept, run it again, with a smaller --jobs"


def read_all(
    archive: Path, slug: str, batches: Iterable[list[KeptArticle]], jobs: int
) -> Generator[list[Reading], None, None]:
    """The readings of each batch, in the order in which they are done; close the iterator to end before its end.

    A fault of ours on one page costs that page only. Raises EwbScraperError where a worker dies.
    """
    left, again = iter(batches), deque[list[KeptArticle]]()
    running: dict[Future[list[Reading]], list[KeptArticle]] = {}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin) as pool:
        try:
            while True:
                while len(running) < jobs * AHEAD and (batch := again.popleft() if again else next(left, None)):
                    running[pool.submit(work, archive, slug, batch)] = batch
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    batch, fault = running.pop(future), future.exception()
                    if fault is None:
                        yield future.result()
                    elif isinstance(fault, BrokenProcessPool):
                        raise EwbScraperError(DIED) from fault
                    elif len(batch) > 1:
                        again.extend([one] for one in batch)
                    else:
                        yield [_our_fault(batch[0], fault)]
        finally:
            pool.shutdown(cancel_futures=True)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of them: the parent ends the others
    end_with_the_parent()


def _our_fault(kept: KeptArticle, fault: BaseException) -> Reading:
    return Reading(kept.article, kept.url, "", problem=f"our fault: {type(fault).__name__}: {fault}"[:300])
