"""Where a crawl may go: to public addresses, and to those inside that its operator named; looked at when it connects.

Nothing leaves the process of these crawls, be every guard broken (`caught.py`); inside, a witness listens everywhere.
"""

import json
import sys
from pathlib import Path

import pytest
from caught import NOT_HERE, PUBLIC
from checkout import TESTS
from meter import Meter

from ewbscraper.crawl import settings
from ewbscraper.crawl.connections.addresses import Reach, address_in, is_public, reach_of
from ewbscraper.outlet import Outlet

CAUGHT = TESTS / "caught.py"
KINDS = {"redirect", "hop", "moved", "index", "sitemap", "feed", "rest", "listing", "pagination", "link", "image"}
"""Ways to lead a crawl elsewhere that it would follow, were there no guard; it never follows the others."""
FILES_OF_A_HOST = {"/robots.txt", "/.well-known/tdmrep.json"}
GROUP = "Where it may go"
ELSEWHERE, NO_PUBLIC = "it leads to another host", "which is no public address: not asked"


def child(meter: Meter, what: str, folder: Path, **more: object) -> dict:
    """What a crawl of `reach_crawls.py` saw, in a process out of which nothing gets."""
    words = [sys.executable, CAUGHT, what, json.dumps({"folder": str(folder), **more})]
    done = meter.command(words, seconds=120, megabytes=400)
    if done.returncode == NOT_HERE:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout)
    meter.tried(max(0, len(seen.get("served", ())) - 1))
    return seen


def hears_nothing(seen: dict) -> bool:
    """Nothing was sent to where a witness listens, nor a name asked for that is not ours."""
    return (seen["heard"], seen["connections"], seen["strangers"]) == ([], 0, [])


@pytest.mark.slow
@pytest.mark.fault(
    GROUP,
    sent="redirects (301 to 308, chains, meta refresh), canonical links, sitemaps, indexes, robots.txt, feeds, REST"
    " lists, listings, next pages, links and pictures to 40 addresses inside: IPv4, IPv6, mapped, decimal, by name",
    must="nothing connects there, with and without the guard of names; the rest is archived",
    found="names were looked at, never addresses: wherever a name of the paper's own resolved to was asked",
)
@pytest.mark.parametrize("off", [[], ["look"]], ids=["all guards", "addresses alone"])
def test_no_way_leads_inside(meter, tmp_path, off):
    seen = child(meter, "every_way", tmp_path, off=off)
    assert hears_nothing(seen)
    assert seen["dialled"] == [[PUBLIC, 80]]
    assert {kind.rpartition("-")[0] for kind in seen["served"]} >= KINDS | {"refresh", "canonical"}
    assert seen["articles"] == 40 + 40 + 40 + 1
    assert {outcome for outcome, _ in seen["runs"].values()} == {"finished"}
    led = [
        seen["errors"][f"http://public.example/2024/{kind}-{n}/"] for kind in ("redirect", "chain") for n in range(40)
    ]
    assert all((NO_PUBLIC if off else ELSEWHERE) in why for why in led)
    assert all(NO_PUBLIC in why if off else why is None for why in seen["media"].values())


@pytest.mark.slow
@pytest.mark.fault(
    GROUP, sent="the same crawl without its guards: a test of this test", must="the witness hears every kind of it"
)
def test_the_witness_hears_where_there_is_no_guard(meter, tmp_path):
    seen = child(meter, "every_way", tmp_path, off=["look", "resolver", "peer"])
    heard = [path.strip("/") for path in seen["heard"] if path not in FILES_OF_A_HOST]
    assert sorted(heard) == sorted(f"{kind}-{number}" for kind in KINDS for number in range(40))


@pytest.mark.slow
@pytest.mark.fault(
    GROUP,
    sent="the same crawl with a resolver that lets all addresses pass",
    must="the other end of a connection is looked at too: not a byte is sent to it",
)
def test_nothing_is_sent_to_an_end_that_should_not_be(meter, tmp_path):
    seen = child(meter, "every_way", tmp_path, off=["look", "resolver"])
    assert seen["connections"] >= 40
    assert seen["heard"] == []


