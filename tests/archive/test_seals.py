"""Whoever keeps one line of seals.txt can show that nothing before it was changed."""

import json
import re
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from hashlib import sha256

import pytest
from archives import OUTLET
from docs_code import blocks
from kept import by_hand, damage, keep, notes, run_of
from small_paper import SmallPaper

from ewbscraper.archive import runs
from ewbscraper.archive.database import create
from ewbscraper.archive.takedown.withhold import withhold
from ewbscraper.archive.warc.chain import FIRST
from ewbscraper.archive.warc.seals import leaf_hash, merkle_root, read_seals, seal
from ewbscraper.crawl.running.runner import CrawlOptions, crawl, in_child
from ewbscraper.processes import fresh


def seals(path):
    return [one for _, _, one in read_seals(path.with_name("seals.txt"))]


@pytest.mark.parametrize(
    ("number", "root"),
    [
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ],
)
def test_the_tree_is_that_of_certificate_transparency(number, root):
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    assert merkle_root(leaf_hash(bytes.fromhex(leaf)) for leaf in leaves[:number]) == (number, root)


def test_a_line_for_each_run_names_the_line_before(tmp_path):
    path = keep(tmp_path, editions=3)
    first, second, _ = seals(path)
    raw = path.with_name("seals.txt").read_bytes().splitlines(keepends=True)
    assert (first.run, first.captures, first.previous) == (1, 3, FIRST)
    assert second.previous == sha256(raw[0]).hexdigest()
    assert second.sha256 == sha256((tmp_path / second.warc).read_bytes()).hexdigest()


def test_a_run_that_captured_nothing_has_no_line(tmp_path):
    path = keep(tmp_path, editions=1)
    with closing(create(path)) as db:
        runs.open_run(db, OUTLET.slug, "test")
        seal(db, path, OUTLET.slug)
        seal(db, path, OUTLET.slug)
    assert len(seals(path)) == 1


def test_what_a_killed_run_left_is_sealed_by_the_next(tmp_path):
    path = keep(tmp_path, editions=1)
    with closing(create(path)) as db:
        run_of(db, path, 2, sealed=False)
        assert any("3 captures of courier are not sealed yet" in note for note in notes(path))
        run_of(db, path, 3)
    assert [one.run for one in seals(path)] == [1, 2, 3]
    assert (damage(path), notes(path)) == ([], [])


def test_half_a_line_of_a_writer_that_was_killed_is_cut_off(tmp_path):
    path = keep(tmp_path, editions=1)
    file = path.with_name("seals.txt")
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:100])
    with closing(create(path)) as db:
        run_of(db, path, 2)
    assert file.read_bytes().startswith(whole)
    assert ([one.run for one in seals(path)], damage(path)) == ([1, 2], [])


def test_a_first_line_that_is_not_whole_is_written_again(tmp_path):
    path = keep(tmp_path, editions=1)
    file = path.with_name("seals.txt")
    file.write_bytes(file.read_bytes()[:-1])
    by_hand(path, "DELETE FROM about WHERE key LIKE 'sealed%'")
    with closing(create(path)) as db:
        run_of(db, path, 2)
    assert ([one.run for one in seals(path)], damage(path)) == ([1, 2], [])


def test_a_kill_between_line_and_row_writes_the_line_twice_and_no_harm(tmp_path):
    path = keep(tmp_path, editions=1)
    by_hand(path, "DELETE FROM about WHERE key LIKE 'sealed%'")
    with closing(create(path)) as db:
        run_of(db, path, 2)
    assert [one.run for one in seals(path)] == [1, 1, 2]
    assert damage(path) == []


def test_a_page_that_is_gone_before_it_was_sealed_does_not_stop_the_run(tmp_path):
    path = keep(tmp_path, editions=1)
    with closing(create(path)) as db:
        run_of(db, path, 2, sealed=False)
        (lost,) = tmp_path.glob("warc/*/*/*-2.warc.gz")
        lost.unlink()
        run_of(db, path, 3)
    assert [one.sha256 is None for one in seals(path)] == [False, True, False]
    assert len(damage(path)) == 3


def append(folder, slug):
    keep(folder, editions=15, name=f"{slug}.db", outlet=replace(OUTLET, slug=slug))


