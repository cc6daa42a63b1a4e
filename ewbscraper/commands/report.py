"""What the commands print for a person, made from the plain data that `--json` prints."""

import json
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ewbscraper.rights.signals import Signal

if TYPE_CHECKING:  # they bring YAML and w3lib: half of the CPU that `--help` took
    from ewbscraper.archive.articles.revisions import Change
    from ewbscraper.archive.export.sample import Stratum
    from ewbscraper.archive.finding.queries import NamedQuery
    from ewbscraper.outlet import Outlet

WIDTH = 100
COUNTED = ("new", "changed", "restored", "gone", "failed", "reread", "unchanged")
"""Counts of a run that are told, in this order; the last is reckoned, and untold where no source answered."""

WHO = {"outlet": "the outlet", "extraction": "a better reading of the same page"}
"""Whose doing a change is: the `cause` of a revision."""

MARKS = {"same": "{}", "del": "[-{}-]", "ins": "{{+{}+}}"}
"""How `git diff --word-diff` marks words."""


def as_json(value: Any) -> str:
    """Indented, with its letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def run(row: Mapping[str, Any]) -> str:
    """One run in one line, and a line for each thing that needs a look."""
    from ewbscraper.archive.runs import NO_SOURCE

    silent = NO_SOURCE in (row["needs_a_look"] or "").splitlines()  # then nobody knows what is unchanged
    told, nothing = (COUNTED[:-1], "nothing learnt") if silent else (COUNTED, "nothing there")
    counts = ", ".join(f"{row[name]} {name}" for name in told if row[name]) or nothing
    line = f"{row['outlet']}: {counts}   {row['seconds'] or 0:.1f} s"
    if row["media"]:
        line += f", {row['media']} pictures and styles"
    if row["outcome"] not in ("finished", None):
        line += f", {row['outcome']}"
    if row["wait_until"]:
        line += f" (the site asks not to be asked before {row['wait_until']})"
    return "\n".join([line, *(f"  needs a look: {why}" for why in (row["needs_a_look"] or "").splitlines())])


def look(found: Mapping[str, Any]) -> str:
    """What a look at an outlet found."""
    robots = {True: "allows us", False: "closed to us: ask the publisher", None: "none, or not readable"}
    delay = f", asks for {found['crawl_delay']:g} s between requests" if found["crawl_delay"] else ""
    lines = [f"{found['outlet']}  {found['home']}", f"  robots.txt  {robots[found['robots_allow']]}{delay}"]
    for answer in found["sources"]:
        said = answer["error"] or f"{answer['links']} links"
        lines.append(f"  {answer['source']:<10}  {said:<40}  {answer['url']}")
    more = "" if found["listed_whole"] else "at least "
    lines.append(f"  articles    {more}{found['listed']} listed, {found['archived']} archived")
    if found["answered"]:
        hours, size = found["hours"] or "less than 0.1", found["gigabytes"] or "less than 0.01"
        lines.append(f"  a crawl     {hours} hours and {size} GB at this pace")
    if found["taken_apart"]:
        lines.append(f"  fields      found on so many of {found['taken_apart']} recent articles:")
        lines += [f"    {name:<14}{number:>4}" for name, number in found["coverage"].items()]
    lines += [f"  problem     {problem}" for problem in found["problems"]]
    lines += [f"  note        {note}" for note in found["notes"]]
    lines += ["  interrupted before it was through: nothing is kept"] if found["interrupted"] else []
    return "\n".join(lines)


def new_outlet(found: Mapping[str, Any]) -> str:
    """What a look found, and what was written."""
    if found["interrupted"]:
        return look(found)
    if not found["file"]:
        return look(found) + "\n  nothing written: no source answered with articles that could be taken apart"
    return "\n".join(
        [look(found), f"  definition  {found['file']}", *(f"  page        {one}" for one in found["pages"])]
    )


def checked(found: Mapping[str, Any]) -> str:
    """What a look found, and what changed since the one before."""
    if found["interrupted"]:
        return look(found)
    since = f"since {found['compared_with']}" if found["compared_with"] else "the first look that is remembered"
    same = [] if found["worse"] or found["more"] else [f"  changes     none, {since}"]
    worse, more = (
        (f"  worse       {what}" for what in found["worse"]),
        (f"  more        {what}" for what in found["more"]),
    )
    return "\n".join([look(found), *same, *worse, *more])


def plain_hits(hits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Hits with `<mark>` around the found words, for programs."""
    return [{**hit, "snippet": _marked(hit["snippet"], "<mark>", "</mark>")} for hit in hits]


