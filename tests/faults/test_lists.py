"""Feeds, sitemaps, REST answers and listing pages that mean harm: links, or one sentence why there are none."""

import gzip
import json
import socket
import threading
from collections.abc import Iterator

import pytest

from ewbscraper.discovery.answer import links_from
from ewbscraper.errors import SourceUnreadable
from ewbscraper.outlet import Feed, Listing, Outlet, Sitemap, WordPress

OUTLET = Outlet(slug="hostile", name="Hostile", home="https://hostile.example/")
URL = f"{OUTLET.home}list"
ARTICLE = f"{OUTLET.home}2024/01/02/the-bridge-opens/"
KINDS = {"feed": Feed("/feed/"), "sitemap": Sitemap(), "rest": WordPress(), "listing": Listing("/news/")}


def read(asked):
    """The addresses of a list, of so many links of it."""
    kind, body = asked
    links = links_from(KINDS[kind], OUTLET, made(body), URL, {"Content-Type": "text/html"}).links
    return len(links), [link.url for link in links[:3]]


def made(body: bytes | tuple[bytes, bytes, int, bytes]) -> bytes:
    """Large ones are made where they are read, each `%d` in them another number."""
    if isinstance(body, bytes):
        return body
    begin, unit, times, end = body
    units = (unit % number for number in range(times)) if b"%d" in unit else (unit for _ in range(times))
    return begin + b"".join(units) + end


def feed(doctype: str, title: str) -> bytes:
    return (
        f'<?xml version="1.0"?>{doctype}<rss version="2.0" xmlns:xi="http://www.w3.org/2001/XInclude"><channel>'
        f"<title>x</title><item><title>{title}</title><link>{ARTICLE}</link></item></channel></rss>"
    ).encode()


def sitemap(doctype: str, entry: str) -> bytes:
    return (
        f'<?xml version="1.0"?>{doctype}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:xi="http://www.w3.org/2001/XInclude"><url><loc>{ARTICLE}</loc></url>'
        f"<url><loc>{OUTLET.home}{entry}</loc></url></urlset>"
    ).encode()


