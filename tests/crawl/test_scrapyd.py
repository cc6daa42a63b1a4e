"""Outlets shared out over machines: two real Scrapyd daemons on loopback, each with its own archive, then merged."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from checkout import DOCS
from click.testing import CliRunner
from kept import damage, rows
from machines import raw
from nodes import Node, until
from small_paper import SmallPaper

from ewbscraper.cli import main

pytestmark = pytest.mark.slow

DEPLOY = DOCS / "scrapyd"
POSTS = 12


@pytest.fixture
def papers():
    papers = [SmallPaper(posts=POSTS) for _ in range(3)]
    yield papers
    for paper in papers:
        paper.close()


@pytest.fixture
def start(papers, tmp_path):
    """Nodes of these names, which know the papers as p0, p1, p2."""
    started = []

    def start(*names):
        started.extend(Node(tmp_path / name) for name in names)
        for node in started:
            for number, paper in enumerate(papers):
                node.define(f"p{number}", paper)
        with ThreadPoolExecutor() as pool:
            list(pool.map(Node.deploy, started))
        return started

    yield start
    for node in started:
        if node.daemon.poll() is None:
            node.kill()


@pytest.fixture
def nodes(start):
    return start("a", "b")


@pytest.fixture
def node(start):
    return start("a")[0]


def pages(paper):
    """Article pages that were asked for."""
    return [path for path in paper.asked if path.startswith("/2024")]


def merge(into, *others):
    ran = CliRunner().invoke(main, ["merge", *map(str, others), "--archive", str(into)])
    assert ran.exit_code == 0, ran.output


def merged(folder, nodes):
    """All archives in a new one, in both orders; and once more, which changes nothing."""
    archives = [node.archive for node in nodes]
    for name, order in (("in-order", archives), ("turned", archives[::-1])):
        into = folder / name / "archive.db"
        merge(into, *order)
        before = raw(into)
        merge(into, *order)
        assert raw(into) == before
        assert damage(into) == []
        captured = "SELECT url, fetched_at, warc, offset FROM captures"
        assert sorted(rows(into, captured)) == sorted(row for archive in archives for row in rows(archive, captured))
        yield into


def articles(archive):
    return sorted(row[0] for row in rows(archive, "SELECT url FROM articles"))


def all_of(*papers):
    return sorted(paper.address(slug) for paper in papers for slug in paper.posts)


def test_it_is_deployed_as_it_is_and_leaves_nothing_behind(node):
    here = node.deploy()
    assert sorted(path.name for path in here.iterdir()) == sorted(path.name for path in DEPLOY.iterdir())
    assert {"ewb", "p0", "p1", "p2"} <= set(node.spiders())


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl here")
def test_outlets_are_shared_out_and_all_archived_once(nodes, papers, tmp_path):
    shares = {"p0": nodes[0], "p1": nodes[1], "p2": nodes[0]}
    lines = [f"{outlet} {node.url.rstrip('/')}\n" for outlet, node in shares.items()]
    (tmp_path / "shares.txt").write_text("".join(["# outlet node\n", *lines, lines[1].replace("p1", "nosuch")]))
    script = [DEPLOY / "schedule", tmp_path / "shares.txt"]
    ran = subprocess.run(script, env=nodes[0].environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, "spider 'nosuch' not found" in ran.stderr, len(ran.stderr.splitlines())) == (1, True, 1)
    for node, runs in zip(nodes, (2, 1), strict=True):
        until(lambda: len(node.ask("listjobs")["finished"]) == runs)  # noqa: B023
    for into in merged(tmp_path, nodes):
        assert articles(into) == all_of(*papers)
        assert rows(into, "SELECT outlet, new, outcome FROM runs ORDER BY 1") == [
            (outlet, POSTS, "finished") for outlet in shares
        ]
    assert [len(pages(paper)) for paper in papers] == [POSTS] * 3


@pytest.mark.parametrize("merged_first", [False, True], ids=["without its archive", "with its archive"])
def test_the_outlet_of_a_killed_node_goes_on_elsewhere(merged_first, nodes, papers, tmp_path):
    paper, (one, other) = papers[0], nodes

    def kill_in_the_middle(path):
        if len(pages(paper)) == POSTS // 2:
            one.kill()

    paper.bend = kill_in_the_middle
    one.schedule("p0")
    assert one.daemon.wait(60) < 0
    until(lambda: len(pages(paper)) >= POSTS // 2)
    paper.bend = lambda path: None
    assert 0 < len(articles(one.archive)) < POSTS
    if merged_first:
        merge(other.archive, one.archive)
    asked = len(pages(paper))
    assert "Spider closed (finished)" in other.end_of("p0", other.schedule("p0"))
    if merged_first:
        assert len(pages(paper)) <= POSTS + 2
        assert articles(other.archive) == all_of(paper)
        assert damage(other.archive) == []
    else:
        assert len(pages(paper)) == asked + POSTS
        for into in merged(tmp_path, nodes):
            assert articles(into) == all_of(paper)
            assert set(rows(into, "SELECT outcome FROM runs")) == {(None,), ("finished",)}


def test_the_same_outlet_on_two_nodes_by_mistake(nodes, papers, tmp_path):
    jobs = [node.schedule("p0") for node in nodes]
    for node, job in zip(nodes, jobs, strict=True):
        assert "Spider closed (finished)" in node.end_of("p0", job)
    for into in merged(tmp_path, nodes):
        assert articles(into) == all_of(papers[0])
        assert rows(into, "SELECT DISTINCT count(*) FROM captures WHERE article IS NOT NULL GROUP BY article") == [(2,)]
        assert rows(into, "SELECT count(*) FROM runs") == [(2,)]
        assert rows(into, "SELECT count(*) FROM revisions") == [(0,)]


def test_a_job_scheduled_twice_says_that_the_other_is_busy_and_asks_for_nothing(node, papers):
    paper, second = papers[0], []

    def schedule_again(path):
        if path.startswith("/2024") and not second:
            second.append(node.schedule("p0"))
            said.append(node.end_of("p0", second[0]))

    said = []
    paper.bend = schedule_again
    assert "Spider closed (finished)" in node.end_of("p0", node.schedule("p0"))
    assert f"ArchiveBusy: another run of p0 is writing to {node.archive}" in said[0]
    assert len(pages(paper)) == POSTS
    assert rows(node.archive, "SELECT count(*) FROM runs") == [(1,)]


@pytest.mark.parametrize("told", ["INT", "TERM"])
def test_a_cancelled_job_ends_well_and_the_next_goes_on(told, node, papers):
    paper = papers[0]

    def cancel(path):
        if len(pages(paper)) == POSTS // 2:
            node.ask("cancel", {"project": "ewbscraper", "job": "first", "signal": told})

    paper.bend = cancel
    assert "Spider closed (shutdown)" in node.end_of("p0", node.schedule("p0", jobid="first"))
    assert articles(node.archive)
    paper.bend = lambda path: None
    assert "Spider closed (finished)" in node.end_of("p0", node.schedule("p0"))
    assert articles(node.archive) == all_of(paper)
    assert len(pages(paper)) == POSTS
    assert rows(node.archive, "SELECT outcome FROM runs ORDER BY id") == [("shutdown",), ("finished",)]
    assert damage(node.archive) == []


def test_an_outlet_of_which_only_the_address_is_known_is_crawled_once_by_hand_and_is_listed_then(node, papers):
    (node.archive.parent / "outlets" / "p0.py").unlink()
    paper = papers[0]
    once = [sys.executable, "-m", "ewbscraper", "crawl", paper.home, "--limit", "1"]
    subprocess.run(once, cwd=node.folder, env=node.environment, check=True, capture_output=True)
    (slug,) = {slug for (slug,) in rows(node.archive, "SELECT slug FROM outlets")}
    node.deploy()
    assert slug in node.spiders()
    assert "Spider closed (finished)" in node.end_of(slug, node.schedule(slug))
    assert articles(node.archive) == all_of(paper)


def test_the_last_line_of_the_shares_counts_without_its_line_break(tmp_path):
    curl = tmp_path / "curl"
    curl.write_text('#!/bin/sh\necho "$@" >> asked\necho \'{"status": "ok"}\'\n')
    curl.chmod(0o755)
    (tmp_path / "shares.txt").write_text("p0 http://a\n# of the other\np1 http://b")
    script = [DEPLOY / "schedule", "shares.txt"]
    subprocess.run(script, cwd=tmp_path, env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=True, timeout=30)
    asked = (tmp_path / "asked").read_text()
    assert asked.count("schedule.json") == 2
    assert "spider=p1" in asked