@pytest.mark.slow
@pytest.mark.fault(
    GROUP,
    sent="all of these to names that look right, `www.` before the paper's and hosts of pictures below it, at 34 such"
    " addresses",
    must="refused when it connects, one line each; a name that has a public address too is asked at that",
)
def test_names_of_the_papers_own(meter, tmp_path):
    seen = child(meter, "by_names_of_ours", tmp_path)
    assert hears_nothing(seen)
    assert seen["dialled"] == [[PUBLIC, 80]]
    refused = [url for url, why in seen["media"].items() if why and NO_PUBLIC in why]
    assert len(refused) == 34 + 1
    assert seen["media"]["http://both.public.example/image-35"] == "the server answered 404"
    assert {outcome for outcome, _ in seen["runs"].values()} == {"finished"}
    assert NO_PUBLIC in seen["errors"]["http://public.example/2024/redirect-34/"]


@pytest.mark.slow
@pytest.mark.fault(
    GROUP,
    sent="DNS rebinding: a public name that is every second time at one of 34 addresses inside",
    must="refused each time, asked once, and the pages between are archived",
)
def test_a_name_that_changes_its_address(meter, tmp_path):
    seen = child(meter, "rebound", tmp_path)
    assert hears_nothing(seen)
    assert seen["dialled"] == [[PUBLIC, 80]]
    refused = [why for why in seen["errors"].values() if why and NO_PUBLIC in why]
    assert len(set(refused)) >= 25
    assert len(refused) == len(seen["moved"]) > 100
    assert seen["articles"] > 50
    assert seen["runs"]["rest"] == ["finished", None]


@pytest.mark.slow
@pytest.mark.fault(
    GROUP,
    sent="newspapers inside: `127.0.0.1`, `::1`, a name with `private=True`, a name without; each leads to other ports"
    " and hosts inside",
    must="asked where its operator named it so, at its own host and port alone",
    found="a newspaper on `[::1]` could not be asked at all",
)
def test_an_outlet_inside_is_asked_where_it_was_named(meter, tmp_path):
    seen = child(meter, "at_home_inside", tmp_path)
    assert hears_nothing(seen)
    number, six, *_ = seen["ports"]
    assert sorted(seen["dialled"]) == sorted([["10.1.2.3", 80], ["127.0.0.1", number], ["::1", six], [PUBLIC, 80]])
    assert [seen["runs"][slug][0] for slug in ("number", "six", "intranet")] == ["finished"] * 3
    assert seen["articles"] > 10
    for slug in ("closed", "tls"):
        outcome, why = seen["runs"][slug]
        assert outcome == "left alone"
        assert f"closed.example is at 10.1.2.4, {NO_PUBLIC} (docs/run-it-every-hour.md: `private=True`)" in why


@pytest.mark.slow
@pytest.mark.fault(
    GROUP,
    sent="a robots.txt that redirects inside, by number and by a name of the paper's own, to a file, and to no address",
    must="closed for the run: the paper is not asked for anything else",
    found="a robots.txt that redirects to no address was our fault in each page",
)
def test_robots_txt_that_leads_inside(meter, tmp_path):
    www = "http://www.public.example:81/robots.txt"  # of the second one that is another port
    seen = child(meter, "robots_lead", tmp_path, to=[www, www, "http://10.0.0.1/", "file:///etc/hostname", "http://["])
    meter.tried(4)
    assert hears_nothing(seen)
    assert seen["asked"] == ["/robots.txt"]
    assert sorted(seen["dialled"]) == [[PUBLIC, port] for port in range(81, 86)]
    whys = [why.splitlines()[1] for outcome, why in seen["runs"].values()]
    assert all("robots.txt cannot be had" in why for why in whys)
    said = (NO_PUBLIC, ELSEWHERE, ELSEWHERE, "it leads to no page", "it leads to no page")
    assert all(why in line for why, line in zip(said, whys, strict=True))


