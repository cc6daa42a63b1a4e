"""What the sample newspaper does wrong when a test asks it to."""

import gzip
import http.client
import re
import socket
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from sample_client import get

from ewbscraper.sample_site import __main__ as by_hand
from ewbscraper.sample_site.server import SampleSite

POSTS = "/wp-json/wp/v2/posts"
MARKET = "/2026/11/15/pristina-market-reopens/"
MINISTER = "/2026/11/16/minister-talks-border-market/"


@pytest.fixture
def site() -> Iterator[SampleSite]:
    with SampleSite() as site:
        yield site


@pytest.mark.parametrize(("fault", "status"), [("500", 500), ("403", 403), ("429", 429), ("gone", 410)])
def test_a_fault_of_status_ends_when_it_is_used_up(site: SampleSite, fault: str, status: int) -> None:
    site.misbehave(MARKET, fault, times=1)
    assert [get(site, MARKET)[0] for _ in range(2)] == [status, 200]


def test_a_faulty_path_leaves_the_others_alone_until_it_behaves(site: SampleSite) -> None:
    site.misbehave(MARKET, "empty")
    assert (get(site, MARKET)[1], get(site, MARKET + "?utm_source=x")[1]) == (b"", b"")
    assert get(site, MINISTER)[1]
    site.behave()
    assert get(site, MARKET)[1]


def test_half_a_page_breaks_off(site: SampleSite) -> None:
    site.misbehave(MARKET, "half")
    with pytest.raises(http.client.IncompleteRead) as broken:
        get(site, MARKET)
    assert broken.value.partial.startswith(b"<!DOCTYPE html>")


def test_reset_is_a_reset(site: SampleSite) -> None:
    site.misbehave(MARKET, "reset")
    with pytest.raises(OSError, match="reset by peer"):
        get(site, MARKET)
    assert site.requests[-1].status == 0


def test_hang_ends_with_the_server(site: SampleSite) -> None:
    site.misbehave(MARKET, "hang")
    with socket.create_connection(("127.0.0.1", urlsplit(site.url).port or 0), timeout=0.3) as connection:
        connection.sendall(f"GET {MARKET} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        with pytest.raises(TimeoutError):
            connection.recv(1)
        site.close()
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_charsets_said_wrong_not_at_all_and_falsely(site: SampleSite) -> None:
    cyrillic = "/2025/06/21/vodostaj-dunava-cirilica/"
    site.misbehave(cyrillic, "wrong charset")
    _, body, headers = get(site, cyrillic)
    assert headers["Content-Type"] == "text/html; charset=ISO-8859-1"
    assert "Дунав опада" in body.decode()
    site.misbehave(cyrillic, "no charset")
    _, body, headers = get(site, cyrillic)
    assert headers["Content-Type"] == "text/html"
    assert b"charset" not in body
    site.misbehave(cyrillic, "lying charset")
    assert "Дунав опада" in get(site, cyrillic)[1].decode("windows-1251")


def test_a_huge_page_is_huge(site: SampleSite) -> None:
    site.misbehave(MARKET, "huge")
    assert len(get(site, MARKET)[1]) > 20_000_000


def test_broken_sources(site: SampleSite) -> None:
    site.misbehave("/feed/", "html instead")
    assert get(site, "/feed/")[1].startswith(b"<!DOCTYPE html>")
    site.misbehave("/sitemap.xml", "broken xml")
    with pytest.raises(ET.ParseError):
        ET.fromstring(get(site, "/sitemap.xml")[1])
    site.misbehave("/sitemap-posts.xml", "broken gzip")
    _, body, headers = get(site, "/sitemap-posts.xml")
    assert headers["Content-Encoding"] == "gzip"
    with pytest.raises((OSError, EOFError)):
        gzip.decompress(body)
    site.misbehave(POSTS, "not html")
    assert get(site, POSTS)[1].startswith(b"\x89PNG")


def test_redirects_that_lead_away_and_in_a_circle(site: SampleSite) -> None:
    site.misbehave(MARKET, "redirect")
    with urlopen(site.url + MARKET, timeout=10) as answer:
        assert answer.url == site.url + "/"
    site.misbehave(MARKET, "redirect loop")
    with pytest.raises(HTTPError) as loop:
        urlopen(site.url + MARKET, timeout=10)
    loop.value.close()


def test_no_such_fault(site: SampleSite) -> None:
    with pytest.raises(ValueError, match="there is empty, half"):
        site.misbehave("/", "melancholy")


def test_by_hand_it_serves_the_edition_asked_for_until_ctrl_c(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Wait:
        def wait(self) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(by_hand, "threading", SimpleNamespace(Event=Wait))
    monkeypatch.setattr("sys.argv", ["sample_site", "0", "tuesday"])
    by_hand.main()
    assert re.match(r"tuesday's edition at http://127\.0\.0\.1:\d+/ ", capsys.readouterr().err)
