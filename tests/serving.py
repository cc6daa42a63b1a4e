"""Servers of ours in processes of their own, and what they answer."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from ewbscraper.browse.serve import free_port

SERVE = """
import sys
from pathlib import Path
from ewbscraper.browse.serve import free_port, serve
serve(Path(sys.argv[1]), "127.0.0.1", free_port("127.0.0.1", 8931), lambda url: print(url, flush=True))
"""


@contextmanager
def running(*command, cwd):
    """A server that tells its address on its first lines; stopped as Ctrl-C would."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=cwd,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        for line in process.stdout:
            if "http://" in line:
                yield "http://" + line.split("http://")[1].split()[0], process
                break
        else:
            pytest.fail("the server ended without an address")
    finally:
        process.send_signal(2)
        process.wait(20)
        process.stdout.close()


@contextmanager
def room_of(archive, *options):
    """`ewbscraper serve` as it is called, on the next free port."""
    port = free_port("127.0.0.1", 20_000 + os.getpid() % 20_000)
    command = ["-m", "ewbscraper", "serve", "--archive", str(archive), "--port", str(port), *options]
    with running(*command, cwd=archive.parent) as (url, process):
        yield url, process


def ask(url, **headers):
    """Status and text of an answer that comes within half a minute."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
