"""An outlet's archived articles, read in batches by others, who are processes of this machine or a cluster's."""

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from typing import Protocol

from ewbscraper.archive.articles.kept import KeptArticle
from ewbscraper.errors import NoCluster
from ewbscraper.reparse.order import Order
from ewbscraper.reparse.work import Reading, work

AHEAD = 3
"""Batches that each process beside this one has before it: with two, it had none for 3 % of its time."""

Batch = list[KeptArticle]


class Readers(Protocol):
    """Who reads."""

    @property
    def order(self) -> Order:
        """What for."""

    @property
    def batch(self) -> int:
        """Articles that one of them reads at a time, and that a kill may cost."""

    @property
    def here(self) -> Executor | None:
        """Where this process reads too, when it has nothing else to do."""

    @property
    def patience(self) -> float | None:
        """Seconds after which they are looked after, though none of them is done."""

    def room(self) -> int:
        """How many batches may be with them. Raises EwbScraperError where they cannot go on."""

    def submit(self, batch: Batch) -> Future[list[Reading]]:
        """To be read by one of them."""

    def examine(self, batch: Batch, fault: BaseException) -> None:
        """Raises EwbScraperError where a fault is one of theirs, and not of a page."""


def read_all(readers: Readers, batches: Iterable[Batch]) -> Generator[list[Reading], None, None]:
    """The readings of each batch, in the order in which they are done; close the iterator to end before its end.

    A fault of ours on one page costs that page only. Raises EwbScraperError where the readers cannot go on.
    """
    left, again = iter(batches), deque[Batch]()
    running: dict[Future[list[Reading]], Batch] = {}

    def following() -> Batch | None:
        return again.popleft() if again else next(left, None)

    while True:
        done = {future for future in running if future.done()}
        if readers.here and not done and (batch := following()):
            own = readers.here.submit(work, readers.order, batch)
            running[own], done = batch, {own}
        room = readers.room()
        while len(running) - len(done) < room and (batch := following()):
            running[readers.submit(batch)] = batch
        if not running:
            return
        for future in done or wait(running, readers.patience, FIRST_COMPLETED).done:
            batch, fault = running.pop(future), _fault(future)
            if fault is None:
                yield future.result()
                continue
            if isinstance(fault, NoCluster):
                raise fault
            readers.examine(batch, fault)
            if len(batch) > 1:
                again.extend([one] for one in batch)
            else:
                yield [our_fault(batch[0], fault)]


def _fault(future: Future[list[Reading]]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as cancelled:
        return cancelled


def our_fault(kept: KeptArticle, fault: BaseException) -> Reading:
    """A page that cannot be read, and no fault of its own."""
    return Reading(kept.article, kept.url, "", problem=f"our fault: {type(fault).__name__}: {fault}"[:300])
