"""What is due when: new, changed, failed, missing and returned links."""

from datetime import timedelta

import pytest
from archives import article, new_archive, save

from ewbscraper.archive import runs
from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.frontier.again import BACK_OFF, DECAY
from ewbscraper.archive.frontier.links import Frontier
from ewbscraper.archive.times import later, parse, utc_now
from ewbscraper.discovery.link import Link
from ewbscraper.outlet import Outlet

A, B = "https://courier.example/a/", "https://courier.example/b/"


class Newspaper:
    """A frontier over several runs."""

    def __init__(self, db):
        self.db = db
        self.next_run()

    def next_run(self):
        with transaction(self.db):
            self.run = runs.open_run(self.db, "courier", "test")
        self.frontier = Frontier(self.db, "courier", self.run)
        return self.frontier

    def lists(self, *links, complete=True, source="WordPress"):
        with transaction(self.db):
            return len(self.frontier.discover(links, source, complete=complete))

    def due(self, limit=100, since=None):
        with transaction(self.db):
            return [due.url for due in self.frontier.due(limit, since)]

    def archive(self, url, changed=False):
        with transaction(self.db):
            self.frontier.archived(url, self.article, changed=changed, etag='"1"', last_modified=None)

    def row(self, url):
        return self.db.execute("SELECT * FROM frontier WHERE url = ?", [url]).fetchone()

    def age(self, url, **delay):
        with transaction(self.db):
            past = later(utc_now(), -timedelta(**delay))
            self.db.execute("UPDATE frontier SET last_asked = ? WHERE url = ?", [past, url])


@pytest.fixture
def paper(tmp_path):
    db, run = new_archive(tmp_path / "archive.db")
    paper = Newspaper(db)
    paper.article, _ = save(db, run, article())
    yield paper
    db.close()


def test_new_links_are_due_newest_first_and_once_a_run(paper):
    assert paper.lists(Link(A, "2024-01-01T00:00:00Z"), Link(B, "2024-02-01T00:00:00Z")) == 2
    assert paper.due() == [B, A]
    assert paper.due() == []


def test_a_link_asked_in_a_run_that_died_is_due_in_the_next(paper):
    paper.lists(Link(A))
    assert paper.due() == [A]
    paper.next_run()
    assert paper.due() == [A]


def test_an_archived_link_waits_until_the_source_says_it_changed(paper):
    paper.lists(Link(A, "2024-01-01T00:00:00Z"))
    paper.due()
    paper.archive(A, changed=True)
    paper.next_run()
    paper.lists(Link(A, "2024-01-01T00:00:00Z"))
    assert paper.due() == []
    paper.lists(Link(A, "2024-01-02T00:00:00Z"))
    assert paper.due() == [A]


def test_looks_decay_where_the_source_does_not_tell_what_changed(paper):
    paper.lists(Link(A), source="Feed", complete=False)
    paper.due()
    paper.archive(A, changed=True)
    waits = []
    for _ in range(len(DECAY) + 1):
        waits.append(parse(paper.row(A)["next_look"]) - parse(utc_now()))
        paper.archive(A)
    assert [round(wait.total_seconds() / 3600) for wait in waits] == [*DECAY, DECAY[-1]]


def test_a_change_starts_the_looks_again(paper):
    paper.lists(Link(A), source="Feed", complete=False)
    for _ in range(3):
        paper.archive(A)
    paper.archive(A, changed=True)
    assert paper.row(A)["looks"] == 0


def test_failures_back_off_keep_their_error_and_give_up_visibly(paper):
    paper.lists(Link(A))
    for _ in BACK_OFF:
        with transaction(paper.db):
            paper.frontier.failed(A, "the server answered 500")
        assert paper.row(A)["state"] == "failed"
    with transaction(paper.db):
        paper.frontier.failed(A, "the server answered 500")
    row = paper.row(A)
    assert (row["state"], row["attempts"]) == ("given up", len(BACK_OFF) + 1)
    assert parse(row["next_look"]) - parse(utc_now()) > timedelta(days=29)
    assert row["last_error"] == "the server answered 500"


def test_the_first_failure_is_tried_again_in_the_very_next_run(paper):
    paper.lists(Link(A))
    paper.due()
    with transaction(paper.db):
        paper.frontier.failed(A, "reset")
    assert paper.due() == []
    paper.next_run()
    assert paper.due() == [A]


