"""Archives of machines that crawled side by side, also as they should not: nothing doubled, nothing lost, all named."""

import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from archives import OUTLET
from docs_code import blocks
from kept import ENDED, SLUGS, STARTED, by_hand, copied, damage, keep, merge, notes, rows, run_of, run_on
from machines import join, machine, raw

from ewbscraper.archive import runs, times
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.frontier import links as frontier
from ewbscraper.archive.takedown.withhold import withhold
from ewbscraper.archive.warc import writer as warc_writer
from ewbscraper.archive.warc.seals import read_seals


class SameMoment(datetime):
    """Every file is opened at once, as where its name has no more than the second."""

    @classmethod
    def now(cls, tz=None):
        return cls(2024, 3, 1, 8, tzinfo=UTC)


def both_orders(tmp_path, one, two):
    """Both merged into a new archive, in both orders; and once more, which changes nothing."""
    for name, order in (("a", (one, two)), ("b", (two, one))):
        into = tmp_path / name / "archive.db"
        join(into, *order)
        before = raw(into)
        join(into, *order)
        assert raw(into) == before
        yield into


@pytest.mark.parametrize("named_alike", [False, True])
@pytest.mark.parametrize("ended", [(), ("one",), ("two",), ("one", "two")], ids="-".join)
def test_two_machines_that_began_in_the_same_second_have_two_runs(tmp_path, monkeypatch, named_alike, ended):
    if named_alike:
        monkeypatch.setattr(warc_writer, "datetime", SameMoment)
    one, two = keep(tmp_path / "one"), keep(tmp_path / "two")
    for path in (one, two):
        if path.parent.name in ended:
            by_hand(path, ENDED)
    for into in both_orders(tmp_path, one, two):
        assert (damage(into), notes(into)) == ([], [])
        assert rows(into, "SELECT started, count(*) FROM runs GROUP BY 1") == [(STARTED.format(n), 2) for n in (1, 2)]
        assert rows(into, "SELECT count(*) FROM runs WHERE finished IS NOT NULL") == [(2 * len(ended),)]
        assert rows(into, "SELECT count(*), count(DISTINCT warc), count(DISTINCT url) FROM captures") == [(12, 4, 3)]


def test_a_run_that_is_copied_while_it_goes_on_is_whole_at_each_merge(tmp_path):
    node, into = keep(tmp_path / "node", editions=1), tmp_path / "all" / "archive.db"
    for slugs, ended in (("ab", False), ("cd", False), ("ef", True)):
        run_on(node, 2, slugs, ended=ended)
        merge(into, copied(node, tmp_path / "copy"))
        assert (damage(into), notes(into)) == ([], [])
    before = raw(into)
    merge(into, copied(node, tmp_path / "copy"))
    assert raw(into) == before
    assert [seal.captures for _, _, seal in read_seals(into.with_name("seals.txt"))] == [3, 2, 4, 6]
    assert rows(into, "SELECT count(*), count(finished) FROM runs") == [(2, 1)]


def test_a_run_that_was_killed_counts_what_came_last(tmp_path):
    """Its node's last copy went to another node, which merged it; the rest came from its disk."""
    dead = keep(tmp_path / "dead", editions=1)
    gazette = keep(tmp_path / "other", outlet=replace(OUTLET, slug="gazette", home="https://gazette.example/"))
    run_on(dead, 2, "ab")
    by_hand(dead, "UPDATE runs SET requests = 2, new = 2 WHERE id = 2")
    merge(gazette, copied(dead, tmp_path / "copy"))
    run_on(dead, 2, "cd")
    by_hand(dead, "UPDATE runs SET requests = 4, new = 4 WHERE id = 2")
    for into, order in (
        (tmp_path / "a" / "archive.db", (gazette, dead)),
        (tmp_path / "b" / "archive.db", (dead, gazette)),
    ):
        merge(into, *order)
        assert (damage(into), notes(into)) == ([], [])
        assert rows(into, "SELECT requests, new FROM runs WHERE new > 0") == [(4, 4)]
        assert rows(into, "SELECT count(*) FROM captures JOIN runs ON runs.id = run WHERE outlet = 'courier'") == [(7,)]


