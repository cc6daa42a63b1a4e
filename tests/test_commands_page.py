"""docs/commands.md is what the commands say of themselves. `pytest --update-pages` writes it anew."""

import inspect

import click
from checkout import DOCS

from ewbscraper.cli import main
from ewbscraper.commands.shared import BUSY, FAILED, NEEDS_A_LOOK, WRONG_USAGE

PAGE = DOCS / "commands.md"

HEAD = """# The commands

Made from what each command says of itself: `ewbscraper COMMAND --help`.

Results go to stdout, everything else to stderr, so that a result can go into a file or another program. `--json`, where
a command has it, is that result for a program. Every command but {without} takes `--archive PATH`; else the archive is
`archive.db` in the current folder, or what `EWBSCRAPER_ARCHIVE` says.

| exit code | means |
| --- | --- |
| 0 | done |
| {FAILED} | failed; a line on stderr says why, and what to do |
| {WRONG_USAGE} | wrong usage: an option, an outlet or a query that there is not |
| {NEEDS_A_LOOK} | finished, and something needs a look: {look} |
| {BUSY} | another run of the same outlet goes on: nothing was done |
"""


def test_the_page_of_commands_is_what_they_say(request):
    wanted = page()
    if request.config.getoption("--update-pages"):
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == wanted


def page() -> str:
    """Every command with its options and examples, after what they share."""
    commands = all_commands(main, "ewbscraper")
    without = [name for name, command in commands.items() if not any(one.name == "archive" for one in command.params)]
    look = [name for name, command in commands.items() if "NEEDS_A_LOOK" in command.callback.__code__.co_names]
    codes = {"FAILED": FAILED, "WRONG_USAGE": WRONG_USAGE, "NEEDS_A_LOOK": NEEDS_A_LOOK, "BUSY": BUSY}
    head = HEAD.format(without=listed(without), look=listed(look), **codes)
    return head + "".join(section(name, command) for name, command in commands.items())


def all_commands(group: click.Group, name: str) -> dict[str, click.Command]:
    """By their whole names; of a group those that it has."""
    found: dict[str, click.Command] = {}
    for word, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            found |= all_commands(command, f"{name} {word}")
        else:
            found[f"{name} {word}"] = command
    return found


def listed(names: list[str]) -> str:
    """`a`, `b` and `c`."""
    *most, last = (f"`{name.removeprefix('ewbscraper ')}`" for name in names)
    return f"{', '.join(most)} and {last}" if most else last


def section(name: str, command: click.Command) -> str:
    """One command: what it does, its options, its examples."""
    with click.Context(command, info_name=name) as context:
        usage = " ".join([name, *command.collect_usage_pieces(context)])
        options = [one.get_help_record(context) for one in command.params if one.name != "archive"]
    told, _, examples = inspect.cleandoc(command.help or "").partition("\b\nExample")
    parts = [f"## {name}", *(" ".join(part.split()) for part in told.strip().split("\n\n")), f"    {usage}"]
    if rows := [
        "| `{}` | {} |".format(*(cell.replace("|", r"\|") for cell in row)) for row in options if row and row[1]
    ]:
        parts.append("\n".join(["| option | what |", "| --- | --- |", *rows]))
    if lines := examples.splitlines()[1:]:
        parts.append("\n".join(["```sh", *(line.strip() for line in lines if line.strip()), "```"]))
    return "\n" + "\n\n".join(parts) + "\n"