def test_what_was_given_up_wakes_up_when_the_source_announces_a_change(paper):
    paper.lists(Link(A, "2024-01-01T00:00:00Z"))
    for _ in range(len(BACK_OFF) + 1):
        with transaction(paper.db):
            paper.frontier.failed(A, "reset")
    paper.next_run()
    paper.lists(Link(A, "2024-01-03T00:00:00Z"))
    assert paper.due() == [A]


def test_what_a_complete_listing_no_longer_names_is_looked_at_once(paper):
    paper.lists(Link(A), Link(B))
    paper.due()
    for url in (A, B):
        paper.archive(url)
    paper.next_run()
    paper.lists(Link(A))
    with transaction(paper.db):
        assert paper.frontier.look_for_missing("WordPress", paper.run) == 1
    assert paper.due() == [B]
    paper.archive(B)
    paper.next_run()
    paper.lists(Link(A))
    with transaction(paper.db):
        assert paper.frontier.look_for_missing("WordPress", paper.run) == 0


def test_what_a_list_lost_for_one_run_only_is_missed_again_when_it_loses_it_again(paper):
    paper.lists(Link(A), Link(B))
    for url in paper.due():
        paper.archive(url)
    for named, missing in (([A], 1), ([A, B], 0), ([A], 1)):
        paper.next_run()
        paper.lists(*map(Link, named))
        with transaction(paper.db):
            assert paper.frontier.look_for_missing("WordPress", paper.run) == missing


@pytest.mark.parametrize(("changed", "hours"), [("2024-01-01T00:00:00Z", DECAY[-1]), (None, DECAY[0])])
def test_what_a_list_lost_for_one_run_only_waits_long_where_the_list_tells_changes(paper, changed, hours):
    paper.lists(Link(A, changed), Link(B, changed))
    for url in paper.due():
        paper.archive(url)
    paper.next_run()
    paper.lists(Link(A, changed))
    with transaction(paper.db):
        paper.frontier.look_for_missing("WordPress", paper.run)
    paper.next_run()
    paper.lists(Link(A, changed), Link(B, changed))
    wait = parse(paper.row(B)["next_look"]) - parse(utc_now())
    assert round(wait.total_seconds() / 3600) == hours


def test_what_was_asked_in_a_later_run_than_it_was_listed_is_missed_too(paper):
    """A back catalogue is listed in one run and asked for in many."""
    paper.lists(Link(A), Link(B))
    paper.next_run()
    for url in paper.due():
        paper.archive(url)
    paper.next_run()
    paper.lists(Link(A))
    with transaction(paper.db):
        assert paper.frontier.look_for_missing("WordPress", paper.run) == 1
    assert paper.due() == [B]


def test_a_list_read_in_several_runs_misses_what_none_of_them_has_named(paper):
    gone = "https://courier.example/gone/"
    paper.lists(Link(A), Link(B), Link(gone))
    for url in paper.due():
        paper.archive(url)
    begun = paper.next_run() and paper.run
    paper.lists(Link(A))
    paper.next_run()
    paper.lists(Link(B))
    with transaction(paper.db):
        assert paper.frontier.look_for_missing("WordPress", begun) == 1
    assert paper.due() == [gone]


def five_of_which_four_are_missing(paper):
    urls = [f"https://courier.example/{number}/" for number in range(5)]
    paper.lists(*map(Link, urls))
    for url in paper.due():
        paper.archive(url, changed=True)
    paper.next_run()
    paper.lists(Link(urls[0]))
    with transaction(paper.db):
        assert paper.frontier.look_for_missing("WordPress", paper.run) == 4
    return urls


def test_a_run_asks_for_two_of_what_is_missing_and_the_next_for_the_others(paper):
    urls = five_of_which_four_are_missing(paper)
    assert paper.due() == urls[1:3]
    for url in urls[1:3]:
        with transaction(paper.db):
            paper.frontier.gone(url, "the server answered 404")
    assert paper.due() == []
    paper.next_run()
    assert paper.due() == urls[3:]


def test_what_a_list_had_lost_for_one_run_is_not_asked_for(paper):
    urls = five_of_which_four_are_missing(paper)
    for url in paper.due():
        paper.archive(url)
    paper.next_run()
    paper.lists(*map(Link, urls))
    assert paper.due() == []
    looks = [paper.row(url)["next_look"] for url in urls]
    waits = [parse(look) - parse(utc_now()) for look in looks if look]
    assert max(waits) <= timedelta(hours=DECAY[0])  # the list has no times: its articles are looked at again
    assert min(paper.row(url)["looks"] for url in urls) == 0


