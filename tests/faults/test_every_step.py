"""kill -9 at the steps of each command that writes: what is there is whole, the same command again does the rest."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import old_archives
import pytest
import steps
import whole
from archives import OUTLET
from kept import keep, run_of
from other_tools import DEFINITION, Warc, page
from picture_paper import PicturePaper
from small_paper import SmallPaper

from ewbscraper.archive.database import create, read
from ewbscraper.archive.warc.seals import seal
from ewbscraper.outlet import Outlet

PERHAPS = {"said", "steps", "archive.db-wal", "archive.db-shm"}
OTHER = Outlet(slug="daily", name="The Daily", home="https://daily.example/", sources=())


@dataclass
class Trial:
    """A command, killed at one step after another in a fresh copy of the same folder."""

    template: Path
    words: steps.Command
    holds: Callable[[Path], object]
    """What must be the same after a kill and the same command again as without a kill; gets the folder."""
    between: Callable[[Path], object] = lambda folder: None
    """What must hold right after the kill."""
    stride: int = 1
    """How many steps from one kill to the next."""
    upgrades: bool = False
    """An archive of before, without its WARCs: until it is upgraded, its index is of before, too."""

    def all_steps(self, scratch: Path) -> int:
        """Returns how often it was killed."""
        undisturbed = self._copy(scratch / "undisturbed")
        number = steps.steps_of(self.words, undisturbed)
        whole.assert_whole(undisturbed / "archive.db", quick=self.upgrades)
        wanted = self.holds(undisturbed), self._left(undisturbed)
        kills = range(1, number + 1, self.stride)
        for kill_at in kills:
            folder = self._copy(scratch / "killed")
            steps.command(self.words, folder, kill_at)
            if (folder / "archive.db").exists() and not self.upgrades:
                whole.assert_whole(folder / "archive.db", quick=self.upgrades)
            self.between(folder)
            again = steps.command(self.words, folder)
            assert (again.code == 0, "Traceback" in again.said) == (True, False), (kill_at, again)
            whole.assert_whole(folder / "archive.db", quick=self.upgrades)
            assert self.holds(folder) == wanted[0], f"killed at step {kill_at} of {number}"
            assert self._left(folder) == wanted[1], f"killed at step {kill_at} of {number}"
        return len(kills)

    def _copy(self, folder: Path) -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        return shutil.copytree(self.template, folder)

    def _left(self, folder: Path) -> set[str]:
        return {name for name in whole.files(folder) if not name.startswith("warc/small/")} - PERHAPS


@pytest.fixture
def template(tmp_path):
    folder = tmp_path / "template"
    folder.mkdir()
    return folder


def texts(folder):
    return whole.texts(folder / "archive.db")


def tables(folder):
    return whole.tables(folder / "archive.db")


@pytest.fixture
def paper():
    paper = SmallPaper(posts=3)
    yield paper
    paper.close()


def crawled(paper, template, *words):
    whole.define(template, paper.home)
    assert steps.command(["crawl", "small", *words], template).code == 0


@pytest.mark.slow
@pytest.mark.fault(
    "Faults",
    sent="`kill -9` at every ninth step of a first crawl: each commit, sync, write, rename, new file",
    must="no damage; the next run has every article once",
    found="a kill while the archive was made left a file that every later run refused",
)
def test_a_first_crawl(paper, template, tmp_path, meter):
    whole.define(template, paper.home)
    meter.tried(Trial(template, ["crawl", "small"], texts, stride=9).all_steps(tmp_path))


@pytest.mark.slow
@pytest.mark.fault(
    "Faults",
    sent="`kill -9` at every 17th step of a crawl with an edit, a removal and a new article",
    must="no damage; the next run has one revision, one removal, one new article",
)
def test_a_crawl_with_news(paper, template, tmp_path, meter):
    crawled(paper, template)
    paper.posts |= {"post-1": 1, "fresh": 0}
    del paper.posts["post-2"]
    meter.tried(Trial(template, ["crawl", "small"], texts, stride=17).all_steps(tmp_path))


@pytest.mark.slow
@pytest.mark.fault(
    "Faults",
    sent="`kill -9` at every 25th step of a crawl with pictures and styles",
    must="no damage; the next run has what is missing of them",
)
def test_a_crawl_with_pictures(template, tmp_path, meter):
    with closing(PicturePaper(posts=2)) as paper:
        whole.define(template, paper.home)
        meter.tried(Trial(template, ["crawl", "small", "--media"], texts, stride=25).all_steps(tmp_path))


@pytest.mark.slow
@pytest.mark.fault(
    "Faults",
    sent="`kill -9` at every step of a reparse by other rules",
    must="no damage; again, each article has one revision, and it is ours",
)
def test_a_reparse(paper, template, tmp_path, meter):
    paper.bend = lambda path: (
        (*paper.answer(path)[:2], paper.answer(path)[2].replace("<p>", "<p class=opening>It says.</p><p>"))
        if "post-" in path
        else None
    )
    crawled(paper, template)
    whole.define(template, paper.home, more=", leave_out='.opening'")
    trial = Trial(template, ["reparse", "--jobs", "1"], texts)
    meter.tried(trial.all_steps(tmp_path))
    assert len(texts(tmp_path / "killed")["revisions"]) == 3


@pytest.mark.slow
@pytest.mark.fault(
    "Faults",
    sent="`kill -9` at every fourth step of a merge of two outlets, one of them here already",
    must="no damage; again, all rows are as if it had not been killed",
)
def test_a_merge(template, tmp_path, meter):
    keep(template, editions=1)
    other = shutil.copytree(template, tmp_path / "other")
    with closing(create(other / "archive.db")) as db:
        run_of(db, other / "archive.db", 2)
    keep(other, editions=1, name="daily.db", outlet=OTHER)
    other = other.rename(template / "other")
    assert steps.command(["merge", "daily.db", "--archive", "archive.db"], other).code == 0
    meter.tried(Trial(template, ["merge", "other/archive.db"], tables, stride=4).all_steps(tmp_path))


@pytest.mark.slow
@pytest.mark.fault(
    "Faults",
    sent="`kill -9` at every fourth step of an import of another tool's WARC",
    must="no damage; again, each page is here once, with its date, and the run is sealed",
    found="one that was killed at its end was never sealed",
)
def test_an_import(template, tmp_path, meter):
    (template / "outlets").mkdir()
    (template / "outlets" / "courier.py").write_text(DEFINITION)
    warc = Warc().add("/a/", page("The bridge")).add("/b/", page("The toll")).add("/c/", page("The school"))
    warc.save(template / "old.warc.gz")
    meter.tried(Trial(template, ["import", "old.warc.gz"], tables, stride=4).all_steps(tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("old", old_archives.kept(), ids=lambda file: file.stem)
@pytest.mark.fault(
    "Faults",
    sent="`kill -9` at every third step of the upgrade of an archive of each older version, and of `reindex`",
    must="the archive opens, is upgraded whole, and lies beside as it was",
)
def test_an_upgrade(old, template, tmp_path, meter):
    archive = old_archives.restore(old.read_text(encoding="utf-8"), template / "archive.db")
    with closing(read(archive)) as db:
        before = old_archives.dump(db)

    def lies_beside(folder):
        for copy in folder.glob("archive.db.before-m???"):
            with closing(sqlite3.connect(copy)) as db:
                assert old_archives.dump(db) == before

    meter.tried(Trial(template, ["reindex"], tables, lies_beside, stride=3, upgrades=True).all_steps(tmp_path))


def sealed(folder):
    """What is sealed: a kill between the line and its row writes the line twice, and no harm."""
    lines = (folder / "seals.txt").read_text().splitlines()
    return {str({**json.loads(line), "sealed": "", "previous": ""}) for line in lines}


def seal_all(folder):
    """As the end of a run does it."""
    with closing(create(folder / "archive.db")) as db:
        seal(db, folder / "archive.db", OUTLET.slug)


@pytest.mark.slow
@pytest.mark.fault(
    "Faults",
    sent="`kill -9` at every step of sealing three runs",
    must="the chain is whole; again, each run is sealed (twice at most, where the kill fell between line and row)",
)
def test_a_seal(template, tmp_path, meter):
    keep(template, editions=3)
    (template / "seals.txt").unlink()
    with closing(create(template / "archive.db")) as db:
        db.execute("DELETE FROM about WHERE key LIKE 'sealed%'")
    meter.tried(Trial(template, seal_all, sealed).all_steps(tmp_path))


SHAPES = ("ndjson", "parquet", "text", "wacz")


def exported(folder):
    """All files of an export; when it was made aside."""
    if (folder / "out").is_file():
        with ZipFile(folder / "out") as file:
            assert file.testzip() is None
            return {one.filename: one.CRC for one in file.infolist() if "datapackage" not in one.filename}
    found = {path.relative_to(folder / "out"): path.read_bytes() for path in (folder / "out").rglob("*.*")}
    found[Path("datapackage.json")] = {**json.loads(found[Path("datapackage.json")]), "created": ""}
    timed = (".parquet", ".ndjson") if Path(".parts.ndjson") in found else ()
    return {path: content for path, content in found.items() if path.suffix not in timed}, set(found)


@pytest.mark.slow
@pytest.mark.parametrize("earlier", [False, True], ids=["new", "again"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.fault(
    "Faults",
    sent="`kill -9` at every fourth step of an export of each format, into a new folder or over an earlier export",
    must="again, it is as if it had not been killed, and nothing half lies about",
)
def test_an_export(shape, earlier, template, tmp_path, meter):
    keep(template, editions=1)
    words = ["export", "--format", shape, "out"]
    if earlier:
        assert steps.command(words, template).code == 0
        with closing(create(template / "archive.db")) as db:
            run_of(db, template / "archive.db", 2)
    meter.tried(Trial(template, words, exported, stride=4).all_steps(tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--without-text"]], ids=["whole", "without text"])
@pytest.mark.fault(
    "Faults",
    sent="`kill -9` at every step of a snapshot, with the texts and without",
    must="no half copy has its name; again, it is whole",
)
def test_a_snapshot(options, template, tmp_path, meter):
    keep(template)

    def copied(folder):
        return whole.tables(folder / "copy.db")

    def whole_or_none(folder):
        if (folder / "copy.db").exists():
            copied(folder)
            (folder / "copy.db").unlink()

    meter.tried(Trial(template, ["snapshot", "copy.db", *options], copied, whole_or_none).all_steps(tmp_path))
