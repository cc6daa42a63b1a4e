"""Reading again on other machines: a real Dask scheduler, real workers, and what becomes of a run where they fail."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from checkout import PROJECT
from commands import ewbscraper
from nodes import until
from rereading import Archive, Paper

from ewbscraper.archive import search
from ewbscraper.archive.database import create
from ewbscraper.errors import NoCluster, NotInstalled
from ewbscraper.reparse import cluster, run
from ewbscraper.reparse.cluster import Cluster
from ewbscraper.reparse.readers import AHEAD, read_all

distributed = pytest.importorskip("distributed")

BATCH, POSTS = 5, 60

pytestmark = pytest.mark.slow

DEFINITION = """
import os
import signal

from ewbscraper.outlet import Outlet, WordPress

def noted(page):
    "The paragraphs, and which process read them."
    with open("{log}", "a") as log:
        log.write(f"{{os.getpid()}} {{page.url}}\\n")
    return page.select("//article/p")

def deadly(page):
    "The paragraphs, but post 33 ends the process."
    if page.url.endswith("post-33/"):
        os.kill(os.getpid(), signal.SIGKILL)
    return noted(page)

def but_one(page):
    "The paragraphs, but of post 33 none."
    assert not page.url.endswith("post-33/")
    return noted(page)

OUTLET = Outlet(slug="small", name="Small", home="{home}", sources=(WordPress(),), leave_out=".opening", body={body})
"""


class Nodes:
    """A scheduler and the workers that are started for it, each a process of its own."""

    def __init__(self, folder):
        self.folder, self.workers = folder, []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", "file.json")
        file = folder / "file.json"
        until(lambda: file.exists() and file.read_text().rstrip().endswith("}"))
        self.address = json.loads(file.read_text())["address"]
        self.client = distributed.Client(self.address, set_as_default=False)

    def worker(self, *options, path=PROJECT, cwd=None):
        """One more, once the scheduler knows it; its address there is `newest`."""
        before = set(self.client.nthreads())
        worker = self._start("worker", self.address, "--nthreads", "1", *options, path=path, cwd=cwd)
        self.workers.append(worker)
        until(lambda: set(self.client.nthreads()) - before)
        (self.newest,) = set(self.client.nthreads()) - before
        return worker

    def _start(self, what, *options, path=PROJECT, cwd=None):
        words = [sys.executable, "-m", "dask", what, "--no-dashboard", *options]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        failures = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
        env = os.environ | failures | {"PYTHONPATH": str(path), "DASK_TEMPORARY_DIRECTORY": str(self.folder)}
        return subprocess.Popen(words, cwd=cwd or self.folder, env=env, **quiet)

    def without_workers(self):
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            worker.wait(20)
        self.workers.clear()

    def close(self):
        self.client.close()
        self.without_workers()
        self.scheduler.kill()
        self.scheduler.wait(20)


@pytest.fixture(scope="module")
def one_scheduler(tmp_path_factory):
    with closing(Nodes(tmp_path_factory.mktemp("nodes"))) as nodes:
        yield nodes


@pytest.fixture
def nodes(one_scheduler):
    """Without workers."""
    yield one_scheduler
    one_scheduler.without_workers()
    until(lambda: not one_scheduler.client.nthreads())


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    with closing(Paper(posts=POSTS)) as paper:
        archive = Archive(tmp_path_factory.mktemp("crawled"), paper.home)
        archive.crawl()
    return archive


@pytest.fixture
def archive(crawled, tmp_path, monkeypatch):
    """Of 60 articles, which other rules have not read; each batch is of five."""
    monkeypatch.setattr(Cluster, "batch", BATCH)
    shutil.copytree(crawled.folder, tmp_path / "archive")
    archive = Noted(tmp_path / "archive", crawled.home)
    archive.define()
    return archive


class Noted(Archive):
    """Its definition notes who reads what."""

    def __init__(self, folder, home):
        self.folder, self.path, self.home = folder, folder / "archive.db", home

    def define(self, body="noted"):
        text = DEFINITION.format(log=self.folder / "log", home=self.home, body=body)
        (self.folder / "outlets" / "small.py").write_text(text)

    def dask(self, nodes, path=None):
        return run.reparse(path or self.path, "small", dask=nodes.address)

    def read(self):
        """By process the pages that it read."""
        read = {}
        for line in (self.folder / "log").read_text().splitlines():
            process, url = line.split()
            read.setdefault(int(process), []).append(url)
        return read

    def done(self):
        return self.rows("SELECT count(*), count(DISTINCT article) FROM revisions")[0]


@pytest.fixture
def after(monkeypatch):
    """What is to happen once so many batches are saved."""

    def told(number, event):
        def watched(readers, batches):
            for count, readings in enumerate(read_all(readers, batches), 1):
                yield readings
                if count == number:
                    event()

        monkeypatch.setattr(run, "read_all", watched)

    return told


def same_rows(one, other):
    """All but the log; revisions are numbered in the order in which batches are done."""
    tables = [name for name in one.everything() if not name.startswith("articles_fts")]
    assert "readings" in tables
    for name in tables:
        columns = [row[1] for row in one.rows(f"PRAGMA table_info({name})") if (name, row[1]) != ("revisions", "id")]
        sql = f"SELECT {', '.join(columns)} FROM {name}"
        assert sorted(map(repr, one.rows(sql))) == sorted(map(repr, other.rows(sql))), name
    with closing(create(one.path)) as ours, closing(create(other.path)) as theirs:
        assert search.is_current(ours)
        assert search.is_current(theirs)


@pytest.mark.slow
def test_two_workers_make_the_rows_that_one_machine_makes(nodes, archive, tmp_path):
    shutil.copytree(archive.folder, tmp_path / "alone")
    alone = Noted(tmp_path / "alone", archive.home)
    local = alone.reparse("--jobs", "1")
    nodes.worker("--no-nanny")
    nodes.worker("--no-nanny")
    (archive.folder / "log").unlink()
    rehearsed = archive.reparse("--dry-run", "--dask", nodes.address)
    account = archive.reparse("--dask", nodes.address)
    assert {account[key] for key in ("articles", "changed")} == {POSTS}
    assert [account["fields"], account["problems"]] == [local["fields"], []] == [rehearsed["fields"], []]
    same_rows(archive, alone)
    assert archive.reparse("--dask", nodes.address)["articles"] == 0
    archive.define("'//article/p'")
    assert archive.reparse("--dask", nodes.address)["articles"] == POSTS, "workers read a new definition as it is"


@pytest.mark.slow
def test_a_killed_worker_costs_its_share_again_and_nothing_else(nodes, archive, after):
    victim, other = nodes.worker("--no-nanny"), nodes.worker("--no-nanny")
    saved = []

    def kill():
        victim.kill()
        victim.wait()
        saved.extend(url for (url,) in archive.rows("SELECT url FROM articles JOIN revisions ON article = articles.id"))

    after(3, kill)
    account = archive.dask(nodes)
    assert (account.articles, account.problems, account.run.outcome) == (POSTS, [], "finished")
    assert archive.done() == (POSTS, POSTS)
    read = archive.read()
    assert set(read) == {process.pid for process in (victim, other)}
    assert len(saved) == 3 * BATCH
    again = set(read[victim.pid]) & set(read[other.pid])
    assert len(read[other.pid]) == len(set(read[other.pid])), "what the other one had read was not read again"
    # Of what was just saved too: the scheduler may not have heard of it before the worker was gone.
    assert len(again) <= 2 * AHEAD * BATCH, "no more than was on the cluster"


@pytest.mark.slow
def test_a_page_that_kills_its_workers_costs_that_page(nodes, archive):
    archive.define("deadly")
    nodes.worker("--nanny")
    account = archive.dask(nodes)
    assert [one["url"].split("/")[-2] for one in account.problems] == ["post-33"]
    assert "our fault: BrokenProcessPool" in account.problems[0]["why"]
    assert (account.articles, archive.done()) == (POSTS, (POSTS - 1, POSTS - 1))


@pytest.mark.slow
def test_a_fault_of_ours_on_one_page_costs_that_page(nodes, archive):
    archive.define("but_one")
    nodes.worker("--no-nanny")
    account = archive.dask(nodes)
    assert [one["why"].partition(": ")[2] for one in account.problems] == ["AssertionError: "]
    assert archive.done() == (POSTS - 1, POSTS - 1)


@pytest.mark.slow
def test_no_more_goes_to_the_cluster_than_it_has_room_for(nodes, archive, monkeypatch):
    taken = saved = 0
    waiting, kept = [], []

    def counted(readers, batches):
        def given():
            nonlocal taken
            for batch in batches:
                taken += 1
                yield batch

        nonlocal saved
        for readings in read_all(readers, given()):
            saved += 1
            waiting.append(taken - saved)
            kept.append(nodes.client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))
            if saved == 2:
                nodes.worker("--no-nanny")
                until(lambda: len(readers._client.nthreads()) == 2)
            yield readings

    monkeypatch.setattr(run, "read_all", counted)
    monkeypatch.setattr(Cluster, "batch", 2)
    monkeypatch.setattr(Cluster, "patience", 0.0)
    nodes.worker("--no-nanny")
    archive.dask(nodes)
    assert max(waiting[:2]) < 2 * AHEAD
    assert AHEAD < max(waiting[2:]) < 4 * AHEAD
    assert waiting[-1] == 0
    assert max(kept) <= 4 * AHEAD, "what is saved is forgotten there"


@pytest.mark.slow
def test_ctrl_c_ends_well_and_leaves_nothing_on_the_cluster(nodes, archive, after):
    nodes.worker("--no-nanny")
    after(2, lambda: os.kill(os.getpid(), signal.SIGINT))
    account = archive.dask(nodes)
    assert (account.run.outcome, account.run.reread) == ("shutdown", 2 * BATCH)
    until(lambda: not nodes.client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))
    assert archive.reparse("--jobs", "1")["articles"] == POSTS - 2 * BATCH


@pytest.mark.slow
@pytest.mark.parametrize("who", ["scheduler", "workers"])
def test_where_nobody_is_left_what_was_done_is_kept(archive, after, monkeypatch, tmp_path, who):
    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    (tmp_path / "nodes").mkdir()
    with closing(Nodes(tmp_path / "nodes")) as nodes:
        worker = nodes.worker("--no-nanny")
        victim = {"scheduler": nodes.scheduler, "workers": worker}[who]
        after(2, lambda: (nodes.client.close(), victim.kill(), victim.wait()))
        begun = time.monotonic()
        with pytest.raises(NoCluster, match="goes on from there"):
            archive.dask(nodes)
        assert time.monotonic() - begun < 20
    kept = archive.done()[0]
    assert 2 * BATCH <= kept < POSTS
    assert archive.reparse("--jobs", "1")["articles"] == POSTS - kept
    assert archive.done() == (POSTS, POSTS)


@pytest.mark.slow
def test_without_a_worker_it_ends_with_the_cure(nodes, archive, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with pytest.raises(NoCluster, match=f"no worker at .*: dask worker {nodes.address} --nthreads 1"):
        archive.dask(nodes)


@pytest.mark.slow
def test_workers_of_other_rules_are_refused_by_name_before_any_work(nodes, archive, tmp_path):
    changes = {
        "version": (
            "__init__.py",
            lambda text: text.replace('__version__ = "', '__version__ = "9.'),
            "has ewbscraper 9.",
        ),
        "rules": ("extraction/article.py", lambda text: text + "\n# another\n", "reads by other rules"),
        "older": ("reparse/cluster.py", lambda text: "", "it has another ewbscraper, or none"),
    }
    whys = []
    for name, (file, change, why) in changes.items():
        shutil.copytree(PROJECT / "ewbscraper", tmp_path / name / "ewbscraper")
        changed = tmp_path / name / "ewbscraper" / file
        changed.write_text(change(changed.read_text()))
        nodes.worker("--no-nanny", path=tmp_path / name)
        whys.append(f"worker {nodes.newest}: .*{why}")
    nodes.worker("--no-nanny")
    with pytest.raises(NoCluster) as raised:
        archive.dask(nodes)
    said = str(raised.value).split("; ")
    assert len(said) == 3
    assert all(any(re.match(why, one) for one in said) for why in whys), said
    assert not (archive.folder / "log").exists()


@pytest.mark.slow
def test_one_that_joins_later_is_refused_too(nodes, archive, after, tmp_path):
    shutil.copytree(PROJECT / "ewbscraper", tmp_path / "later" / "ewbscraper")
    (tmp_path / "later" / "ewbscraper" / "__init__.py").write_text("__version__ = '9'")
    nodes.worker("--no-nanny")
    late = []
    after(1, lambda: late.append(nodes.worker("--no-nanny", path=tmp_path / "later")))
    with pytest.raises(NoCluster, match="has ewbscraper 9, and we"):
        archive.dask(nodes)
    assert late[0].pid not in archive.read()


@pytest.mark.slow
@pytest.mark.parametrize("what", ["nothing", "another file"])
def test_one_that_does_not_see_the_folder_is_refused_by_name(nodes, archive, tmp_path, monkeypatch, what):
    """`/proc/self/cwd` is one path, and another folder in each process: as on two machines."""
    (tmp_path / "elsewhere").mkdir()
    if what == "another file":
        shutil.copytree(archive.folder / "warc", tmp_path / "elsewhere" / "warc")
        for warc in (tmp_path / "elsewhere").rglob("*.warc.gz"):
            warc.write_bytes(b"no such bytes")
    monkeypatch.chdir(archive.folder)
    nodes.worker("--no-nanny", cwd=tmp_path / "elsewhere")
    with pytest.raises(NoCluster, match=f"worker {nodes.newest}: .*share the archive's folder"):
        archive.dask(nodes, Path("/proc/self/cwd/archive.db"))
    assert archive.done() == (0, 0)


@pytest.mark.slow
def test_a_share_that_goes_away_is_no_fault_of_the_pages(nodes, archive, after, tmp_path, monkeypatch):
    share = tmp_path / "machine" / "warc"
    share.parent.mkdir()
    share.symlink_to(archive.folder / "warc")
    (tmp_path / "machine" / "outlets").symlink_to(archive.folder / "outlets")
    monkeypatch.chdir(archive.folder)
    nodes.worker("--no-nanny", cwd=share.parent)
    after(2, share.unlink)
    with pytest.raises(NoCluster, match="share the archive's folder"):
        archive.dask(nodes, Path("/proc/self/cwd/archive.db"))
    assert archive.rows("SELECT DISTINCT failed FROM runs WHERE command LIKE 'reparse%'") == [(0,)]
    assert archive.done()[0] < POSTS


@pytest.mark.slow
@pytest.mark.parametrize("address", ["", "nowhere", "http://127.0.0.1:1", "tls://127.0.0.1:1", "tcp://127.0.0.1:1"])
def test_an_address_without_a_scheduler_is_said_once(archive, monkeypatch, address):
    monkeypatch.setattr(cluster, "CONNECT", 0.5)
    with pytest.raises(NoCluster, match="no Dask scheduler at"):
        run.reparse(archive.path, "small", dask=address)


def test_a_port_of_something_else_is_no_scheduler(archive):
    """What ssh says at once is the length of a message to Dask: exabytes."""

    def greet():
        with server.accept()[0] as caller:
            caller.sendall(b"SSH-2.0-OpenSSH_9.2p1\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=greet, daemon=True).start()
        with pytest.raises(NoCluster, match="no Dask scheduler at"):
            run.reparse(archive.path, "small", dask=f"tcp://127.0.0.1:{server.getsockname()[1]}")


def test_without_the_extra_the_command_that_installs_it_is_named(archive, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NotInstalled, match=r"pip install .*'ewbscraper\[cluster\]'"):
        run.reparse(archive.path, "small", dask="tcp://127.0.0.1:1")


def test_processes_of_this_machine_and_a_cluster_are_not_mixed(archive):
    done = ewbscraper("reparse", "--jobs", "2", "--dask", "tcp://127.0.0.1:1", folder=archive.folder)
    assert (done.returncode, "--jobs is for this machine's processes" in done.stderr) == (2, True)
