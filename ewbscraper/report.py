"""What the commands print for a person, made from the plain data that `--json` prints."""

import json
import sys
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import click

from ewbscraper.archive.lookup import CLOSE, OPEN
from ewbscraper.archive.queries import NamedQuery
from ewbscraper.outlet import Outlet

WIDTH = 100


def as_json(value: Any) -> str:
    """Indented, with its letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def run(row: Mapping[str, Any]) -> str:
    """One run in one line, and a line for each thing that needs a look."""
    counts = ", ".join(
        f"{row[name]} {name}" for name in ("new", "changed", "restored", "gone", "failed", "unchanged") if row[name]
    )
    line = f"{row['outlet']}: {counts or 'nothing there'}   {row['seconds'] or 0:.1f} s"
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
        lines.append(f"  a crawl     about {found['hours']:g} hours and {found['gigabytes']:g} GB at this pace")
    if found["taken_apart"]:
        lines.append(f"  fields      found on so many of {found['taken_apart']} recent articles:")
        lines += [f"    {name:<14}{number:>4}" for name, number in found["coverage"].items()]
    lines += [f"  problem     {problem}" for problem in found["problems"]]
    return "\n".join(lines)


def new_outlet(found: Mapping[str, Any]) -> str:
    """What a look found, and what was written."""
    if not found["file"]:
        return look(found) + "\n  nothing written: no source answered with articles that could be taken apart"
    return "\n".join(
        [look(found), f"  definition  {found['file']}", *(f"  page        {one}" for one in found["pages"])]
    )


def checked(found: Mapping[str, Any]) -> str:
    """What a look found, and what changed since the one before."""
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
    return " ".join(snippet.split()).replace(OPEN, before).replace(CLOSE, after)


def queries(named: Iterable[NamedQuery]) -> str:
    """The named queries with their parameters."""
    lines = []
    for one in named:
        lines += ["", click.style(one.name, bold=True), textwrap.indent(one.description.strip(), "    ")]
        lines += [f"    -p {name:<10} {meaning}" for name, meaning in one.parameters.items()]
    return "\n".join(lines[1:])


def article(found: Mapping[str, Any]) -> str:
    """One article to read, its provenance below."""
    head = [", ".join(found["sections"]), found["headline"], _when_and_who(found), ""]
    body = [_filled(paragraph) + "\n" for paragraph in found["body"].split("\n\n")]
    pictures = [_caption(caption) for caption in found["captions"]]
    return "\n".join([*filter(None, head[:3]), "", *body, *pictures, *_provenance(found)])


def _filled(paragraph: str) -> str:
    """Line by line: each row of a table is one."""
    return "\n".join(textwrap.fill(line, WIDTH) for line in paragraph.split("\n"))


def _when_and_who(found: Mapping[str, Any]) -> str:
    return " · ".join(filter(None, [found["byline"], found["published"], found["language"]]))


def _caption(caption: Mapping[str, Any]) -> str:
    credit = f"  Credit: {caption['credit']}" if caption["credit"] else ""
    return f"[{caption['role']} picture] {caption['caption']}{credit}"


def _provenance(found: Mapping[str, Any]) -> list[str]:
    known = found["provenance"]
    lines = ["", found["url"], f"First seen {known['first_seen']}, last seen {known['last_seen']}"]
    if known["gone_at"]:
        lines.append(f"The outlet removed it: gone since {known['gone_at']}")
    lines += [f"Captured {c['fetched_at']}  SHA-256 {c['sha256']}  {c['warc']}" for c in known["captures"]]
    lines += [f"Until {old['seen_until']} it read: {old['headline']}" for old in known["revisions"] if old["headline"]]
    return lines


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
        yield f"  last run   {last['started']} {last['outcome']}: {run(last).split(': ', 1)[1]}"
    yield "  frontier   " + (", ".join(f"{n} {state}" for state, n in outlet["frontier"].items()) or "empty")
    if outlet["next_look"]:
        yield "  next look  " + (f"{outlet['due']} due now" if outlet["due"] else outlet["next_look"])
    for answer in outlet["sources"]:
        if answer["error"]:
            yield f"  source     {answer['url']}: {answer['error']}"
    if outlet["coverage"]:
        yield "  fields     " + ", ".join(f"{name} {share:.0%}" for name, share in outlet["coverage"].items())
    for error in outlet["errors"]:
        yield (
            f"  {error['state']:<10} {error['url']}: {error['last_error']} (attempt {error['attempts']}),"
            f" next look {error['next_look']}"
        )
    if more := sum(outlet["frontier"].get(state, 0) for state in ("failed", "given up")) - len(outlet["errors"]):
        yield f"  and {more} more: ewbscraper query \"select url, last_error from frontier where state = 'failed'\""


def outlet_row(outlet: Outlet) -> dict[str, Any]:
    """An outlet as plain data; a selector that is a function by its name."""
    return {field.name: _plain(getattr(outlet, field.name)) for field in fields(outlet)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        kind = type(value).__name__
        return {"kind": kind, **{one.name: getattr(value, one.name) for one in fields(value)}}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.__name__ if callable(value) else value


def outlets(found: Mapping[str, Outlet]) -> str:
    """One line an outlet."""
    return "\n".join(
        f"{one.slug:<18}{one.name:<28}{one.home:<42}"
        + (f"tried {one.tried_live}" if one.tried_live else "not yet tried live")
        for one in found.values()
    )


def imported(done: Any) -> str:
    """A line for each outlet; then what was no page of an outlet, and what could not be read."""
    lines = [_imported_outlet(row) for row in done.outlets]
    for host, pages in done.hosts.items():
        lines.append(f"{host or 'no host'}: {pages} pages, and no outlet has this host")
    if done.more_hosts:
        lines.append(f"and {done.more_hosts} more hosts that no outlet has")
    if done.hosts:
        lines.append("  --any makes outlets of these hosts, --outlet SLUG --host HOST gives one's pages to an outlet")
    if done.skipped.total():
        reasons = ", ".join(f"{number} {reason}" for reason, number in done.skipped.most_common(8) if number)
        lines.append(f"left out: {reasons}")
    lines += [f"damaged: {damage}" for damage in done.damage]
    lines += [f"not imported: {error}" for error in done.errors[1:]]
    return "\n".join(lines)


def _imported_outlet(row: Mapping[str, Any]) -> str:
    if row["run"]:
        known = f"  ({row['known']} of {row['pages']} pages were there already)" if row["known"] else ""
        others = f"  ({row['run']['not_articles']} pages are no articles)" if row["run"]["not_articles"] else ""
        return run(row["run"]) + others + known
    return f"{row['outlet']}: {row['pages']} pages, {row['known']} of them there already"


def imported_row(done: Any) -> dict[str, Any]:
    """What an import did, as plain data."""
    return {
        "outlets": done.outlets,
        "hosts_without_outlet": done.hosts,
        "more_hosts": done.more_hosts,
        "left_out": {reason: number for reason, number in done.skipped.items() if number},
        "damage": done.damage,
        "errors": [str(error) for error in done.errors],
    }


def merged(done: Mapping[str, Any]) -> str:
    """A line for each outlet, then what a person should look at."""
    lines = []
    for slug, counts in done["outlets"].items():
        said = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
        lines.append(f"{slug}: {said or 'nothing there'}")
    lines += [f"  conflict: {conflict}" for conflict in done["conflicts"]]
    if done["missing"]:
        lines.append(f"  {len(done['missing'])} WARC files are missing there: merge again when they are beside it")
    return "\n".join([f"{done['archive']}:", *lines])