def laughs(depth: int = 10, width: int = 10) -> str:
    """Each entity is ten of the one before."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * width}">' for n in range(1, depth))
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]>'


@pytest.mark.slow
@pytest.mark.parametrize("write", [feed, sitemap], ids=["feed", "sitemap"])
@pytest.mark.fault("Pages", sent="XML entities: a billion laughs, quadratic, looped", must="the links, or why not")
def test_entity_bombs(write, meter):
    kind = write.__name__
    bombs = [
        write(laughs(), "&l9;"),
        write(laughs(30, 2), "&l29;"),
        write(f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]>', "&a;" * 50_000),
        write('<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"),
        write("<!DOCTYPE x [" + "".join(f'<!ENTITY e{n} "x">' for n in range(20_000)) + "]>", "&e1;"),
        write(f'<!DOCTYPE x [<!ENTITY % p "{"x" * 50_000}">{"%p;" * 1000}]>', "x"),
        write("<!DOCTYPE x [" + "<!ATTLIST url a CDATA 'x'>" * 20_000 + "]>", "x"),
    ]
    for outcome in meter.calls(read, [(kind, bomb) for bomb in bombs], seconds=10, megabytes=100):
        assert isinstance(outcome, SourceUnreadable) or (outcome[0] <= 2 and ARTICLE in outcome[1])


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """A server that must hear nothing: its address, and what it heard."""
    heard: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            heard.append(b"a connection")
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/", heard
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


@pytest.mark.parametrize("write", [feed, sitemap], ids=["feed", "sitemap"])
@pytest.mark.fault(
    "Pages",
    sent="external entities and DTDs, XInclude, style sheets: of a file, of a server on this machine",
    must="nothing of the file; the server hears nothing",
)
def test_external_entities(write, listener, tmp_path, meter):
    (address, heard), secret = listener, tmp_path / "secret"
    secret.write_text("a-secret-of-the-machine")
    wanted = [secret.as_uri(), "file:///etc/passwd", address, address.replace("http:", "ftp:"), str(secret)]
    bodies = [
        body
        for place in wanted
        for body in (
            write(f'<!DOCTYPE x [<!ENTITY e SYSTEM "{place}">]>', "2024/&e;"),
            write(f'<!DOCTYPE x [<!ENTITY e PUBLIC "-//x" "{place}">]>', "2024/&e;"),
            write(f'<!DOCTYPE x [<!ENTITY % e SYSTEM "{place}"> %e;]>', "2024/x"),
            write(f'<!DOCTYPE x SYSTEM "{place}">', "2024/&e;"),
            write("", f'2024/<xi:include href="{place}" parse="text"/>'),
            write(f'<?xml-stylesheet href="{place}"?>', "2024/x"),
        )
    ]
    for outcome in meter.calls(read, [(write.__name__, body) for body in bodies], seconds=5, megabytes=50):
        assert isinstance(outcome, SourceUnreadable) or ARTICLE in outcome[1]
        assert "secret" not in str(outcome)
        assert "root:" not in str(outcome)
    assert heard == []


POST = b'{"link":"https://hostile.example/2024/01/02/post-%d/","modified":"2024-01-01T00:00:00"},'
ENTRY = b"<url><loc>https://hostile.example/2024/01/02/post-%d/</loc><lastmod>2024-01-01</lastmod></url>"
ITEM = b"<item><link>https://hostile.example/2024/01/02/post-%d/</link><title>x</title></item>"
ANCHOR = b'<h2><a href="/2024/01/02/post-%d/">x</a></h2>'
LAST_POST = POST.replace(b"%d", b"0").rstrip(b",")


@pytest.mark.slow
@pytest.mark.fault("Pages", sent="lists of 40,000 to 150,000 entries", must="the links")
def test_endless_lists(meter):
    inputs = [
        ("rest", (b"[", POST, 150_000, LAST_POST + b"]")),
        ("sitemap", (b"<urlset>", ENTRY, 100_000, b"</urlset>")),
        ("feed", (b'<rss version="2.0"><channel>', ITEM, 50_000, b"</channel></rss>")),
        ("listing", (b"<html><body>", ANCHOR, 40_000, b"</body></html>")),
    ]
    outcomes = meter.calls(read, inputs, seconds=100, megabytes=1500)
    assert [one[0] for one in outcomes] == [150_000, 100_000, 50_000, 40_000]


@pytest.mark.slow
@pytest.mark.fault("Pages", sent="lists longer than any, gzip in gzip, gzip bombs", must="one sentence why not")
def test_lists_that_are_too_long(meter):
    bomb = gzip.compress(gzip.compress(bytes(60_000_000), 9), 9)
    inputs = [("sitemap", gzip.compress(bytes(60_000_000), 9)), *((kind, bomb) for kind in KINDS)]
    inputs += [("feed", (b'<rss version="2.0"><channel>', ITEM, 80_000, b"</channel></rss>"))]
    inputs += [(kind, (b"<", b"x" * 1000, 51_000, b"")) for kind in KINDS]
    for outcome in meter.calls(read, inputs, seconds=20, megabytes=400):
        assert isinstance(outcome, SourceUnreadable)
        assert len(str(outcome)) < 300


@pytest.mark.fault(
    "Pages",
    sent="REST answers of other shapes, nested 100,000 deep, numbers of 10,000 digits",
    must="one sentence why not",
)
def test_json_of_other_shapes(meter):
    bodies = [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 900 + b"]" * 900,
        b"[1e999, NaN, Infinity]",
        b"[" + b"9" * 10_000 + b"]",
        b'[{"link":null}]',
        b'[{"link":{"link":1}}]',
        b'{"code":' + b"[" * 500 + b"]" * 500 + b"}",
        b'"\\ud800"',
        b"\xff\xfe[",
    ]
    for outcome in meter.calls(read, [("rest", body) for body in bodies], seconds=5, megabytes=50):
        assert isinstance(outcome, SourceUnreadable)


DAYS = ["0000-00-00", "99999-01-01", "-1-1-1", "2024-13-01", "9" * 10_000, "9999-12-31T23:59:59-23:59", "²", "\u202e1"]


@pytest.mark.parametrize("kind", ["feed", "sitemap", "rest"])
@pytest.mark.fault(
    "Pages", sent="days in lists: year 0 and 99999, month 13, 10,000 digits", must="the link, without a day"
)
def test_days_in_lists(kind, meter):
    write = {
        "feed": lambda day: feed("", "x").replace(b"</item>", f"<pubDate>{day}</pubDate></item>".encode()),
        "sitemap": lambda day: sitemap("", "x").replace(
            b"</loc></url>", f"</loc><lastmod>{day}</lastmod></url>".encode()
        ),
        "rest": lambda day: json.dumps([{"link": ARTICLE, "modified": day, "modified_gmt": day}]).encode(),
    }
    for outcome in meter.calls(read, [(kind, write[kind](day)) for day in DAYS], seconds=5, megabytes=50):
        assert ARTICLE in outcome[1]
