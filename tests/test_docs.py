"""The docs say what is: their commands run, their outputs were printed, their tables are the schema's."""

import json
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
import yaml
from archives import new_archive
from checkout import PROJECT
from commands import run
from lxml import etree
from terminal import COLUMNS, picture

from ewbscraper.archive import runs
from ewbscraper.archive.frontier import again
from ewbscraper.archive.frontier import links as frontier
from ewbscraper.cli import main
from ewbscraper.crawl import settings
from ewbscraper.crawl.middlewares import pace
from ewbscraper.sample_site.server import SampleSite

PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").glob("*.md"))]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    archive = tmp_path_factory.mktemp("demo") / "archive.db"
    return archive, run("demo", "--no-serve", "--archive", str(archive))


def test_the_readme_is_short_and_shows_what_the_demo_prints(demo):
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 150
    for line in demo[1].splitlines():
        if not line.startswith(("Archive", "Try", "Real")):
            assert re.sub(r"\s+\d+\.\d s$", "", line) in readme


def test_the_query_of_the_readme_prints_what_the_readme_says(demo):
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    command = re.search(r'    (ewbscraper query "select.*?")\n', readme, re.DOTALL)[1]
    shown = re.search(r"```json\n(.*?)```", readme, re.DOTALL)[1]
    assert json.loads(run(*shlex.split(command)[1:], "--archive", str(demo[0]))) == json.loads(shown)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_that_a_page_names_exists(page):
    text = page.read_text(encoding="utf-8")
    for command in re.findall(r"(?:^|[\s`/])ewbscraper ((?:outlets )?[a-z]+)\b([^\n`|;]*)", text):
        words = [word for word in command[0].split() if word not in ("is", "a")]
        if words[0] not in main.commands:
            continue
        help_text = run(*words, "--help")
        for option in re.findall(r"(?<!\S)--[a-z-]+", command[1]):
            assert option in help_text, (page.name, command)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_pages_leads_somewhere(page):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_heading_leads_to_one(page):
    for target, heading in re.findall(r"\]\(([\w./-]*\.md)?#([^)]+)\)", page.read_text(encoding="utf-8")):
        text = (page.parent / target if target else page).read_text(encoding="utf-8")
        assert heading in map(anchor, re.findall(r"^#+ (.+)$", text, re.MULTILINE)), (target, heading)


