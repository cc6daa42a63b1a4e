"""Batches read by the workers of a Dask cluster; it is the extra `ewbscraper[cluster]`, imported only here.

Nothing but this process opens archive.db. A worker gets an order and where pages lie, and gives what it read in them;
the archive's folder is shared with it. Dask itself reads again elsewhere what a worker had that died.
"""

import asyncio
import logging
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from time import monotonic
from typing import Any

from ewbscraper.errors import EwbScraperError, NoCluster, NotInstalled
from ewbscraper.reparse.order import Order, accept, for_others
from ewbscraper.reparse.processes import processes
from ewbscraper.reparse.readers import AHEAD, Batch, our_fault
from ewbscraper.reparse.work import Reading, work

CONNECT, ANSWER = 10, 30
"""Seconds that a scheduler may take."""
PATIENCE = 30.0
"""Seconds that a run waits where there is no worker: a nanny starts one again in three."""
MOST_NAMED = 5
"""Workers, of those that are refused."""

GOES_ON = "what was done is kept, and the same command goes on from there"


class Cluster:
    """The workers of a scheduler, those that join later too.

    A batch costs 12 to 25 ms of CPU beside the reading of its pages, 10 ms each: of 50 pages 2 to 5 %, of ten a fifth.
    """

    batch, here, patience = 50, None, 1.0

    def __init__(self, order: Order, address: str) -> None:
        self.order, self._address = for_others(order), address
        self._accepted, self._suspects = set[str](), set[int]()
        self._threads, self._looked, self._had = 0, 0.0, monotonic()
        self._alone = ThreadPoolExecutor(1)

    def __enter__(self) -> None:
        self._client = _client(self._address)
        self._executor = self._client.get_executor(pure=False)

    def __exit__(self, *_: object) -> None:
        self._alone.shutdown(cancel_futures=True)
        self._client.close()  # by which the scheduler forgets what is not done

    def room(self) -> int:
        """As many for each of their threads; one waits for the first worker, or for the next."""
        if monotonic() - self._looked >= self.patience:
            self._look()
        return max(self._threads * AHEAD, 1)

    def submit(self, batch: Batch) -> Future[list[Reading]]:
        """To a worker, but for a page with which workers died."""
        if len(batch) == 1 and batch[0].article in self._suspects:
            return self._alone.submit(_read_alone, self.order, batch)
        return self._executor.submit(work, self.order, batch)  # type: ignore[no-any-return]

    def examine(self, batch: Batch, fault: BaseException) -> None:
        """A scheduler that is gone, or a worker that may not read; a page with which workers died is read here."""
        if isinstance(fault, CancelledError):
            raise NoCluster(f"the Dask scheduler at {self._address} is gone: start it and its workers; {GOES_ON}")
        if isinstance(fault, _distributed().KilledWorker):
            self._suspects.update(one.article for one in batch)
        self._look()

    def _look(self) -> None:
        """Who is there now. A new one is asked first whether it may read."""
        try:
            threads = self._client.nthreads(callback_timeout=ANSWER)
            self._ask(sorted(set(threads) - self._accepted))
        except OSError as error:
            raise NoCluster(f"the Dask scheduler at {self._address} does not answer ({error}); {GOES_ON}") from error
        self._looked, self._threads = monotonic(), sum(threads.values())
        if threads:
            self._had = self._looked
        elif self._looked - self._had > PATIENCE:
            raise NoCluster(
                f"no worker at the Dask scheduler {self._address} for {PATIENCE:.0f} s:"
                f" dask worker {self._address} --nthreads 1; {GOES_ON}"
            )

    def _ask(self, new: list[str]) -> None:
        if not new:
            return
        said = self._client.run(_may_read, self.order, workers=new, on_error="return", callback_timeout=ANSWER)
        self._accepted.update(worker for worker, why in said.items() if why is None)
        refused = {worker: why for worker, why in said.items() if why is not None and not isinstance(why, OSError)}
        if refused:
            named = [f"worker {worker}: {_why(error)}" for worker, error in refused.items()]
            more = [f"and {len(named) - MOST_NAMED} more"] if len(named) > MOST_NAMED else []
            raise NoCluster("; ".join([*named[:MOST_NAMED], *more]))


def _may_read(order: Order) -> None:
    accept(order)


def _why(error: BaseException) -> str:
    return str(error) if isinstance(error, EwbScraperError) else f"it has another ewbscraper, or none: {error!r}"


def _read_alone(order: Order, batch: Batch) -> list[Reading]:
    """In a process of its own, beside this one, which only that page can end."""
    with processes(1) as alone:
        try:
            return alone.submit(work, order, batch).result()
        except BrokenProcessPool as fault:
            return [our_fault(batch[0], fault)]


def _client(address: str) -> Any:
    try:
        asyncio.run(asyncio.wait_for(_reach(address), CONNECT))
        return _distributed().Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, TypeError, MemoryError) as error:  # no address; tls:// without certificates; ssh
        raise NoCluster(
            f"no Dask scheduler at {address!r} ({str(error) or 'no answer'}): start one: dask scheduler"
        ) from error


async def _reach(address: str) -> None:
    """A connection, and no more: a client that cannot have one waits 20 s for its own end."""
    distributed = _distributed()
    safety = distributed.Security().get_connection_args("client")
    await (await distributed.comm.connect(address, timeout=CONNECT, **safety)).close()


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise NotInstalled.of("cluster", f"Dask needs distributed ({error})") from error
    for logger in ("distributed", "distributed.client"):
        logging.getLogger(logger).setLevel(logging.CRITICAL)  # its tracebacks are a sentence of ours
    return distributed
