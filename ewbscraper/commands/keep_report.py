"""What the commands of `keep.py` print: articles read again, pages and archives taken in."""

from collections.abc import Mapping
from typing import Any

from ewbscraper.commands.report import WIDTH, run


def reparsed(found: Mapping[str, Any]) -> str:
    """What reading an outlet's articles again changed, or would change."""
    run, problems = found["run"], found["problems"]
    changed = f"{found['changed']} {'changed' if run else 'would change'}"
    ended = (
        f"   {run['seconds']:.1f} s" + (f", {run['outcome']}" if run["outcome"] != "finished" else "") if run else ""
    )
    lines = [f"{found['outlet']}: {found['articles']} read again, {changed}{ended}"]
    for name, number in sorted(found["fields"].items(), key=lambda one: -one[1]):
        lines.append(f"  {name:<14}{number:>6}")
        for example in found["examples"][name]:
            before, after = _where_they_part(example["before"], example["after"])
            lines += [f"    {example['url']}", f"      was  {before}", f"      is   {after}"]
    return "\n".join([*lines, *(f"  needs a look: {one['url']}: {one['why']}" for one in problems)])


def _where_they_part(before: Any, after: Any) -> tuple[str, str]:
    """Two values in a line each, from a little before the first letter that differs."""
    texts = [" ".join(str(value).split()) for value in (before, after)]
    first = next((at for at, (one, other) in enumerate(zip(*texts, strict=False)) if one != other), 0)
    begin = max(0, first - 20) if max(map(len, texts)) > WIDTH else 0
    old, new = (("…" if begin else "") + text[begin : begin + WIDTH - 12] for text in texts)
    return old, new


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
        lines.append(
            f"  {len(done['missing'])} WARC files are missing there, or not whole: merge again when they are beside it"
        )
    return "\n".join([f"{done['archive']}:", *lines])