@pytest.mark.slow
@pytest.mark.fault(
    GROUP, sent="`outlets new` and `--dry-run` of a bare address at loopback by its name", must="refused, with the cure"
)
def test_a_look_at_a_name_inside(meter, tmp_path):
    seen = child(meter, "found_inside", tmp_path)
    assert (seen["connections"], seen["dialled"]) == (0, [])
    assert [NO_PUBLIC in problem and "private=True" in problem for problem in seen["problems"]] == [True]


@pytest.mark.slow
@pytest.mark.fault(
    GROUP,
    sent="all of these to `file:`, `ftp:`, `data:`, `s3:` and others, other ports, spellings that readers disagree on",
    must="not asked; from http to https on the same host is",
    found="a list that redirects to `javascript:` ended the run; a redirect to `file:` was taken for a page; pictures"
    " were asked for at any port of a host below the paper's",
)
def test_other_schemes_and_ports(meter, tmp_path):
    seen = child(meter, "elsewhere", tmp_path)
    assert hears_nothing(seen)
    assert sorted(seen["dialled"]) == [[PUBLIC, 80], [PUBLIC, 443]]
    assert {outcome for outcome, _ in seen["runs"].values()} == {"finished"}
    assert not [look for _, look in seen["runs"].values() if look and "our fault" in look]
    assert seen["errors"]["http://public.example/2024/redirect-0/"] == "it leads to no page: file:///etc/hostname"
    assert seen["errors"]["http://public.example/2024/up-0/"].startswith("DownloadConnectionRefusedError")


@pytest.mark.fault(
    "Where it may go",
    sent="`file:`, `ftp:`, `data:` and `s3:`, for which Scrapy has handlers",
    must="there is none here",
)
def test_only_http_has_a_handler():
    assert {scheme for scheme, handler in settings.DOWNLOAD_HANDLERS.items() if handler} == {"http", "https"}
    assert {"data", "file", "ftp", "s3"} <= settings.DOWNLOAD_HANDLERS.keys()


@pytest.mark.slow
@pytest.mark.fault(
    GROUP,
    sent="redirects, lists and pictures that lead to no address at all: `http://[`, port 99999, labels of 70 letters",
    must="one line each, the run goes on",
    found="a list that redirects to `http://[` ended the run; a picture at a host that can be none failed its article",
)
def test_what_is_no_address(meter, tmp_path):
    seen = child(meter, "nowhere", tmp_path)
    assert hears_nothing(seen | {"strangers": []})
    assert {name.endswith(".public.example") for name in seen["strangers"]} <= {True}
    assert seen["dialled"] == [[PUBLIC, 80], [PUBLIC, 443]]
    assert {outcome for outcome, _ in seen["runs"].values()} == {"finished"}
    assert not [look for _, look in seen["runs"].values() if look and "our fault" in look]


@pytest.mark.slow
@pytest.mark.fault(
    GROUP,
    sent="40 addresses inside, behind a proxy that would ask them",
    must="the proxy is asked for no address in numbers and not for localhost; names are its own to look at; an outlet"
    " on this machine is asked without it",
    found="an outlet on this machine was asked of the proxy, which is another machine",
)
def test_behind_a_proxy(meter, tmp_path):
    seen = child(meter, "behind_a_proxy", tmp_path, off=["look"])
    assert seen["dialled"] == [["10.9.9.9", 3128], ["127.0.0.1", seen["here"]]]
    assert set(seen["heard"]) == {f"{name}.example" for name in ("loopback", "metadata", "private", "six", "mapped")}
    assert seen["articles"] == 121 + 2
    assert "TunnelError" in seen["runs"]["secure"][1]


