"""A bar on a terminal: what a command says is on lines of its own."""

import io
import re
import sys

import pytest
from kept import keep

from ewbscraper.cli import main


class Terminal(io.StringIO):
    """Both streams of a command, as a person sees them."""

    def isatty(self) -> bool:
        return True

    def rows(self) -> list[str]:
        """What stands in each row in the end, a bar drawn anew over the one before."""
        drawn = self.getvalue().replace("\033[?25l", "").replace("\033[?25h", "").replace("\033[K", "")
        return [row.split("\r")[-1] for row in drawn.rstrip("\n").split("\n")]


@pytest.mark.parametrize("lost", [False, True])
def test_what_verify_says_stands_in_rows_of_its_own(tmp_path, monkeypatch, lost):
    keep(tmp_path, editions=1)
    if lost:
        next(tmp_path.rglob("*.warc.gz")).unlink()
    terminal = Terminal()
    for stream in ("stdout", "stderr"):
        monkeypatch.setattr(sys, stream, terminal)
    with pytest.raises(SystemExit) as end:
        main(["verify", "--archive", str(tmp_path / "archive.db")], standalone_mode=False)
    said = [row for row in terminal.rows() if row and not row.startswith("Verifying  [")]
    assert "Verifying  [" in terminal.getvalue()
    assert said[-1].startswith("Damaged in " if lost else "Whole: ")
    assert [row for row in said[:-1] if not re.match(r"(Note: )?(warc/|https:)\S+: ", row)] == []
    assert len(said) > lost
    assert end.value.code == lost
