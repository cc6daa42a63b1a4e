"""Commands as a person types them, each in a process of its own."""

import os
import subprocess
import sys
import tempfile
from io import FileIO, TextIOWrapper
from pathlib import Path
from subprocess import CompletedProcess

from click.testing import CliRunner

from ewbscraper.processes import fresh

LONGEST = 120
"""Seconds that a command may take."""


def ewbscraper(*words, folder, stdin=None, **environment):
    """Runs it in a folder: forked from a process that has imported all, or begun anew where its environment counts."""
    if environment:
        return begun(*words, folder=folder, stdin=stdin, **environment)
    with tempfile.TemporaryDirectory() as said:
        (Path(said) / "0").write_text(stdin or "", encoding="utf-8")
        process = fresh().Process(target=_run, args=([str(word) for word in words], folder, said))
        process.start()
        process.join(LONGEST)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(words, LONGEST)
        out, err = ((Path(said) / name).read_text("utf-8") for name in "12")
    return CompletedProcess(words, process.exitcode, out, err)


def begun(*words, folder, stdin=None, **environment):
    """The same by Python's own start."""
    return subprocess.run(
        [sys.executable, "-m", "ewbscraper", *words],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        check=False,
    )


def _run(words, folder, said):
    os.chdir(folder)
    for number, how in enumerate((os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)):
        os.dup2(os.open(f"{said}/{number}", how), number)
    sys.stdin, sys.stdout, sys.stderr = (
        TextIOWrapper(FileIO(number, mode, closefd=False), encoding="utf-8", write_through=True)
        for number, mode in enumerate("rww")
    )
    from ewbscraper.cli import main

    main(words, prog_name="ewbscraper")


def run(*words):
    """A command in this process; what it printed."""
    from ewbscraper.cli import main

    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.stdout
