"""A process out of which nothing gets: in a network namespace without routes, names and connections caught inside it.

`python caught.py FUNCTION JSON`: calls a function of `reach_crawls` with what JSON says, prints what it returns. To be
imported before Twisted, which takes `socket.getaddrinfo` when it is imported.
"""

import ctypes
import errno
import fcntl
import json
import os
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

NOT_HERE = 77
"""Exit status where this machine gives no namespace."""
PUBLIC = "93.184.216.34"
"""The address of `public.example`: one of the whole world's, asked by nobody, as connections to it are caught."""
_NEW_USER, _NEW_NET, _SET_FLAGS, _UP = 0x10000000, 0x40000000, 0x8914, 0x1

Address = tuple[str, int]


class Net:
    """Where names and connections of this process lead."""

    names: ClassVar[dict[str, Callable[[], list[str]]]] = {}
    """What a name resolves to, anew each time; of ours only: others are not found, and kept in `strangers`."""
    doors: ClassVar[dict[Address, Address]] = {}
    """Where a connection to an address goes; of all others to `witness`."""
    witness: ClassVar[Address]
    dialled: ClassVar[list[Address]] = []
    """Every address and port that this process wanted to connect to."""
    strangers: ClassVar[list[str]] = []


def shut() -> None:
    """From here on nothing leaves. Ends the process where there is no namespace to be had."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NET) and libc.unshare(_NEW_USER | _NEW_NET):
        sys.stderr.write(f"no network namespace: {os.strerror(ctypes.get_errno())}")
        sys.exit(NOT_HERE)
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh", b"lo", _UP))
    assert Path("/proc/net/route").read_text().count("\n") == 1, "this namespace has a route"
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    socket.socket, socket.getaddrinfo = Caught, resolve  # type: ignore[misc]


class Caught(socket.socket):
    """Connects to where `Net` says."""

    def connect(self, address):
        return super().connect(self._caught(address))

    def connect_ex(self, address):
        if address[0] == PUBLIC and address[:2] not in Net.doors:
            Net.dialled.append(address[:2])
            return errno.ECONNREFUSED
        return super().connect_ex(self._caught(address))

    def _caught(self, address):
        if self.family not in (socket.AF_INET, socket.AF_INET6):
            return address
        Net.dialled.append(address[:2])
        host, port = Net.doors.get(address[:2], Net.witness)
        return (f"::ffff:{host}", port) if self.family == socket.AF_INET6 else (host, port)


_getaddrinfo = socket.getaddrinfo


def resolve(host, port, family=0, type=0, proto=0, flags=0):  # noqa: A002
    """In place of `getaddrinfo`: numbers as ever, names of ours, no others."""
    try:
        return _getaddrinfo(host, port, family, type, proto, flags | socket.AI_NUMERICHOST)
    except socket.gaierror:
        if flags & socket.AI_NUMERICHOST:
            raise
    if host not in Net.names:
        Net.strangers.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    found = [resolve(address, port, family, type, proto, socket.AI_NUMERICHOST) for address in Net.names[host]()]
    return [answer for answers in found for answer in answers]


if __name__ == "__main__":
    shut()
    sys.modules["caught"] = sys.modules["__main__"]  # reach_crawls imports what this is
    import reach_crawls

    sys.stdout.write(json.dumps(getattr(reach_crawls, sys.argv[1])(**json.loads(sys.argv[2]))))
