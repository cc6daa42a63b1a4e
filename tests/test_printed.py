"""What the pages show as printed is what is printed. `pytest --update-pages` writes it anew, where it is not."""

import shutil
import time

import pytest
from checkout import PROJECT
from click.testing import CliRunner
from printed import EXAMPLE, Page, commands, kept, masked

from ewbscraper.cli import main

PAGES = [path for path in sorted(PROJECT.glob("docs/*.md")) if EXAMPLE.search(path.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A folder in which the demo was run."""
    folder = tmp_path_factory.mktemp("demo")
    done = CliRunner().invoke(main, ["demo", "--no-serve", "--archive", str(folder / "archive.db")])
    assert done.exit_code == 0, done.output
    time.sleep(1 - time.time() % 1)  # seals of a merge in the very second of the demo's are the demo's own lines
    return folder


DEAR = ("add-an-outlet.md", "analyse.md", "cite.md", "evidence.md")
"""Pages whose examples crawl, or import other tools: seconds each."""


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[pytest.mark.slow] if path.name in DEAR else [], id=path.name) for path in PAGES],
)
def test_a_page_shows_what_its_commands_print(path, demo, tmp_path, request):
    page = Page(path.read_text(encoding="utf-8"), shutil.copytree(demo, tmp_path / "news"))
    printed = page.printed()
    if request.config.getoption("--update-pages"):
        path.write_text(printed, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == printed
    if page.left_out:
        pytest.skip(f"not tried, for want of {', '.join(sorted(page.left_out))}; the rest of the page is right")


def test_a_page_with_an_example_that_is_not_true_any_more_is_of_one_run(tmp_path):
    (tmp_path / "news").mkdir()
    page = Page(
        "Hear:\n\n```console\n$ echo 'a\nb' | tail -n 1\nc\n$ echo 2026-11-30\n2026-11-29\n```\n\n"
        "```python\nprint(1)\n```\n\n```\n2\n```\n\n```sh\nfalse\n```\n",
        tmp_path / "news",
    )
    whole = page.text.replace("\nc\n", "\nb\n").replace("\n2\n", "\n1\n").replace("-29", "-30")
    assert page.printed() == whole
    page.text = whole.replace("-30\n```", "-29\n```")
    assert page.printed() == page.text


def test_what_was_left_out_stays_left_out():
    assert kept("1\n…\n4\n", "1\n2\n3\n4\n") == "1\n…\n4\n"
    assert kept("1\n…\n", "5\n6\n7\n") == "5\n…\n"
    assert kept("1\n…\n4\n", "1\n4\n") == "1\n4\n"


def test_only_what_is_another_each_time_is_masked():
    assert masked("2 of 3 in 1.4 s, 2026-11-17T10:30:00Z") == "2 of 3 in N s, 2026-11-17T10:30:00Z"
    assert masked("2027-01-02T10:30:00Z 2027/01/02 [\n  2027,\n  1,\n  2\n]") == "TODAY TODAY [\n  TODAY\n]"


def test_a_command_goes_on_while_a_quote_is_open():
    assert commands('$ query "select\n  1"\n[1]\n$ ls \\\n  a\n') == [
        ('query "select\n  1"', "[1]\n"),
        ("ls \\\n  a", ""),
    ]
