"""What a fault costs: seconds and memory of the process that meets it, held to bounds and kept for docs/safety.md.

Memory is the peak of the resident set (VmHWM), which Linux can set back; so one process measures many inputs apart.
"""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from watch import Watch, resident

from ewbscraper.processes import fresh

_START = 60
"""Seconds that a process may take to import what it needs."""

_MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000))
sys.exit(code if code >= 0 else 128 - code)
"""
"""Between the tests and a command: a process begins with the peak of the one that began it."""

BOUNDED = ("seconds", "megabytes")
WITHIN = (120.0, 300.0)
"""What a whole test may take of these where its marker says nothing."""


@dataclass
class Meter:
    """Of one test."""

    scratch: Path
    within: tuple[float, float] = WITHIN
    """Seconds and MB that the whole test may take, where it does not measure each try."""
    whole: Watch = field(default_factory=Watch)
    tries: int = 0
    seconds: float = 0.0
    """Of the slowest try."""
    megabytes: float = 0.0
    """Of the try that took most: beyond what the process had before for `calls`, all of it for `command`."""
    limits: dict[str, float] = field(default_factory=dict)

    def calls(
        self, function: Callable[[Any], Any], inputs: Iterable[Any], *, seconds: float, megabytes: float
    ) -> list[Any]:
        """What a function of a module makes of each input, or the exception it raised; in one process of its own.

        Fails where one of them takes longer (the process is killed) or more memory.
        """
        self.limits = {"seconds": seconds, "megabytes": megabytes}
        ours, theirs = multiprocessing.Pipe()
        child = fresh().Process(target=_answer, args=[theirs, function], daemon=True)
        child.start()
        try:
            assert ours.poll(_START)
            ours.recv()
            return [self._call(ours, number, one) for number, one in enumerate(inputs)]
        finally:
            child.kill()
            child.join()

    def _call(self, child: Connection, number: int, one: Any) -> Any:
        child.send(one)
        assert child.poll(self.limits["seconds"] + 5), f"input {number} takes longer than {self.limits['seconds']} s"
        outcome, took, more = child.recv()
        self.tried(seconds=took, megabytes=more)
        return outcome

    def command(
        self,
        words: Sequence[str | Path],
        *,
        seconds: float,
        megabytes: float,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command; `ewbscraper` is the one under test. A death by signal N is the exit code 128 + N.

        Raises TimeoutExpired; fails where it takes more memory.
        """
        self.limits = {"seconds": seconds, "megabytes": megabytes}
        program = [sys.executable, "-m", "ewbscraper"] if words[0] == "ewbscraper" else [words[0]]
        peak = self.scratch / "peak"
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", _MEASURED, peak, *program, *words[1:]],
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
            cwd=cwd,
            env=None if env is None else {**os.environ, **env},
            input=stdin,
        )
        self.tried(seconds=time.monotonic() - began, megabytes=float(peak.read_text()))
        return done

    def tried(self, tries: int = 1, *, seconds: float = 0.0, megabytes: float = 0.0) -> None:
        """One more try, or several; measured by the test itself where it says so. Fails beyond the limits."""
        self.tries += tries
        self.seconds, self.megabytes = max(self.seconds, seconds), max(self.megabytes, megabytes)
        assert seconds <= self.limits.get("seconds", seconds), f"{seconds:.1f} s"
        assert megabytes <= self.limits.get("megabytes", megabytes), f"{megabytes:.0f} MB"

    def ended(self) -> None:
        """What the test did not measure is held to what the whole of it may take."""
        for name, most, took in zip(BOUNDED, self.within, (self.whole.seconds, self.whole.megabytes), strict=True):
            assert name in self.limits or took <= most, f"{took:.0f} {name} of {most}"
            self.limits.setdefault(name, most)


def _answer(asked: Connection, function: Callable[[Any], Any]) -> None:
    """In the child: takes inputs until it is killed."""
    asked.send("ready")
    while True:
        one = asked.recv()
        Path("/proc/self/clear_refs").write_text("5")
        before, began = resident(), time.monotonic()
        try:
            outcome = function(one)
        except Exception as error:  # noqa: BLE001  # whatever it is, the test says whether it may be
            outcome = error
        asked.send((outcome, time.monotonic() - began, max(0.0, resident() - before)))
