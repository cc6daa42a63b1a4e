"""Datasette on an archive, with safe settings, until Ctrl-C. A crawl may write meanwhile."""

import asyncio
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.utils import sqlite3 as datasettes_sqlite3

from ewbscraper.archive.database import read
from ewbscraper.browse.guards.limits import can_be_limited
from ewbscraper.browse.guards.publication import PLUGIN, Publication
from ewbscraper.browse.mended.ties import WithTies

NAME = "archive"
"""Name of the database in addresses, whatever the file is called."""

GRACE = 5
"""Seconds that answers under way have once it is told to stop."""

SETTINGS = {
    "allow_download": False,
    "allow_csv_stream": True,
    "suggest_facets": False,
    "facet_time_limit_ms": 200,
    "sql_time_limit_ms": 2000,  # of ten readers at once each waits for the others' queries too
    "max_returned_rows": 1000,
    "num_sql_threads": 3,
}

OWN_PEOPLE = Publication()
"""Not public: served to the archive's own people."""


def serve(
    archive: Path,
    host: str,
    port: int,
    ready: Callable[[str], Any] = lambda address: None,
    chosen: Publication = OWN_PEOPLE,
    base_url: str = "/",
) -> None:
    """Serves until Ctrl-C; calls `ready` with the address once it answers. Raises NoArchive, NotAnArchive, NoLimits."""
    app = reading_room(archive, chosen, base_url).app()
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        lifespan="on",
        workers=1,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    try:
        _Announced(config, lambda: ready(address(host, port, base_url))).run()
    except (KeyboardInterrupt, asyncio.CancelledError):  # the second, where several come before uvicorn takes them
        return


def reading_room(archive: Path, chosen: Publication = OWN_PEOPLE, base_url: str = "/") -> Datasette:
    """Datasette on this archive, its addresses below `base_url` (`/news/`). Raises NoArchive, NotAnArchive, NoLimits.

    Opened mutable: an immutable one reads a file that a crawl writes as malformed.
    """
    can_be_limited(datasettes_sqlite3.Connection)
    read(archive).close()
    settings = {**SETTINGS, "base_url": base_url, "default_allow_sql": not chosen.public}
    plugins = {PLUGIN: asdict(chosen), "datasette-block-robots": {"literal": robots(base_url)} if chosen.index else {}}
    room = Datasette([], settings=settings, metadata={"plugins": plugins})
    room.remove_database("_memory")
    room.add_database(WithTies(room, path=str(archive.absolute()), is_mutable=_may_change(archive)), name=NAME)
    return room


def robots(base_url: str) -> str:
    """A robots.txt that lets search engines list pages, and spares them the endless ones."""
    endless = ("search", "-/", "*?")
    return "\n".join(["User-agent: *", "Allow: /", *(f"Disallow: {base_url}{path}" for path in endless)])


def _may_change(archive: Path) -> bool:
    """False for an archive that a crawl wrote, in a folder where we may not: SQLite reads it as one that stays."""
    with closing(sqlite3.connect(f"{archive.absolute().as_uri()}?mode=ro", uri=True)) as db:
        try:
            db.execute("SELECT 1 FROM sqlite_master")
        except sqlite3.OperationalError:
            return False
    return True


def free_port(host: str, wanted: int) -> int:
    """The port wanted, or the next one that is free; for 0, or where a hundred are taken, the system's choice."""
    for port in range(wanted, min(wanted + 100, 65536)) if wanted else ():
        if _is_free(host, port):
            return port
    with _listener(host) as listener:
        listener.bind((host, 0))
        return int(listener.getsockname()[1])


def address(host: str, port: int, base_url: str = "/") -> str:
    """What to open in a browser: a server on all interfaces is reached at 127.0.0.1."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared, not bound
    return f"http://[{shown}]:{port}{base_url}" if ":" in shown else f"http://{shown}:{port}{base_url}"


class _Announced(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], Any]) -> None:
        super().__init__(config)
        self.ready = ready

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ends within GRACE; a second Ctrl-C, which uvicorn takes for haste, would show a traceback."""
        super().handle_exit(sig, frame)
        self.force_exit = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.ready()


def _is_free(host: str, port: int) -> bool:
    with _listener(host) as listener:
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True


def _listener(host: str) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return listener
