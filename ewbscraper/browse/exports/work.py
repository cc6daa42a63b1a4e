"""One export, written in a thread of its own: as fast as the client takes it, and no longer than there is a client."""

import io
import sqlite3
import threading
import time
import zlib
from asyncio import AbstractEventLoop, Queue
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import TextIO

from ewbscraper.errors import EwbScraperError

CHUNK = 64_000
"""Characters that go out at once."""

_EFFORT = 3
"""Of gzip: four times as quick as what a page is worth, and here, not where other pages wait for it."""

_AHEAD = 4
"""Chunks that wait for the client before the thread waits, too."""

_STEPS = 20_000
"""Of SQLite's machine between two looks at the clock."""

LONGEST = 3600.0
"""Seconds that an export takes at most: while it reads, the archive's write-ahead log grows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is written, and what is said of it before."""

    headers: dict[str, str]
    write: Callable[[TextIO], None]


@dataclass(frozen=True, slots=True)
class End:
    """Nothing more comes."""

    error: str | None = None
    """Why, in a sentence; None where all is written."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a thread does."""

    connect: Callable[[], sqlite3.Connection]
    prepare: Callable[[sqlite3.Connection], Answer]
    """Called in a read transaction: all that is read is of one moment."""
    seconds: float | None = None
    """Of computing, at most."""
    gzip: bool = False
    """The client takes it compressed."""


class Gone(Exception):
    """The client is not there any more."""


class Work:
    """A job that is being done; its pieces are headers, chunks, and an End."""

    def __init__(self, loop: AbstractEventLoop, job: Job, done: Callable[[], None]) -> None:
        self.pieces: Queue[dict[str, str] | bytes | End] = Queue()
        self._loop, self._job, self._done = loop, job, done
        self._places = threading.Semaphore(_AHEAD)
        self._gone = threading.Event()
        self._until = time.monotonic() + LONGEST
        threading.Thread(target=self._run, name="ewbscraper export", daemon=True).start()

    def taken(self) -> None:
        """The client has a chunk more."""
        self._places.release()

    def leave(self) -> None:
        """Ends the thread soon, wherever it is; called at the end in any case."""
        self._gone.set()
        self._places.release()

    def _run(self) -> None:
        end = End("it broke off")
        try:
            self._write()
            end = End()
        except (EwbScraperError, sqlite3.Error, sqlite3.Warning) as error:
            end = End(self._too_long() or str(error))
        except Gone:
            end = End("the client went away")
        finally:
            self._done()
            if not self._gone.is_set():
                self._loop.call_soon_threadsafe(self.pieces.put_nowait, end)

    def _write(self) -> None:
        with closing(self._job.connect()) as db:
            db.set_progress_handler(lambda: self._gone.is_set() or bool(self._too_long()), _STEPS)
            db.execute("BEGIN")
            answer = self._job.prepare(db)
            self._put(answer.headers)
            out = _Chunks(self._put, zlib.compressobj(_EFFORT, wbits=31) if self._job.gzip else None)
            answer.write(out)
            out.finish()

    def _put(self, piece: dict[str, str] | bytes) -> None:
        self._places.acquire()
        if self._gone.is_set():
            raise Gone
        self._loop.call_soon_threadsafe(self.pieces.put_nowait, piece)

    def _too_long(self) -> str:
        if self._job.seconds is not None and time.thread_time() > self._job.seconds:
            return f"the query takes more than {self._job.seconds:g} seconds of computing"
        return f"it takes more than {LONGEST / 60:g} minutes" if time.monotonic() > self._until else ""


class _Chunks(io.StringIO):
    """A text file that goes out in chunks, holding no more than one."""

    def __init__(self, put: Callable[[bytes], None], gzip: "zlib._Compress | None") -> None:
        super().__init__()
        self._put, self._gzip, self._held, self._size = put, gzip, list[str](), 0

    def write(self, text: str) -> int:
        self._held.append(text)
        self._size += len(text)
        if self._size >= CHUNK:
            self._send()
        return len(text)

    def finish(self) -> None:
        """Sends what is still held."""
        self._send(last=True)

    def _send(self, *, last: bool = False) -> None:
        chunk = "".join(self._held).encode()
        self._held, self._size = [], 0
        if self._gzip:
            chunk = self._gzip.compress(chunk) + (self._gzip.flush() if last else b"")
        if chunk:
            self._put(chunk)
