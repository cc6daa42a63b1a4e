"""The docs say what is: their commands run, their outputs were printed, their tables are the schema's."""

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml
from archives import new_archive
from click.testing import CliRunner

from ewbscraper.cli import main

PROJECT = Path(__file__).parents[1]
PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").glob("*.md"))]


def run(*words):
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.stdout


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


def test_the_page_of_tables_is_the_schema(tmp_path, request):
    """`pytest --update-pages` writes it again."""
    db, _ = new_archive(tmp_path / "archive.db")
    page, wanted = PROJECT / "docs" / "tables.md", tables_page(db)
    db.close()
    if request.config.getoption("--update-pages"):
        page.write_text(wanted, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == wanted


def tables_page(db) -> str:
    """Every table and column, with its type, where it points, and what it means."""
    described = yaml.safe_load((PROJECT / "ewbscraper" / "browse" / "tables.yml").read_text(encoding="utf-8"))["tables"]
    lines = [
        "# The tables of archive.db",
        "",
        "Made from the schema and `ewbscraper/browse/tables.yml`; Datasette shows the same words beside the columns.",
        "Times that we stamp are UTC (`2026-11-23T03:00:00Z`); what an outlet says keeps its offset.",
    ]
    for name, table in described.items():
        if table.get("hidden"):
            continue
        points = {row["from"]: f"{row['table']}.{row['to']}" for row in db.execute(f"PRAGMA foreign_key_list({name})")}
        types = {row["name"]: row["type"] for row in db.execute(f"PRAGMA table_xinfo({name})")}
        lines += [
            "",
            f"## {name}",
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