@pytest.mark.slow
@pytest.mark.fault(
    GROUP,
    sent="sitemaps and feeds whose entities and DTD are a file of this disk, or of an address inside",
    must="neither is read",
)
def test_entities_are_not_read(meter, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secretword")
    seen = child(meter, "entities", tmp_path, secret=str(secret))
    meter.tried(11)
    assert hears_nothing(seen)
    assert len([path for path in seen["asked"] if path.endswith(".xml")]) >= 12
    assert not [path for path in seen["asked"] if "secretword" in path]
    assert not [file for file in tmp_path.rglob("*.db*") if b"secretword" in file.read_bytes()]


@pytest.mark.fault(
    "Where it may go", sent="addresses at the edges of each reserved block, IPv4 in IPv6 too", must="public, or not"
)
@pytest.mark.parametrize(
    ("address", "public"),
    [
        *((a, True) for a in ("93.184.216.34", "1.1.1.1", "172.32.0.1", "100.128.0.1", "169.253.0.1", "192.0.1.1")),
        *((a, True) for a in ("2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822", "2002:5db8:d822::1")),
        *((a, False) for a in ("127.0.0.1", "127.255.255.255", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.31.255.255")),
        *((a, False) for a in ("192.168.0.1", "169.254.0.1", "169.254.169.254", "100.64.0.1", "100.100.100.200")),
        *((a, False) for a in ("192.0.0.1", "192.0.0.10", "192.0.0.192", "192.0.2.1", "198.19.0.1", "198.51.100.1")),
        *((a, False) for a in ("203.0.113.1", "168.63.129.16", "224.0.0.251", "239.1.1.1", "255.255.255.255")),
        *((a, False) for a in ("::", "::1", "::7f00:1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1")),
        *((a, False) for a in ("2002:a00:1::", "2001::1", "2001:db8::1", "fc00::1", "fd00:ec2::254", "fe80::1%eth0")),
        *((a, False) for a in ("fec0::1", "ff02::1", "ff0e::1", "100::1", "4000::1")),
    ],
)
def test_what_is_public(address, public):
    assert is_public(address) == public


@pytest.mark.fault(
    "Where it may go",
    sent="numbers in every spelling, `localhost`, names",
    must="the address that would be connected to",
)
@pytest.mark.parametrize(
    ("host", "address"),
    [
        *((host, "127.0.0.1") for host in ("127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.1", "127.0.0.1.")),
        *((host, "127.0.0.1") for host in ("localhost", "LOCALHOST.", "a.localhost")),
        *(
            ("::1", "::1"),
            ("::ffff:7f00:1", "::ffff:127.0.0.1"),
            ("paper.example", None),
            ("1.2.3.4.5", None),
            ("", None),
        ),
    ],
)
def test_what_a_host_is_by_itself(host, address):
    assert address_in(host) == address


@pytest.mark.fault(
    "Where it may go",
    sent="places inside that an operator named, and such as nobody did",
    must="only those, at their ports",
)
@pytest.mark.parametrize(
    ("home", "more", "host", "port", "may"),
    [
        ("http://127.0.0.1:8001/", {}, "127.0.0.1", 8001, True),
        ("http://127.0.0.1:8001/", {}, "127.0.0.1", 8002, False),
        ("http://localhost/", {}, "www.localhost", 443, True),
        ("http://paper.example/", {}, "paper.example", 80, False),
        ("http://paper.example/", {"private": True}, "paper.example", 443, True),
        ("http://paper.example/", {"private": True}, "paper.example", 8080, False),
        ("http://paper.example/", {"private": True}, "img.paper.example", 80, False),
        ("http://paper.example/", {"private": True, "media_hosts": ("img.example",)}, "img.example", 80, True),
        ("http://paper.example/", {"media_hosts": ("127.0.0.1:9",)}, "127.0.0.1", 9, True),
        ("http://paper.example/", {"media_hosts": ("img.example",)}, "img.example", 80, False),
        ("http://вести.example/", {"private": True}, "вести.example", 80, True),
        ("http://xn--b1agj9af.example/", {"private": True}, "вести.example", 80, True),
    ],
)
def test_what_an_operator_named(home, more, host, port, may):
    outlet = Outlet(slug="paper", name="Paper", home=home, **more)
    assert reach_of(outlet).allows(host, port, "10.0.0.1") is may
    assert not Reach().allows(host, port, "10.0.0.1")