def anchor(heading) -> str:
    """The name that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_page_of_tables_is_the_schema(tmp_path, request):
    """`pytest --update-pages` writes it again, below the glossary."""
    db, _ = new_archive(tmp_path / "archive.db")
    page = PROJECT / "docs" / "tables.md"
    wanted = re.sub("(?s)(?<=--update-pages -->\n).*", lambda _: tables(db), page.read_text(encoding="utf-8"))
    db.close()
    if request.config.getoption("--update-pages"):
        page.write_text(wanted, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == wanted


def test_the_rules_of_the_frontier_on_its_page_are_those_of_the_code(request):
    """`pytest --update-pages` writes its table again."""
    page = PROJECT / "docs" / "run-it-every-hour.md"
    text = re.sub("(?s)(?<=--update-pages -->\n).*(?=<!-- end)", rules(), page.read_text(encoding="utf-8"))
    if request.config.getoption("--update-pages"):
        page.write_text(text, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == text
    states = re.findall(r"^\| `([a-z ]+)` \|", text, re.MULTILINE)
    assert states == re.findall(r"^    ([a-z ]+?)  +\S", frontier.__doc__, re.MULTILINE)
    assert f"One address in {NUMBERS[frontier.SHARE]} is" in text


NUMBERS = {5: "five", 10: "ten"}


def rules() -> str:
    """Every wait, as the code has it."""
    waits = {
        "a page that failed": [minutes / 60 for minutes in again.BACK_OFF] + ["then given up"],
        "an article without a change": [*again.DECAY, "and so on"],
        "a page that is gone": [*again.SECOND_LOOKS, "and so on"],
        "a site that names no time with 429 or 503": [
            settings.EWB_PAUSE / 3600,
            "twice as long",
            "then the page fails",
        ],
        "the longest wait inside a run": [pace.LONGEST_WAIT / 3600],
        "the longest rest between runs": [runs.LONGEST_REST.total_seconds() / 3600],
    }
    lines = ["", "| again after | first, second, ... time |", "| --- | --- |"]
    lines += [f"| {what} | {', '.join(map(span, steps))} |" for what, steps in waits.items()]
    lines += [f"| answers in a row that end a run | {pace.STORM} |", "", ""]
    return "\n".join(lines)


def span(hours) -> str:
    """Hours in words; words as they are."""
    if isinstance(hours, str) or not hours:
        return hours or "the next run"
    units = (("days", 24), ("hours", 1), ("minutes", 1 / 60), ("seconds", 1 / 3600))
    unit, size = next((unit, size) for unit, size in units if hours > size * 0.99)
    number = round(hours / size)
    return f"{number} {unit if number > 1 else unit[:-1]}"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_units(tmp_path):
    for unit in [*(PROJECT / "docs" / "systemd").iterdir(), PROJECT / "docs" / "scrapyd" / "scrapyd.service"]:
        text = re.sub("/srv/news/.venv/bin/(ewbscraper|scrapyd)", sys.executable, unit.read_text(encoding="utf-8"))
        (tmp_path / unit.name.replace("@.service", "@ewb.service")).write_text(text, encoding="utf-8")
    units = sorted(map(str, tmp_path.iterdir()))
    checked = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


MASKS = [
    (r"\d{4}-\d\d-\d\dT[\d:]+Z", "TIME"),
    (r"\d+(\.\d)? (s|bytes)\b", r"N \2"),
]


def masked(text) -> str:
    for pattern, name in MASKS:
        text = re.sub(pattern, name, text)
    return text


@pytest.mark.slow
def test_the_picture_of_status_was_printed(tmp_path, request):
    """`pytest --update-pages` prints it again, where it says something else than before."""
    file = PROJECT / "docs" / "pictures" / "status.svg"
    printed = status_of_a_bad_day(tmp_path).replace(f"{tmp_path.resolve()}/", "/srv/news/")
    wanted = picture("ewbscraper status", re.sub(r"http://127\.0\.0\.1:\d+", "https://lipa.example", printed), *SAYS)
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    if request.config.getoption("--update-pages") and masked(before) != masked(wanted):
        file.write_text(wanted, encoding="utf-8")
        before = wanted
    assert masked(before) == masked(wanted)


def test_a_picture_of_a_terminal_has_every_letter_and_no_row_too_long():
    printed = f"<a> & b\n  failed     http://a.example/{'x' * 200}: cut off\n\n  last run   {'words ' * 50}"
    tree = etree.fromstring(picture("show", printed, "T", "D").encode())
    rows = ["".join(row.itertext()) for row in tree.iter("{*}text")]
    assert "".join("".join(rows).split()) == "".join(f"$ show{printed}".split())
    assert max(map(len, rows)) <= COLUMNS


SAYS = (
    "ewbscraper status, after a bad day",
    "The last run, what is archived and what waits, the source that refuses robots, how often each field was found, and"
    " three pages that failed: why, how often, and when each is asked for again.",
)


def status_of_a_bad_day(folder) -> str:
    """A newspaper on which some pages fail, one for good."""
    with SampleSite() as site:
        (folder / "outlets").mkdir()
        (folder / "outlets" / "lipa.py").write_text(
            "from ewbscraper.outlet import Feed, Outlet, Sitemap, WordPress\n"
            f"OUTLET = Outlet(slug='lipa', name='The Lipa Gazette', home='{site.url}',\n"
            "                sources=(WordPress(), Sitemap(), Feed()))\n"
        )
        paths = [true["url"].removeprefix(site.url) for true in site.truth()]
        site.misbehave("/wp-json/wp/v2/posts", "403")
        for path, fault in zip(paths[4:7], ("500", "half", "reset"), strict=True):
            site.misbehave(path, fault)
        command = [sys.executable, "-m", "ewbscraper", "crawl", "lipa", "--quiet"]
        subprocess.run(command, cwd=folder, check=True)
        with closing(sqlite3.connect(folder / "archive.db")) as db, db:
            db.execute("UPDATE frontier SET attempts = 7 WHERE url LIKE ?", [f"%{paths[4]}"])
        subprocess.run(command, cwd=folder, check=True)
        return run("status", "--archive", str(folder / "archive.db"))


def tables(db) -> str:
    """Every table and column, with its type, where it points, and what it means."""
    described = yaml.safe_load((PROJECT / "ewbscraper/archive/schema/tables.yml").read_text(encoding="utf-8"))["tables"]
    lines = []
    for name, table in described.items():
        if table.get("hidden"):
            continue
        points = {row["from"]: f"{row['table']}.{row['to']}" for row in db.execute(f"PRAGMA foreign_key_list({name})")}
        types = {row["name"]: row["type"] for row in db.execute(f"PRAGMA table_xinfo({name})")}
        lines += [
            "",
            f"### {name}",
            "",
            table.get("description", table["title"]).strip(),
            "",
            "| column | type | what |",
            "| --- | --- | --- |",
        ]
        for column, meaning in table["columns"].items():
            to = f" → `{points[column]}`" if column in points else ""
            lines.append(f"| `{column}` | {types[column].lower()} | {' '.join(meaning.split())}{to} |")
    return "\n".join(lines) + "\n"