def hits(found: list[dict[str, Any]], total: int) -> str:
    """Hits to read: bold words on a terminal, guillemets in a file."""
    if not found:
        return "Nothing found."
    marks = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("«", "»")
    blocks = [
        f"{(hit['published'] or 'no date')[:10]}  {hit['headline']}  [{hit['outlet']} {hit['id']}]\n"
        f"            {_marked(hit['snippet'], *marks)}"
        for hit in found
    ]
    shown = "" if total == len(found) else f", the newest {len(found)} shown: more with --limit"
    return "\n".join([*blocks, f"{total} found{shown}"])


def _marked(snippet: str, before: str, after: str) -> str:
    from ewbscraper.archive.finding.hits import CLOSE, OPEN

    return " ".join(snippet.split()).replace(OPEN, before).replace(CLOSE, after)


def queries(named: "Iterable[NamedQuery]") -> str:
    """The named queries with their parameters."""
    lines = []
    for one in named:
        lines += ["", click.style(one.name, bold=True), textwrap.indent(one.description.strip(), "    ")]
        lines += [f"    -p {name:<10} {meaning}" for name, meaning in one.meanings.items()]
    return "\n".join(lines[1:])


def strata(by: Sequence[str], drawn: "Iterable[Stratum]", seed: str) -> str:
    """How many were taken of each stratum."""
    rows = [(", ".join(one.values) or "all", one.taken, one.of) for one in drawn]
    width = max((len(name) for name, _, _ in rows), default=0)
    lines = [f"  {name:<{width}}  {taken} of {of}" for name, taken, of in rows]
    by_what = f" by {', '.join(by)}" if by else ""
    return "\n".join([f"{sum(taken for _, taken, _ in rows)} rows sampled{by_what}, seed {seed}", *lines])


def article(found: Mapping[str, Any]) -> str:
    """One article to read, its provenance below."""
    head = [", ".join(found["sections"]), found["headline"], _when_and_who(found)]
    return "\n".join([*filter(None, head), *_text(found), *_provenance(found)])


def earlier_text(found: Mapping[str, Any]) -> str:
    """An article as it read before, below it when that was seen."""
    known = found["provenance"]
    head = filter(None, [found["headline"], found["published"]])
    below = ["", found["url"], _seen(known["revision"], known), *map(_capture, known["captures"])]
    return "\n".join([*head, *_text(found), *below])


def _text(found: Mapping[str, Any]) -> list[str]:
    body = [_filled(paragraph) + "\n" for paragraph in found["body"].split("\n\n")]
    return ["", *body, *map(_caption, found["captions"])]


def _filled(paragraph: str) -> str:
    """Line by line: each row of a table is one."""
    return "\n".join(textwrap.fill(line, WIDTH) for line in paragraph.split("\n"))


def _when_and_who(found: Mapping[str, Any]) -> str:
    return " · ".join(filter(None, [found["byline"], found["published"], found["language"]]))


def _caption(caption: Mapping[str, Any]) -> str:
    credit = f"  Credit: {caption['credit']}" if caption["credit"] else ""
    role = f"{caption['role']} " if "role" in caption else ""
    return f"[{role}picture] {caption['caption']}{credit}"


def _provenance(found: Mapping[str, Any]) -> list[str]:
    known = found["provenance"]
    lines = ["", found["url"], f"First seen {known['first_seen']}, last seen {known['last_seen']}"]
    if known["gone_at"]:
        lines.append(f"The outlet removed it: gone since {known['gone_at']}")
    lines += map(_capture, known["captures"])
    for number, old in enumerate(known["revisions"], 1):
        lines += [f"{_seen(number, old)}: {old['headline'] or 'no headline'}"]
        lines += [f"    then {_changed(old['cause'], old['changed'])}"]
    return lines


