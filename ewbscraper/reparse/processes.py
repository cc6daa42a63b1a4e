"""Batches read on this machine: by this process, and by others beside it."""

import os
import signal
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from ewbscraper.errors import EwbScraperError
from ewbscraper.processes import end_with_the_parent, fresh
from ewbscraper.reparse.order import Order
from ewbscraper.reparse.readers import AHEAD, Batch
from ewbscraper.reparse.work import Reading, work

DIED = "a worker process died (out of memory?): what was done is kept, run it again, with a smaller --jobs"


class Processes:
    """This process reads in a thread, so that Ctrl-C does not hit a page half read; the others beside it."""

    batch, patience = 10, None

    def __init__(self, order: Order, jobs: int) -> None:
        self.order, self._others = order, jobs - 1
        self.here, self._beside = ThreadPoolExecutor(1), processes(max(self._others, 1))

    def __enter__(self) -> None:
        """Nothing is started before the first batch."""

    def __exit__(self, *_: object) -> None:
        for executor in (self._beside, self.here):
            executor.shutdown(cancel_futures=True)

    def room(self) -> int:
        """As many for each process beside this one."""
        return self._others * AHEAD

    def submit(self, batch: Batch) -> Future[list[Reading]]:
        """To a process beside this one."""
        return self._beside.submit(work, self.order, batch)

    def examine(self, batch: Batch, fault: BaseException) -> None:
        """A process that dies ends the run."""
        if isinstance(fault, BrokenProcessPool):
            raise EwbScraperError(DIED) from fault


def processes(number: int) -> Executor:
    """Of ours, that Ctrl-C does not end before this one ends them; they are started when they are needed."""
    return ProcessPoolExecutor(number, fresh(), _begin)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of them: the parent ends the others
    end_with_the_parent()
