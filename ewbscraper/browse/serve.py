"""Datasette on an archive, with safe settings, until Ctrl-C. A crawl may write meanwhile."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database

from ewbscraper.archive.database import read

NAME = "archive"
"""Name of the database in addresses, whatever the file is called."""

SETTINGS = {
    "allow_download": False,
    "suggest_facets": False,
    "facet_time_limit_ms": 200,
    "sql_time_limit_ms": 1000,
    "max_returned_rows": 1000,
    "num_sql_threads": 3,
}


def serve(archive: Path, host: str, port: int, ready: Callable[[str], Any] = lambda address: None) -> None:
    """Serves until Ctrl-C; calls `ready` with the address once it answers. Raises NoArchive, NotAnArchive."""
    config = uvicorn.Config(
        reading_room(archive).app(), host=host, port=port, log_level="warning", lifespan="on", workers=1
    )
    try:
        _Announced(config, lambda: ready(address(host, port))).run()
    except KeyboardInterrupt:
        return


def reading_room(archive: Path) -> Datasette:
    """Datasette on this archive. Opened mutable: an immutable one reads a file that a crawl writes as malformed."""
    read(archive).close()
    room = Datasette([], settings=SETTINGS)
    room.add_database(Database(room, path=str(archive.absolute()), is_mutable=True), name=NAME)
    return room


def free_port(host: str, wanted: int) -> int:
    """The port wanted, or the next one that is free; one that the system chooses where a hundred are taken."""
    for port in range(wanted, min(wanted + 100, 65536)):
        if _is_free(host, port):
            return port
    with _listener(host) as listener:
        listener.bind((host, 0))
        return int(listener.getsockname()[1])


def address(host: str, port: int) -> str:
    """What to open in a browser: a server on all interfaces is reached at 127.0.0.1."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared, not bound
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


class _Announced(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], Any]) -> None:
        super().__init__(config)
        self.ready = ready

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
