"""Content that acts where a browser takes it for mark-up, and an archive that has it in every text it can hold."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from ewbscraper.archive import search
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create

OWNED = "owned"
"""A word in each of ACTIVE, and nowhere else."""

_RUN = f"alert('{OWNED}')"
_FAR = f"http://127.0.0.1:9/{OWNED}"
"""Another origin than the reading room's, where nobody listens."""

ACTIVE = (
    f"<script>{_RUN}</script>",
    f"<script src={_FAR}></script>",
    f"<ScRiPt/x>{_RUN}</sCrIpT\t>",
    f"</script><script>{_RUN}</script>",
    f"</title></textarea></style></noscript></template></svg></math></select><script>{_RUN}</script>",
    f"<script type=module>{_RUN}</script>",
    f"<script\n>{_RUN}//",
    f"<<script>{_RUN}//<</script>",
    f"<img src=x onerror={_RUN}>",
    f"<img src={_FAR}.png srcset='{_FAR}2.png 2x'>",
    f"<img/src/onerror={_RUN}>",
    f"<body onload={_RUN}><body onpageshow={_RUN}>",
    f"<input autofocus onfocus={_RUN}><details open ontoggle={_RUN}>",
    f"<p style='animation:x' onanimationstart={_RUN} onclick={_RUN} onmouseover={_RUN}>",
    f"<video src=x onerror={_RUN} poster={_FAR}><audio src={_FAR} autoplay><track src={_FAR}>",
    f'" onmouseover="{_RUN}" autofocus onfocus="{_RUN}" x="',
    f"' onmouseover='{_RUN}' autofocus onfocus='{_RUN}' x='",
    f"` onfocus={_RUN} autofocus x=`",
    f"javascript:{_RUN}",
    f" \x01JaVa\tScRiPt:{_RUN}",
    f"&#106;avascript&colon;{_RUN}",
    f"vbscript:msgbox({OWNED})",
    f"data:text/html,<script>{_RUN}</script>",
    f"data:image/svg+xml;base64,{OWNED}",
    f"<a href='javascript:{_RUN}'>a</a><a href='data:text/html,{OWNED}'>a</a><area href=javascript:{_RUN}>",
    f"<style>@import '{_FAR}.css'; body {{ background: url({_FAR}); behavior: url({_FAR}) }}</style>",
    f"<p style='width: expression({_RUN}); background: url({_FAR}); -moz-binding: url({_FAR})'>",
    f"<link rel=stylesheet href={_FAR}.css><link rel=preconnect href={_FAR}><link rel=prefetch href={_FAR}>",
    f"<p style=background:url({_FAR})><p title=''style='background:url({_FAR})'>",
    f"<style/x>*{{background:url({_FAR})}}</style/><STYLE\n>@IMPORT '{_FAR}'",
    f"}}</style><style>*{{background:url({_FAR})}}",
    f"<svg onload={_RUN}><script>{_RUN}</script><use href='{_FAR}#a'/><image href={_FAR} /></svg>",
    f"<svg><foreignObject><iframe src={_FAR}></iframe></foreignObject></svg>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s><set attributeName=href to=javascript:{_RUN} /></svg>",
    f"<svg><a xlink:href='javascript:{_RUN}'><text y=9>a</text></a><style>*{{background:url({_FAR})}}</style></svg>",
    f"<math href='javascript:{_RUN}'>a</math><math><maction actiontype=statusline xlink:href=javascript:{_RUN}>a",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={_RUN}&gt;'>",
    f"<svg></p><style><a id='</style><img src=1 onerror={_RUN}>'>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={_RUN}>",
    f"<noscript><p title='</noscript><img src=x onerror={_RUN}>'>",
    f"<!--><img src=x onerror={_RUN}>--><!--! ><script>{_RUN}</script>--!>",
    f"<![CDATA[<script>{_RUN}</script>]]><?xml-stylesheet href='{_FAR}'?>",
    f"<xss:script xmlns:xss='http://www.w3.org/1999/xhtml'>{_RUN}</xss:script>",
    f"<template><script>{_RUN}</script></template><template shadowrootmode=open><img src=x onerror={_RUN}></template>",
    f"<meta http-equiv=refresh content='0;url={_FAR}'><meta http-equiv=set-cookie content={OWNED}=1>",
    f'<meta http-equiv=Content-Security-Policy content="default-src *" name={OWNED}>',
    f"<base href={_FAR}/ target=_top>",
    f"<iframe src={_FAR}></iframe><iframe srcdoc='<script>parent.{_RUN}</script>'></iframe><frameset onload={_RUN}>",
    f"<object data={_FAR}></object><embed src={_FAR}><applet code={OWNED}></applet><portal src={_FAR}>",
    f"<form action={_FAR}><button formaction=javascript:{_RUN} autofocus>go</button><input type=image src={_FAR}>",
    f"<input type=hidden name=_sort value={OWNED}><isindex action=javascript:{_RUN}>",
    f"{{{{ '{OWNED}'.__class__.__mro__ }}}}{{% include '/etc/passwd' %}}${{{_RUN}}}#{{{OWNED}}}",
    f"%3Cscript%3E{OWNED}%3C/script%3E &lt;script&gt;{OWNED}&lt;/script&gt; &amp;lt;script&amp;gt;",
    f"+ADw-script+AD4-{OWNED}+ADw-/script+AD4- ¼script¾{OWNED}¼/script¾ ＜script＞{OWNED}",
    f"\u202e>tpircs/<{OWNED}\u2066<script>\u2069\u200b\ufeff{_RUN}\u2028{_RUN}\u2029",
    f"a\x00<scr\x00ipt>{_RUN}</script>\x0b\x0c\x1b[31m\x7f\x85\ufffe\uffff{OWNED}",
    f"\r\nSet-Cookie: {OWNED}=1\r\n\r\n<script>{_RUN}</script>",
    f"//127.0.0.1:9/{OWNED}",
    f"\\\\127.0.0.1:9\\{OWNED}",
    f"{_FAR}/' onclick='{_RUN}",
    f'{_FAR}/"><script>{_RUN}</script>',
    f"../../{OWNED}/%2e%2e/?a=1&_sort={OWNED}#{_RUN}",
)
"""One of each form; most are those that browsers, and cleaners of mark-up, were once taken in by."""