def _capture(one: Mapping[str, Any]) -> str:
    line = f"Captured {one['fetched_at']}  SHA-256 {one['sha256']}  {one['warc']}"
    return "\n    the outlet said: ".join([line, *([", ".join(one["rights"])] if one["rights"] else [])])


def _seen(number: int, old: Mapping[str, Any]) -> str:
    return f"Earlier text {number}, seen {old['seen_from']} to {old['seen_until']}"


def _changed(cause: str, names: Iterable[str]) -> str:
    return f"{WHO[cause]} changed {', '.join(names) or 'white space or the order of parts'}"


def change(one: "Change") -> str:
    """One text giving way to the next, word by word; paragraphs that stayed are left out."""
    what = _changed(one.before.cause, (name for name, *_ in one.parts))
    lines = [f"Between {one.before.seen_until} and {one.after.seen_from} {what}"]
    for name, paragraphs in one.fields:
        marked = (" ".join(MARKS[kind].format(text) for kind, text in pieces) for pieces in paragraphs)
        lines += ["", click.style(name, bold=True), "\n\n".join(map(_filled, marked))]
    return "\n".join(lines)


def explained(blocks: Iterable[tuple[bool, str, str, str]]) -> str:
    """A line a block: kept or left out, its role, why, and how it begins."""
    return "\n".join(
        f"{'+' if kept else '-'} {role:<14}{reason:<30}{' '.join(text.split())[: WIDTH - 48]}"
        for kept, role, reason, text in blocks
    )


def status(state: Mapping[str, Any], archive: Path) -> str:
    """The state of the archive, outlet by outlet."""
    lines = [f"{archive.absolute()}: {state['articles']} articles, {state['captures']} captures"]
    for outlet in state["outlets"]:
        lines += ["", *_outlet_status(outlet)]
    return "\n".join(lines)


def _outlet_status(outlet: Mapping[str, Any]) -> Iterable[str]:
    last = outlet["last_run"]
    yield f"{outlet['slug']}  {outlet['name']}: {outlet['articles']} articles, {outlet['gone']} gone"
    if last:
        told = run({**last, "outcome": None}).split(": ", 1)[1]
        yield f"  last run   {last['started']} {last['outcome']}: {told}"
    yield "  frontier   " + (", ".join(f"{n} {state}" for state, n in outlet["frontier"].items()) or "empty")
    if outlet["next_look"]:
        yield "  next look  " + (f"{outlet['due']} due now" if outlet["due"] else outlet["next_look"])
    for answer in outlet["sources"]:
        if answer["error"]:
            yield f"  source     {answer['url']}: {answer['error']}"
    if outlet["coverage"]:
        yield "  fields     " + ", ".join(f"{name} {share:.0%}" for name, share in outlet["coverage"].items())
    for said in outlet["rights"]:
        signal = Signal(said["source"], said["signal"], said["value"])
        yield f"  rights     {signal}, last {said['last']}, on {said['captures']} captures"
    if outlet["reserved"]:
        yield f"  reserved   {outlet['reserved']} pages are not kept, as its definition respects that"
    for error in outlet["errors"]:
        yield (
            f"  {error['state']:<10} {error['url']}: {error['last_error']} (attempt {error['attempts']}),"
            f" next look {error['next_look']}"
        )
    if more := sum(outlet["frontier"].get(state, 0) for state in ("failed", "given up")) - len(outlet["errors"]):
        yield f"  and {more} more: ewbscraper query \"select url, last_error from frontier where state = 'failed'\""


def outlet_row(outlet: "Outlet") -> dict[str, Any]:
    """An outlet as plain data; a selector that is a function by its name."""
    return {field.name: _plain(getattr(outlet, field.name)) for field in fields(outlet)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        kind = type(value).__name__
        return {"kind": kind, **{one.name: getattr(value, one.name) for one in fields(value)}}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.__name__ if callable(value) else value


def outlets(found: "Mapping[str, Outlet]") -> str:
    """One line an outlet."""
    return "\n".join(
        f"{one.slug:<18}{one.name:<28}{one.home:<42}"
        + (f"tried {one.tried_live}" if one.tried_live else "not yet tried live")
        for one in found.values()
    )
