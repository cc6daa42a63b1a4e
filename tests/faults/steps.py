"""A command in a process of its own that is killed at its n-th step: what `kill -9` could do at the very worst moments.

A step is before and after a statement that begins, commits or copies, before and after an fsync, in the middle of a
write (half of it is written), and before a file is opened to write, renamed, cut, or removed, and a folder is made or
removed. What lies between two steps is the command's own memory, which a kill loses anyhow.
"""

import builtins
import io
import multiprocessing
import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BufferedRandom, BufferedWriter, FileIO, TextIOWrapper
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

Command = Sequence[str | Path] | Callable[[Path], object]
LONGEST = 60
"""Seconds that one may take."""
WRITES = ("BEGIN", "COMMIT", "VACUUM", "PRAGMA JOURNAL_MODE", "PRAGMA WAL_CHECKPOINT", "PRAGMA OPTIMIZE")
EVIDENCE = (".warc.gz", "seals.txt")
FILES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link"}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    """-9 where it was killed."""
    said: str
    """All of stdout and stderr."""

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


def command(words: Command, folder: Path, kill_at: int = 0) -> Ended:
    """Runs `ewbscraper` with these words, or calls a function of a module, in a folder; 0: to its end."""
    return end(start(words, folder, kill_at), folder)


def start(words: Command, folder: Path, kill_at: int = 0) -> BaseProcess:
    """Begins it, and returns at once."""
    (folder / "said").write_text("")
    process = multiprocessing.get_context("forkserver").Process(target=_run, args=(words, folder, kill_at))
    process.start()
    return process


def end(process: BaseProcess, folder: Path, seconds: float = LONGEST) -> Ended:
    """Waits for its end; fails where it does not come in time."""
    process.join(seconds)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise AssertionError(f"it takes longer than {seconds} s")
    return Ended(process.exitcode, (folder / "said").read_text(errors="replace"))


def steps_of(words: Command, folder: Path) -> int:
    """How many steps a whole run of a command has."""
    ended = command(words, folder, kill_at=-1)
    assert not ended.killed, ended.said
    return int((folder / "steps").read_text())


def _run(words: Command, folder: Path, kill_at: int) -> None:
    os.chdir(folder)
    said = os.open("said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.stdout, sys.stderr = (TextIOWrapper(FileIO(fd, "w", closefd=False), write_through=True) for fd in (1, 2))
    if kill_at:
        steps = _Steps(folder, kill_at)
        steps.watch()
    from ewbscraper.cli import main

    code: Any = 0
    try:
        words(folder) if callable(words) else main([str(word) for word in words])
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:  # noqa: BLE001  # as Python itself would show it
        traceback.print_exc()
        code = 1
    if kill_at == -1:
        count = steps.done
        steps.kill_at = 0
        (folder / "steps").write_text(str(count))
    os._exit(code)


class _Steps:
    """Counts in this process, and kills it."""

    def __init__(self, folder: Path, kill_at: int) -> None:
        self.folder, self.kill_at, self.done = str(folder), kill_at, 0
        self.process = os.getpid()
        self.written = list[FileIO]()
        self.synced = dict[int, int]()
        """By inode how many bytes of it are on the disk."""

    def step(self) -> None:
        if os.getpid() != self.process:  # a worker
            return
        self.done += 1
        if self.done == self.kill_at:
            self.kill()

    def kill(self) -> None:
        """What is not synced of pages and seals is lost too, as in a power cut: it must be there before its row."""
        for file in self.written:
            if file.name.endswith(EVIDENCE) and not file.closed:
                os.ftruncate(file.fileno(), self.synced.get(os.fstat(file.fileno()).st_ino, 0))
        os.kill(self.process, signal.SIGKILL)

    def watch(self) -> None:
        sys.addaudithook(self._audit)
        io.open = builtins.open = _opener(self, io.open)  # type: ignore[assignment]
        synced = os.fsync

        def fsync(file: Any) -> None:
            self.step()
            synced(file)
            about = os.fstat(file)
            self.synced[about.st_ino] = about.st_size
            self.step()

        os.fsync = fsync
        connect, connection = sqlite3.connect, _connection(self)

        def connected(*args: Any, **more: Any) -> sqlite3.Connection:
            return connect(*args, **{"factory": connection, **more})

        sqlite3.connect = connected  # type: ignore[assignment]
        context = multiprocessing.get_context
        multiprocessing.get_context = lambda how=None: context("fork")  # begins at once

    def is_ours(self, path: Any) -> bool:
        return isinstance(path, str | os.PathLike) and str(Path(path).absolute()).startswith(self.folder)

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        opens = event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR)
        if event == "os.truncate" or ((opens or event in FILES) and self.is_ours(args[0])):
            self.step()


def _opener(steps: _Steps, opened: Any) -> Any:
    class Torn(FileIO):
        def write(self, part: Any) -> int:
            steps.done += 1
            if steps.done == steps.kill_at:
                super().write(bytes(part)[: len(part) // 2])
                os.kill(steps.process, signal.SIGKILL)
            return super().write(part)

    def open_(file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, errors: Any = None,
              newline: Any = None, *more: Any, **others: Any) -> Any:  # fmt: skip
        if not set(mode) & set("wxa+") or not steps.is_ours(file) or os.getpid() != steps.process:
            return opened(file, mode, buffering, encoding, errors, newline, *more, **others)
        raw = Torn(os.fspath(file), mode.replace("b", "").replace("t", ""))
        steps.written.append(raw)
        steps.synced.setdefault(os.fstat(raw.fileno()).st_ino, raw.seek(0, 2) if "a" in mode else 0)
        buffered: Any = BufferedRandom(raw) if "+" in mode else BufferedWriter(raw)
        return buffered if "b" in mode else TextIOWrapper(buffered, encoding, errors, newline)

    return open_


def _connection(steps: _Steps) -> type[sqlite3.Connection]:
    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:  # type: ignore[override]
            counts = sql.lstrip().upper().startswith(WRITES)
            if counts:
                steps.step()
            done = super().execute(sql, *values)
            if counts:
                steps.step()
            return done

        def backup(self, target: sqlite3.Connection, **more: Any) -> None:  # type: ignore[override]
            steps.step()
            super().backup(target, pages=8, progress=lambda *_: steps.step())

    return Connection
