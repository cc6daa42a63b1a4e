"""When an article was published and changed. A time with its offset is better than a bare day of the same date."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from ewbscraper.extraction.fields import stamps
from ewbscraper.extraction.fields.dateline import parse_dateline
from ewbscraper.extraction.fields.dates import parse_date
from ewbscraper.extraction.structure.blocks import text_of
from ewbscraper.extraction.structure.once import once
from ewbscraper.extraction.structure.view import View
from ewbscraper.extraction.words import after, names
from ewbscraper.outlet import Selector
from ewbscraper.page import Element

PUBLISHED_META = names("published meta")
MODIFIED_META = names("modified meta")
ADDRESS = "address"
"""Strategy: the day that the address names. An address keeps its day whatever it shows."""
_UTC = ("+00:00", "Z")
_FURTHEST_ZONE = timedelta(hours=14)
_ZONES_APART = timedelta(minutes=30)


@once
def published(view: View) -> tuple[str | None, str]:
    """1. The outlet's selector. 2. Linked data. 3. Meta tags. 4. A time beside the headline or in the article.
    5. The page's address. 6. A line of plain text. 7. The day in the dateline, or that the text begins with.
    8. The data in the page's scripts.
    """
    return _best(view, view.outlet.published if view.outlet else None, "datePublished", PUBLISHED_META)


def modified(view: View) -> tuple[str | None, str]:
    """The same; None where the page was never changed."""
    form = view.outlet.modified if view.outlet else None
    changed, how = _best(view, form, "dateModified", MODIFIED_META)
    first = published(view)[0]
    same = changed and first and (changed == first or (len(changed) == 10 and changed == first[:10]))
    return (None, "") if same else (changed, how)


def _best(view: View, form: Selector | None, key: str, keys: Sequence[str]) -> tuple[str | None, str]:
    """The first of all; better one of the same day with a time, better still one of that instant in local time.

    Plain text is read only where no tag has a time of day.
    """
    best = _best_of(_said(view, form, key, keys), view.timezone, None)
    if key == "datePublished" and (best is None or "T" not in best[0]):
        best = _best_of(_plain(view), view.timezone, best)
    if best and best[0].endswith(_UTC):
        best = (_local(view, best[0]), best[1])
    return best or (None, "")


def _local(view: View, utc: str) -> str:
    """An instant in the time of the place where the page shows it on the day before or after; else as it is."""
    moment = datetime.fromisoformat(utc)
    here = moment.astimezone(ZoneInfo(view.timezone))
    if here.date() != moment.date() and here.date().isoformat() in stamps.in_address(view):
        return here.isoformat()
    for block in view.head:
        shown = parse_date(block.text)
        if shown and "T" in shown and shown[:10] != utc[:10]:
            ahead = datetime.fromisoformat(shown[:16]) - datetime.fromisoformat(utc[:16])
            if abs(ahead) <= _FURTHEST_ZONE and not ahead % _ZONES_APART:
                return moment.astimezone(timezone(ahead)).isoformat()
    return utc


def _best_of(said: Iterator[tuple[str, str]], timezone: str, best: tuple[str, str] | None) -> tuple[str, str] | None:
    for how, text in said:
        when = parse_date(text, timezone=timezone)
        if when and (best is None or _is_better(when, best[0])):
            best = (when, how)
        if best and "T" in best[0] and not best[0].endswith(_UTC):
            break
    return best


def _is_better(when: str, best: str) -> bool:
    if "T" not in when:
        return False
    if "T" not in best:
        return when[:10] == best
    return datetime.fromisoformat(when) == datetime.fromisoformat(best) and not when.endswith(_UTC)


def _said(view: View, form: Selector | None, key: str, keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    if form:
        yield from (("outlet", text) for text in map(_time_text, view.page.select(form)))
    by_name = {name.lower(): value for name, value in view.node.items()}
    if isinstance(by_name.get(key.lower()), str):
        yield "linked_data", by_name[key.lower()]
    yield from (("meta", text) for name in keys for text in view.page.meta.get(name, ())[:1])
    if key == "datePublished":
        others = (node.get(name) for node in view.page.linked_data for name in (key, "uploadDate"))
        yield from (("linked_data", text) for text in others if isinstance(text, str))
    yield from (("shape", _time_text(element)) for element in view.itemprops.get(key, ())[:1])
    yield from (("shape", _time_text(element)) for element in _times(view, key))
    if key == "datePublished":
        lines = [block.text for block in view.head if block.role in ("time", "meta", "byline")]
        yield from (("shape", text) for text in sorted(lines, key=lambda text: after("updated", text) is not None))


def _plain(view: View) -> Iterator[tuple[str, str]]:
    marked = {e.get("datetime") for e in view.page.tree.iter("time") if "published" in (e.get("class") or "").split()}
    yield from (("shape", str(moment)) for moment in marked if len(marked) == 1)
    yield from ((ADDRESS, text) for text in stamps.in_address(view))
    yield from (("line", text) for text in stamps.visible(view))
    heads = [view.headline_element] if view.headline_element is not None else []
    texts = [*map(text_of, heads), *(block.text for block in view.blocks[:3])]
    yield from (("dateline", line.date) for line in map(parse_dateline, texts) if line and line.date)
    yield from (("dateline", text) for text in stamps.begun(view))
    yield from (("script", text) for text in stamps.in_scripts(view))


def _times(view: View, key: str) -> list[Element]:
    """`time` elements around headline and text: WordPress marks them `published` and `updated`."""
    times = [e for e in view.surroundings.iter("time") if not view.is_elsewhere(e)]
    marks = [set((element.get("class") or "").lower().split()) for element in times]
    if key == "dateModified":
        return [
            e
            for e, mark in zip(times, marks, strict=True)
            if mark & {"updated", "modified"} and "published" not in mark
        ]
    published = [e for e, mark in zip(times, marks, strict=True) if "published" in mark or e.get("pubdate") is not None]
    return published[:2] or [e for e in times if e.get("datetime")][:2]


def _time_text(found: Element | str) -> str:
    if isinstance(found, str):
        return found
    return (
        found.get("datetime") or found.get("content") or (found.tag == "abbr" and found.get("title")) or text_of(found)
    )
