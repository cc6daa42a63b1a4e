"""What all commands share: --archive, --json, exit codes, and errors as one line that names the cure."""

import errno
import os
import sqlite3
import sys
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
        except EwbScraperError as error:
            click.echo(f"ewbscraper: {error}", err=True)
            ctx.exit(_exit_code(error))
        except BrokenPipeError:
            # `ewbscraper query ... | head`: the reader has what it wants; Python must not complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except (OSError, sqlite3.DatabaseError) as error:
            click.echo(f"ewbscraper: {_with_cure(error)}", err=True)
            ctx.exit(FAILED)


def _with_cure(error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else 0
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        number = errno.ENOSPC
    cure = CURES.get(number or 0)
    return f"{error}: {cure}" if cure else str(error)


def _exit_code(error: EwbScraperError) -> int:
    if isinstance(error, ArchiveBusy):
        return BUSY
    return WRONG_USAGE if isinstance(error, BadOutlet | BadQuery) else FAILED
