"""Machines of a cluster: real Scrapyd daemons on loopback, each with a folder and an archive of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

from checkout import PROJECT
from small_paper import SmallPaper

SCRIPTS = Path(sys.executable).parent
_open = build_opener(ProxyHandler({})).open


def until(happens: Callable[[], Any], seconds: float = 120) -> Any:
    """What it gives as soon as that is something."""
    last = time.monotonic() + seconds
    while not (found := happens()):
        assert time.monotonic() < last, "it does not happen"
        time.sleep(0.03)
    return found


class Node:
    """A daemon; its jobs are in its process group."""

    def __init__(self, folder: Path) -> None:
        (folder / "news" / "outlets").mkdir(parents=True)
        self.folder, self.archive, self.url = (
            folder,
            folder / "news" / "archive.db",
            f"http://127.0.0.1:{_free_port()}/",
        )
        port = self.url.rpartition(":")[2].rstrip("/")
        (folder / "scrapyd.conf").write_text(f"[scrapyd]\nhttp_port = {port}\npoll_interval = 0.1\nmax_proc = 4\n")
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "PYTHONPATH": str(PROJECT),
            "PYTHONWARNINGS": "ignore",
            "EWBSCRAPER_ARCHIVE": str(self.archive),
            "EWBSCRAPER_CONTACT": "",
            "no_proxy": "127.0.0.1",
        }
        with (folder / "scrapyd.log").open("w") as log:
            self.daemon = subprocess.Popen(
                [sys.executable, "-m", "scrapyd"],
                cwd=folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _answers(self) -> bool:
        try:
            return bool(self.ask("daemonstatus")["status"] == "ok")
        except OSError:
            assert self.daemon.poll() is None, (self.folder / "scrapyd.log").read_text()
            return False

    def define(self, slug: str, paper: SmallPaper) -> None:
        """An outlet's definition beside the archive."""
        (self.archive.parent / "outlets" / f"{slug}.py").write_text(
            "from ewbscraper.outlet import Outlet, WordPress\n"
            f'OUTLET = Outlet(slug="{slug}", name="{slug}", home="{paper.home}", sources=(WordPress(),))\n'
        )

    def deploy(self) -> Path:
        """As docs/more-than-one-machine.md does it; the folder from which it was done."""
        until(self._answers)
        here = self.folder / "deploy"
        shutil.copytree(PROJECT / "docs" / "scrapyd", here, dirs_exist_ok=True)
        targets = here / "scrapy.cfg"
        targets.write_text(targets.read_text().replace("http://node-a:6800/", self.url))
        done = subprocess.run(
            [SCRIPTS / "scrapyd-deploy", "a"],
            cwd=here,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert '"status": "ok"' in done.stdout, done
        return here

    def ask(self, service: str, data: dict[str, str] | None = None, **query: str) -> Any:
        """Scrapyd's API."""
        body = urlencode(data).encode() if data else None
        with _open(f"{self.url}{service}.json?{urlencode(query)}", body, timeout=30) as answer:
            return json.load(answer)

    def spiders(self) -> list[str]:
        return list(self.ask("listspiders", project="ewbscraper")["spiders"])

    def schedule(self, spider: str, **arguments: str) -> str:
        """The job's number."""
        answer = self.ask("schedule", {"project": "ewbscraper", "spider": spider, **arguments})
        assert answer["status"] == "ok", answer
        return str(answer["jobid"])

    def state(self, job: str) -> str | None:
        """`pending`, `running`, `finished`."""
        found: str | None = self.ask("status", job=job)["currstate"]
        return found

    def end_of(self, spider: str, job: str) -> str:
        """The log of a job, once it has ended."""
        until(lambda: self.state(job) == "finished")
        return (self.folder / "logs" / "ewbscraper" / spider / f"{job}.log").read_text()

    def kill(self) -> None:
        """As a power cut: the daemon and all its jobs."""
        os.killpg(self.daemon.pid, signal.SIGKILL)
        self.daemon.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
