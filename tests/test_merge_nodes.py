"""Archives of machines that crawled side by side, also as they should not: nothing doubled, nothing lost, all named."""

from datetime import UTC, datetime

import pytest
from kept import STARTED, by_hand, damage, keep, notes, rows
from test_merge import join, raw

from ewbscraper.archive import warc_writer

ENDED = "UPDATE runs SET finished = '2024-03-02T09:00:00Z', outcome = 'finished', new = 3"


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
