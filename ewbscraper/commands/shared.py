"""What all commands share: --archive, --json, exit codes, and errors as one line that names the cure."""

import errno
import os
import sqlite3
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ewbscraper.errors import ArchiveBusy, BadOutlet, BadQuery, EwbScraperError

FAILED = 1
WRONG_USAGE = 2
NEEDS_A_LOOK = 3
"""Finished, but a person should look: an outlet went silent, closed its door, or a field fell by half."""
BUSY = 75
"""EX_TEMPFAIL: another run of the same outlet goes on."""

CURES = {
    errno.ENOENT: "make its folder first, or name another path",
    errno.EACCES: "name a path where this user may read and write",
    errno.EROFS: "name a path where this user may read and write",
    errno.EFBIG: "let its files grow (`ulimit -f unlimited`), and run it again: what was saved is whole",
    errno.EMFILE: "let it open more files (`ulimit -n 1024`), and run it again: what was saved is whole",
    errno.ENOSPC: "make room, and run it again: what was saved is whole",
}
"""What a user can do where the disk does not let a command."""

F = TypeVar("F", bound=Callable[..., Any])

archive_option: Callable[[F], F] = click.option(
    "--archive",
    type=click.Path(path_type=Path, dir_okay=False, resolve_path=True),
    envvar="EWBSCRAPER_ARCHIVE",
    default=Path("archive.db"),
    show_default=True,
    metavar="PATH",
    help="The archive to use.",
)
json_option: Callable[[F], F] = click.option("--json", "as_json", is_flag=True, help="As JSON, for a program.")


class Commands(click.Group):
    """Errors of ours become one line on stderr and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # `ewbscraper query ... | head`: the reader has what it wants; Python must not complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except OF_USERS as error:
            say(error)
            ctx.exit(exit_code(error))


OF_USERS = (EwbScraperError, OSError, sqlite3.DatabaseError)
"""Errors that a user can do something about; any other is a fault of ours."""


def say(error: Exception) -> None:
    """One line on stderr; of a fault of ours also where it happened."""
    if isinstance(error, OF_USERS):
        click.echo(f"ewbscraper: {error if isinstance(error, EwbScraperError) else _with_cure(error)}", err=True)
    else:
        click.echo("".join(["ewbscraper: our fault: ", *traceback.format_exception(error)]), err=True, nl=False)


def _with_cure(error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else 0
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        number = errno.ENOSPC
    cure = CURES.get(number or 0)
    return f"{error}: {cure}" if cure else str(error)


def exit_code(error: Exception) -> int:
    """BUSY, WRONG_USAGE, or FAILED."""
    if isinstance(error, ArchiveBusy):
        return BUSY
    return WRONG_USAGE if isinstance(error, BadOutlet | BadQuery) else FAILED