def test_of_two_addresses_of_one_article_its_own_is_looked_at(paper):
    own = "https://courier.example/bridge/"
    paper.lists(Link(own[:-1]), source="Feed", complete=False)
    paper.lists(Link(own, "2024-01-01T00:00:00Z"))
    for url in paper.due():
        paper.archive(url, changed=True)
    assert paper.row(own[:-1])["next_look"] is None
    assert paper.row(own)["next_look"]
    paper.next_run()
    paper.lists(Link(own[:-1], "2099-01-01T00:00:00Z"), source="Feed", complete=False)
    assert paper.due() == [own[:-1]]
    paper.archive(own[:-1])
    assert paper.row(own[:-1])["next_look"] is None
    with transaction(paper.db):
        paper.frontier.gone(own, "the server answered 404")
        assert paper.frontier.wake_another(paper.article, own)
    paper.next_run()
    assert paper.due() == [own[:-1]]


def test_what_is_still_there_but_no_longer_listed_is_looked_at_less_and_less(paper):
    paper.lists(Link(A, "2024-01-01T00:00:00Z"), Link(B, "2024-01-01T00:00:00Z"))
    paper.due()
    paper.archive(A, changed=True)
    with transaction(paper.db):
        paper.article, _ = store.save_article(
            paper.db, article("harbour"), outlet="courier", run=paper.run, captured=utc_now()
        )
    paper.archive(B, changed=True)
    paper.next_run()
    paper.lists(Link(A, "2024-01-01T00:00:00Z"))
    with transaction(paper.db):
        paper.frontier.look_for_missing("WordPress", paper.run)
    waits = []
    for _ in DECAY:
        paper.archive(B)
        waits.append(parse(paper.row(B)["next_look"]) - parse(utc_now()))
    assert [round(wait.total_seconds() / 3600) for wait in waits] == list(DECAY)


def test_a_dead_link_that_the_list_goes_on_naming_is_looked_at_less_and_less(paper):
    looks = 0
    for _ in range(24 * 40):
        paper.next_run()
        paper.lists(Link(A, "2024-01-01T00:00:00Z"))
        if paper.due():
            looks += 1
            with transaction(paper.db):
                paper.frontier.gone(A, "the server answered 404")
        with transaction(paper.db):
            earlier = [later(paper.row(A)[name], -timedelta(hours=1)) for name in ("last_asked", "next_look")]
            paper.db.execute("UPDATE frontier SET last_asked = ?, next_look = ?", earlier)
    assert looks == 1 + len(DECAY)
    assert paper.frontier.knows([Link(A, "2024-01-01T00:00:00Z")])


def test_what_was_gone_and_is_listed_again_is_asked_at_once(paper):
    paper.lists(Link(A))
    paper.due()
    paper.archive(A)
    paper.next_run()
    with transaction(paper.db):
        paper.frontier.look_for_missing("WordPress", paper.run)
    assert paper.due() == [A]
    with transaction(paper.db):
        paper.frontier.gone(A, "the server answered 404")
    paper.next_run()
    assert not paper.frontier.knows([Link(A)])
    paper.lists(Link(A))
    assert paper.due() == [A]


def test_a_change_that_is_announced_is_asked_for_without_conditions(paper):
    paper.lists(Link(A, "2024-01-01T00:00:00Z"))
    paper.due()
    paper.archive(A)
    assert paper.row(A)["etag"] == '"1"'
    paper.lists(Link(A, "2024-01-02T00:00:00Z"))
    assert paper.row(A)["etag"] is None


def test_a_feeds_time_is_that_of_the_publication_so_looks_decay(paper):
    paper.lists(Link(A, "2024-01-01T00:00:00Z"), source="Feed", complete=False)
    paper.due()
    paper.archive(A, changed=True)
    assert parse(paper.row(A)["next_look"]) - parse(utc_now()) <= timedelta(hours=1)


