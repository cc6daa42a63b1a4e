"""Two machines that define one newspaper differently."""

from contextlib import closing
from dataclasses import replace

import pytest
from archives import OUTLET, new_archive

from ewbscraper.archive.database import read
from ewbscraper.archive.merge.archives import merge
from ewbscraper.outlet import Feed


@pytest.fixture
def joined(tmp_path):
    """What a merge says, and the outlet's row after it."""

    def join(ours, theirs):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        for name, outlet in (("ours.db", ours), ("theirs.db", theirs)):
            new_archive(folder / name, outlet)[0].close()
        said = merge(folder / "ours.db", folder / "theirs.db", print, print, without_warcs=True)["conflicts"]
        with closing(read(folder / "ours.db")) as db:
            return said, dict(db.execute("SELECT name, home, language, sources FROM outlets").fetchone())

    return join


HERE = replace(OUTLET, name="The Courier", language="en", sources=(Feed("/feed/"),))
THERE = replace(OUTLET, name="Courier", language="en", sources=(Feed("/rss/"),), found_at="2024-03-01T08:00:00Z")


def test_definitions_that_differ_are_named_and_one_is_kept_whichever_way_they_are_merged(joined):
    (one,), kept = joined(HERE, THERE)
    (other,), again = joined(THERE, HERE)
    assert kept == again
    assert kept["name"] in ("The Courier", "Courier")
    end = f"; kept: {kept['name']}, https://courier.example/"
    assert one == "definitions of courier differ: name 'The Courier' here, 'Courier' there" + end
    assert other == "definitions of courier differ: name 'Courier' here, 'The Courier' there" + end


def test_the_same_definition_is_no_conflict(joined):
    assert joined(HERE, HERE)[0] == []
