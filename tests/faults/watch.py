"""A whole test seen from outside: how long it takes, and the memory of each process of ours that runs in it.

Memory only where the figures are written, one test after the other: a fork of a worker that has run a thousand tests
has all that they left, 330 MB.
"""

import os
import re
import sys
import threading
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

EVERY = 0.05
"""Seconds between two looks: the peak that a process has had at the last of them counts."""


class Watch:
    """While it is open. Memory is what this process takes beyond what it had, or all that one below it takes."""

    seconds = 0.0
    megabytes = 0.0

    def __init__(self, *, memory: bool = False) -> None:
        self._memory = memory

    def __enter__(self) -> "Watch":
        self._began = time.monotonic()
        if self._memory:
            self._begin_to_look()
        return self

    def __exit__(self, *_: object) -> None:
        if self._memory:
            self._done.set()
            self._thread.join()
            self.megabytes = max(self.megabytes, resident() - self._before)
        self.seconds = time.monotonic() - self._began

    def _begin_to_look(self) -> None:
        self._done = threading.Event()
        self._were_there = set(_below(os.getpid()))  # as the server that multiprocessing forks from: it stays
        self._thread = threading.Thread(target=self._look, daemon=True)
        Path("/proc/self/clear_refs").write_text("5")
        self._before = resident()
        self._thread.start()

    def _look(self) -> None:
        while not self._done.wait(EVERY):
            for pid in set(_below(os.getpid())) - self._were_there:
                with suppress(OSError):  # it has ended since
                    if Path(f"/proc/{pid}/cmdline").read_bytes().startswith(f"{sys.executable}\0".encode()):
                        self.megabytes = max(self.megabytes, resident(pid))


def resident(process: int | str = "self") -> float:
    """Peak of a process's memory so far, in MB; 0 of one that has just ended. Raises OSError where there is none."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 1000 if found else 0.0


def _below(pid: int) -> list[int]:
    """The processes that it began, and those that they did."""
    children = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            children[int(stat.read_text().rpartition(")")[2].split()[1])].append(int(stat.parent.name))
    found = list(children[pid])
    for child in found:  # grows as it goes
        found += children[child]
    return found