def test_a_run_that_the_next_one_found_killed_is_killed_where_it_was_merged_before(tmp_path):
    dead = keep(tmp_path / "dead", editions=1)
    run_on(dead, 2, "ab")
    before, one, two = copied(dead, tmp_path / "copy"), tmp_path / "a" / "archive.db", tmp_path / "b" / "archive.db"
    by_hand(dead, "UPDATE runs SET outcome = 'killed' WHERE finished IS NULL")
    for into, order in ((one, (before, dead)), (two, (dead, before))):
        merge(into, *order)
        assert rows(into, "SELECT outcome FROM runs") == [("killed",), ("killed",)]


def test_which_run_found_a_newer_text_is_known_where_the_text_before_had_come_earlier(tmp_path):
    node, into = keep(tmp_path / "node", editions=1), tmp_path / "all" / "archive.db"
    merge(into, node)
    with closing(create(node)) as db:
        run_of(db, node, 2)
    merge(into, node)
    found = "SELECT seen_from, started FROM revisions LEFT JOIN runs ON runs.id = run"
    assert rows(into, found) == rows(node, found) == [("2024-03-01T08:00:00Z", "2024-03-02T08:00:00Z")] * 3


def test_what_is_added_to_a_run_that_was_sealed_is_damage(tmp_path):
    path = keep(tmp_path)
    columns = "url, run, article, status, sha256, bytes, warc, length, page"
    by_hand(
        path,
        f"INSERT INTO captures ({columns}, fetched_at, offset) SELECT {columns}, '2024-05-01T00:00:00Z', offset + 9999"
        " FROM captures WHERE id = 6",
    )
    assert any("seals 3 captures of run 2 in it, the archive has 4" in line for line in damage(path))


