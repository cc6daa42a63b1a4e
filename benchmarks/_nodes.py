"""A Dask scheduler and its workers, each a process of its own, and what they take of the processor."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import distributed
import psutil
from measuring import PYTHON


@contextmanager
def nodes(workers: int) -> Iterator[tuple[str, list[psutil.Process]]]:
    """Their address and processes, the scheduler first, once all of them are there."""
    with tempfile.TemporaryDirectory(prefix="nodes-") as scratch:
        file, started = Path(scratch) / "file.json", list[subprocess.Popen[bytes]]()

        def start(*words: str) -> None:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            started.append(subprocess.Popen([PYTHON, "-m", "dask", *words, "--no-dashboard"], cwd=scratch, **quiet))

        try:
            start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
            for _ in range(workers):
                start("worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny")
            with distributed.Client(scheduler_file=str(file), set_as_default=False, timeout=60) as client:
                client.wait_for_workers(workers, timeout=60)
                address = client.scheduler.address
            yield address, [psutil.Process(one.pid) for one in started]
        finally:
            for one in started:
                one.kill()
            for one in started:
                one.wait()


def taken(processes: list[psutil.Process]) -> list[float]:
    """Seconds of the processor, of each."""
    return [one.cpu_times().user + one.cpu_times().system for one in processes]