TOGETHER = 6
"""Of them in one text: what is an address only at its beginning has its turn at the beginning."""

Text = Callable[[int], str]
"""What is put into the n-th place; no two are the same."""


def active(start: int = 0) -> Text:
    """Some of ACTIVE, others in each place."""

    def text(number: int) -> str:
        chosen = (ACTIVE[(start + number + more) % len(ACTIVE)] for more in range(TOGETHER))
        return " ".join([*chosen, str(number)])

    return text


TIMES = r"\d{4}-\d\d.*"
"""A time is never taken from a page as it stands, but read and written anew."""

FORMS = TIMES + r"|[a-z]{1,12}|[0-9a-f]{64}|warc/.*|text/html.*|https://courier\.example/kept/.*"
"""Besides: one of a few words, what leads to a capture."""


def poison(path: Path, text: Text, but: str = TIMES) -> set[str]:
    """Puts them into every text column of every table of an archive, in place of what is there; which columns.

    Walks the schema, so a new column is covered by itself. The same text stays the same everywhere: what refers to
    another row by a key, or by an address, goes on doing so. A text that matches `but` stays as it is.
    """
    made: dict[str, str] = {}

    def put(old: str | None) -> str:
        if (old or "").startswith(("[", "{")):
            return json.dumps(_inside(json.loads(old or ""), put))
        if old and re.fullmatch(but, old):
            return old
        new = text(len(made))
        return made.setdefault(old or new, new)

    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA ignore_check_constraints = 1")
        db.create_function("poison", 1, put)
        columns = list(_columns(db))
        for table, column, refers in columns:
            known = f'WHERE "{column}" IS NOT NULL' if refers or column in OF_TIME else ""
            db.execute(f'UPDATE "{table}" SET "{column}" = poison("{column}") {known}')
    with closing(create(path)) as db, transaction(db):
        search.reindex(db)
    return {f"{table}.{column}" for table, column, _ in columns}


def _inside(found: Any, put: Callable[[str], str]) -> Any:
    """JSON with other texts in it."""
    if isinstance(found, dict):
        return {name: _inside(value, put) for name, value in found.items()}
    if isinstance(found, list):
        return [_inside(value, put) for value in found]
    return put(found) if isinstance(found, str) else found


def _columns(db: sqlite3.Connection) -> Iterator[tuple[str, str, bool]]:
    """Table, column, and whether it refers to another table."""
    tables = db.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'").fetchall()
    for (table,) in tables:
        if not table.startswith(("sqlite_", "_", "articles_fts")):
            named = db.execute("SELECT name FROM pragma_table_xinfo(?) WHERE type = 'TEXT' AND hidden = 0", [table])
            keys = {name for (name,) in db.execute('SELECT "from" FROM pragma_foreign_key_list(?)', [table])}
            yield from ((table, column, column in keys) for (column,) in named if (table, column) not in FORMAL)


FORMAL = {("about", "key")}
"""Columns of which a page says nothing but what it makes of it."""

OF_TIME = {"finished", "whole_at", "dateline_date", "published", "modified", "gone_at", "changed", "next_look"}
OF_TIME |= {"last_asked", "wait_until", "found_at"}
"""Columns that are empty or have a time."""