def test_a_run_merged_while_it_went_on_is_proven_by_the_page_of_evidence(tmp_path):
    node, into = keep(tmp_path / "node", editions=1), tmp_path / "all" / "archive.db"
    for slugs, ended in (("ab", False), ("cd", True)):
        run_on(node, 2, slugs, ended=ended)
        merge(into, copied(node, tmp_path / "copy"))
    (code,) = blocks("python", "## Seals")
    check = [sys.executable, "-I", "-W", "ignore", "-c", code]
    subprocess.run(check, cwd=into.parent, check=True)
    by_hand(into, "DELETE FROM captures WHERE id = (SELECT max(id) FROM captures)")
    assert subprocess.run(check, cwd=into.parent, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("at_once", [False, True])
def test_two_texts_by_other_rules_are_named_and_the_one_that_was_seen_later_stands(tmp_path, at_once):
    one, two = (
        machine(tmp_path / name, [(day, "bridge", f"text by {name}"), (day, "toll", "text alike")])
        for name, day in (("one", 1), ("two", 1 if at_once else 2))
    )
    for path, rules in ((one, "0123"), (two, "4567")):
        by_hand(path, f"INSERT INTO readings SELECT id, '{rules}' FROM articles")
    stand = set()
    for into, order in ((tmp_path / "a.db", (one, two)), (tmp_path / "b.db", (two, one))):
        said = "".join(str(join(into, other)["conflicts"]) for other in order)
        assert "1 articles of courier have one text here and another there, each read by other rules" in said
        assert "ewbscraper reparse courier" in said
        stand.add(
            tuple(rows(into, "SELECT body, extraction FROM articles JOIN readings ON article = id ORDER BY 1 DESC"))
        )
        assert {body for (body,) in rows(into, "SELECT body FROM revisions")} < {"text by one", "text by two"}
        assert not any(join(into, other)["conflicts"] for other in order)
    assert len(stand) == 1
    if not at_once:
        assert stand == {(("text by two", "4567"), ("text alike", "4567"))}


def test_a_wait_and_looks_by_a_clock_a_year_ahead_do_not_last_for_a_year(tmp_path, monkeypatch):
    """Nor do they hide what the site has asked of another machine."""
    one = machine(tmp_path / "one", [(1, "bridge", "text")])
    ahead = times.later(times.utc_now(), timedelta(days=365))
    monkeypatch.setattr(frontier, "utc_now", lambda: ahead)
    two = machine(tmp_path / "two", [(1, "toll", "text of the toll")])
    monkeypatch.undo()
    soon = times.later(times.utc_now(), timedelta(minutes=30))
    for path, until in ((one, soon), (two, ahead)):
        by_hand(path, f"UPDATE runs SET wait_until = '{until}'")
    join(one, two)
    with closing(create(one)) as db, transaction(db):
        assert runs.wait_until(db, "courier") == soon
        run = runs.open_run(db, "courier", "test")
        assert [due.url for due in frontier.Frontier(db, "courier", run).due(9)] == [f"{OUTLET.home}toll/"]


NOW = datetime.now(UTC)
CLOCKS = {
    "right": (timedelta(), timedelta(), None),
    "an hour ahead": (timedelta(hours=1), timedelta(), "still to come"),
    "a year ahead": (timedelta(days=365), timedelta(), "dated up to 365 days later than its server's clock says"),
    "an hour back": (timedelta(hours=-1), timedelta(), "dated up to 60 minutes earlier than its server's clock says"),
    "a year back": (timedelta(days=-365), timedelta(), "dated up to 365 days earlier than its server's clock says"),
    "an old page of a cache": (timedelta(), timedelta(hours=9), None),
}


def by_the_server(age=timedelta()):
    date = ("Date", format_datetime(NOW - age, usegmt=True))
    return [date, ("Age", str(age.seconds))] if age else [date]


@pytest.mark.parametrize("what", CLOCKS)
def test_a_wrong_clock_is_named_and_nothing_is_lost(tmp_path, monkeypatch, what):
    off, age, said = CLOCKS[what]
    one, two = keep(tmp_path / "one", editions=1), keep(tmp_path / "two", editions=1)
    run_on(one, 2, text="Right text of {}", sent=by_the_server(), ended=True)
    monkeypatch.setattr(warc_writer, "utc_now", lambda: (NOW + off).strftime(times.FORMAT))
    run_on(two, 2, text="Other text of {}", sent=by_the_server(age), ended=True)
    monkeypatch.undo()
    for into, order in ((tmp_path / "a" / "archive.db", (one, two)), (tmp_path / "b" / "archive.db", (two, one))):
        outputs = [merge(into, other, code=None) for other in order]
        assert ("clock was wrong" in "".join(outputs)) == bool(said), outputs
        assert (said or "") in "".join(outputs)
        assert rows(into, "SELECT count(*) FROM captures") == [(12,)]
        texts = {row[0] for row in rows(into, "SELECT body FROM articles UNION SELECT body FROM revisions")}
        assert {f"{who} text of {slug}" for who in ("Right", "Other") for slug in SLUGS} <= texts
        assert damage(into) == []


@pytest.mark.parametrize("when", ["while it went on", "before it was merged"])
def test_what_is_withheld_of_a_run_that_goes_on_is_no_damage(tmp_path, when):
    node, into = keep(tmp_path / "node", editions=1), tmp_path / "all" / "archive.db"
    run_on(node, 2, "ab")
    merge(into, copied(node, tmp_path / "copy"))
    if when == "before it was merged":
        run_on(node, 2, "cd")
        merge(into, copied(node, tmp_path / "copy"))
    withhold(into, f"{OUTLET.home}a/", reason="Asked for", requested_by="A. B.")
    assert damage(into) == []
    run_on(node, 2, "ef", ended=True)
    merge(into, copied(node, tmp_path / "copy"))
    assert (damage(into), notes(into)) == ([], [])
    (code,) = blocks("python", "## Seals")
    subprocess.run([sys.executable, "-I", "-W", "ignore", "-c", code], cwd=into.parent, check=True)
