"""One run per outlet and archive: its lock is free again also after kill -9."""

from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from ewbscraper.archive.connection import unwritable
from ewbscraper.errors import ArchiveBusy, Unwritable


def lock(archive: Path, outlet: str, wait: float = 0) -> BaseFileLock:
    """The lock of one outlet's runs, held; free again also after kill -9. Raises ArchiveBusy, Unwritable.

    It waits so many seconds for another run; -1: until that ends.
    """
    held = FileLock(_lock_file(archive, outlet))
    try:
        archive.parent.mkdir(parents=True, exist_ok=True)
        held.acquire(timeout=wait)
    except Timeout as error:
        raise ArchiveBusy(f"another run of {outlet} is writing to {archive}: let it end") from error
    except OSError as error:
        raise unwritable(archive, error) from error
    return held


def is_running(archive: Path, outlet: str) -> bool:
    """Whether a run of this outlet goes on now: a row without an end may be of one that was killed."""
    if not _lock_file(archive, outlet).exists():
        return False
    try:
        lock(archive, outlet).release()
    except ArchiveBusy:
        return True
    except Unwritable:  # nobody writes there
        return False
    return False


def _lock_file(archive: Path, outlet: str) -> Path:
    return archive.with_name(f".{archive.name}.{outlet}.lock")