def test_fresh_news_come_first_and_the_old_backfill_gets_its_share(paper):
    backfill = [f"https://courier.example/2019/{number}/" for number in range(100)]
    paper.lists(*(Link(url, "2019-01-01T00:00:00Z") for url in backfill))
    with transaction(paper.db):
        paper.db.execute("UPDATE frontier SET next_look = ?", [later(utc_now(), -timedelta(days=1))])
    for day in range(1, 11):
        fresh = [f"https://courier.example/2024/{day}/{number}/" for number in range(10)]
        paper.next_run()
        paper.lists(*(Link(url, f"2024-01-{day:02}T00:00:00Z") for url in fresh))
        asked = paper.due(limit=10)
        for url in asked:
            paper.archive(url)
        assert asked[:8] == fresh[:8]
        assert set(asked[8:]) <= {*backfill}


def test_the_next_links_are_found_in_their_order_however_many_wait(paper):
    paper.lists(Link(A), Link(B))
    seen = list[str]()
    paper.db.set_trace_callback(seen.append)
    assert paper.due() == [A, B]
    paper.db.set_trace_callback(None)
    before = paper.db.total_changes
    assert paper.due() == []
    assert paper.db.total_changes == before  # what is ready already is not written again
    plans = [step["detail"] for sql in seen for step in paper.db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert plans
    assert not [step for step in plans if "SCAN" in step or "TEMP B-TREE" in step]


def test_what_waits_for_its_next_look_is_ready_once_that_has_come(paper):
    paper.lists(Link(A), Link(B))
    for url in paper.due():
        paper.archive(url)
    paper.next_run()
    assert (paper.due(), paper.row(A)["ready"]) == ([], 0)
    with transaction(paper.db):
        paper.db.execute("UPDATE frontier SET next_look = ? WHERE url = ?", [utc_now(), A])
    assert (paper.due(), paper.row(A)["ready"]) == ([A], 1)


def test_a_feed_names_only_the_newest_so_that_nothing_is_missing_from_it(paper):
    paper.lists(Link(A), source="Feed", complete=False)
    paper.due()
    paper.archive(A)
    paper.next_run()
    with transaction(paper.db):
        assert paper.frontier.look_for_missing("WordPress", paper.run) == 0


def test_gone_is_asked_again_only_when_it_is_listed_again(paper):
    paper.lists(Link(A))
    paper.due()
    with transaction(paper.db):
        paper.frontier.gone(A, "the server answered 410")
    paper.next_run()
    assert paper.due() == []
    paper.age(A, hours=2)
    paper.lists(Link(A))
    assert paper.due() == [A]


def test_a_protected_link_is_never_asked_until_it_is_opened(paper):
    paper.lists(Link(A, "2024-01-01T00:00:00Z", protected=True))
    assert paper.due() == []
    paper.lists(Link(A, "2024-01-02T00:00:00Z", protected=True))
    assert paper.due() == []
    paper.lists(Link(A, "2024-01-03T00:00:00Z"))
    assert paper.due() == [A]


def test_since_leaves_out_what_changed_before(paper):
    paper.lists(Link(A, "2024-01-01T00:00:00Z"), Link(B, "2024-02-01T00:00:00Z"))
    assert paper.due(since="2024-01-15") == [B]


def test_a_source_with_nothing_new_is_known(paper):
    link = Link(A, "2024-01-01T00:00:00Z")
    assert not paper.frontier.knows([link])
    paper.lists(link)
    assert paper.frontier.knows([link])
    assert not paper.frontier.knows([Link(A, "2024-01-02T00:00:00Z")])


def test_two_outlets_on_one_host_have_a_frontier_each(paper):
    paper.lists(Link(A))
    other = Outlet(slug="weekend", name="Weekend", home="https://courier.example/")
    with transaction(paper.db):
        store.save_outlet(paper.db, other)
        second = Frontier(paper.db, "weekend", runs.open_run(paper.db, "weekend", "test"))
        assert [link.url for link in second.discover([Link(A)], "WordPress", complete=True)] == [A]
        assert [due.url for due in second.due(10)] == [A]
    assert paper.due() == [A]


def test_a_time_in_the_future_is_news_once_and_hides_nothing(paper):
    paper.lists(Link(A, "2099-01-01T00:00:00Z"))
    paper.due()
    paper.archive(A, changed=True)
    paper.next_run()
    paper.lists(Link(A, "2099-01-01T00:00:00Z"))
    assert paper.frontier.knows([Link(A, "2099-01-01T00:00:00Z")])
    assert paper.due() == []
    paper.lists(Link(A, "2024-01-02T00:00:00Z"))
    assert paper.due() == [A]
    paper.archive(A, changed=True)
    paper.next_run()
    paper.lists(Link(A, "2024-01-02T00:00:00Z"))
    assert paper.due() == []