def test_runs_of_two_archives_in_one_folder_make_one_chain(tmp_path):
    context = fresh()
    writers = [context.Process(target=append, args=(tmp_path, slug)) for slug in ("one", "two")]
    for process in writers:
        process.start()
    for process in writers:
        process.join(120)
    assert sorted(one.outlet for one in seals(tmp_path / "one.db")) == ["one"] * 15 + ["two"] * 15
    for name in ("one.db", "two.db"):
        assert damage(tmp_path / name) == []


def test_the_lines_of_a_merged_archive_are_a_chain_of_their_own(tmp_path):
    path = keep(tmp_path, editions=2)
    other = tmp_path / "seals-other.txt"
    other.write_bytes(path.with_name("seals.txt").read_bytes())
    by_hand(path, "UPDATE captures SET id = id + 100", "UPDATE revisions SET capture = capture + 100")
    assert damage(path) == []
    other.write_bytes(other.read_bytes().replace(b'"run":1', b'"run":7'))
    assert ["seals-other.txt: line 2 does not name" in line for line in damage(path)] == [True]


def test_a_crawl_seals_its_run(tmp_path):
    paper = SmallPaper(posts=3)
    try:
        for _ in range(2):
            in_child(crawl, tmp_path / "archive.db", [paper.outlet], CrawlOptions(recheck=True))
    finally:
        paper.close()
    assert [one.run for one in seals(tmp_path / "archive.db")] == [1, 2]
    assert (damage(tmp_path / "archive.db"), notes(tmp_path / "archive.db")) == ([], [])


def test_the_python_of_the_page_checks_all_of_it(tmp_path):
    path = keep(tmp_path, editions=3)
    (code,) = blocks("python", "## Seals")
    check = [sys.executable, "-I", "-W", "ignore", "-c", code]
    subprocess.run(check, cwd=tmp_path, check=True)
    withhold(path, "2", reason="Asked for", requested_by="A. B.")
    subprocess.run(check, cwd=tmp_path, check=True)
    by_hand(path, "UPDATE captures SET fetched_at = '2020-01-01T00:00:00Z' WHERE id = 4")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="no sha256sum here")
def test_the_shell_of_the_page_shows_the_chain(tmp_path):
    path = keep(tmp_path, editions=2)
    path.with_name("line.txt").write_bytes(path.with_name("seals.txt").read_bytes().splitlines(keepends=True)[0])
    shown = subprocess.run(["sh", "-c", blocks("sh")[0]], cwd=tmp_path, capture_output=True, text=True, check=True)
    found, previous, *warcs = shown.stdout.splitlines()
    first, second = seals(path)
    assert (found[:2], previous.split()[0]) == ("1:", second.previous)
    assert [line.split() for line in warcs] == [[first.sha256, first.warc], [second.sha256, second.warc]]


TSA = """
[tsa]
default_tsa = here
[here]
serial = {0}/serial
signer_cert = {0}/tsa.pem
certs = {0}/tsa-ca.pem
signer_key = {0}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
[extensions]
extendedKeyUsage = critical,timeStamping
"""


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here")
def test_the_time_stamp_of_the_page_is_made_and_verified(tmp_path):
    """With an authority of our own in place of the one that curl would ask."""
    keep(tmp_path, editions=2)
    (tmp_path / "tsa.cnf").write_text(TSA.format(tmp_path))
    (tmp_path / "serial").write_text("01\n")

    def sh(*commands):
        return subprocess.run(
            ["sh", "-ec", "\n".join(commands)], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    made = sh(
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out tsa-ca.pem -subj '/CN=An authority' -days 2",
        "openssl req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj '/CN=Its stamps'",
        "openssl x509 -req -in tsa.csr -CA tsa-ca.pem -CAkey ca.key -CAcreateserial -days 2"
        " -extfile tsa.cnf -extensions extensions -out tsa.pem",
    )
    assert made.returncode == 0, made.stderr
    stamp, verify = blocks("sh", "### Stamped")
    answer = "openssl ts -reply -queryfile line.tsq -config tsa.cnf -out line.tsr"
    stamped = sh(re.sub("(?m)^curl .*$", answer, stamp))
    assert stamped.returncode == 0, stamped.stderr
    assert "Verification: OK" in sh(verify).stdout
    line = tmp_path / "line.txt"
    assert json.loads(line.read_text())["run"] == 2
    line.write_text(line.read_text().replace('"captures":3', '"captures":2'))
    assert sh(verify).returncode != 0
