"""Crawls of a real WordPress, compared with what it knows of its own posts: `make test-wordpress`."""

import shutil
import tempfile
from itertools import product
from pathlib import Path

import pytest
import rig

pytestmark = pytest.mark.wordpress

COMBINATIONS = list(product((2021, 2022, 2023), ("off", "on")))
NAMES = [f"{theme}-seo-{seo}" for theme, seo in COMBINATIONS]


@pytest.fixture(scope="module")
def folders():
    """New folders outside pytest's own, which www-data cannot reach."""
    place = Path(tempfile.mkdtemp(prefix="ewb-wordpress-"))
    place.chmod(0o755)
    yield lambda: Path(tempfile.mkdtemp(dir=place))
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def start(folders):
    """Starts a site; all are stopped at the end."""
    started = []

    def start(**options):
        state = folders()
        state.chmod(0o755)
        started.append(rig.WordPress(state))
        try:
            started[-1].up(**options)
        except rig.NoWordPress as reason:
            pytest.skip(f"no WordPress here: {reason}")
        return started[-1]

    yield start
    for wordpress in started:
        wordpress.down()


@pytest.fixture(scope="module")
def wordpress(start):
    return start()


@pytest.fixture(scope="module", params=COMBINATIONS, ids=NAMES)
def archive(wordpress, folders, request):
    """An archive after its first run, of a site of which only the address is known."""
    theme, seo = request.param
    wordpress.up(theme=theme, seo=seo)
    archive = rig.Archive(wordpress, folders(), bare=True)
    archive.crawl()
    return archive


@pytest.fixture(scope="module")
def articles(archive):
    return archive.articles()


def test_every_published_post_is_archived_and_nothing_else(archive, articles):
    assert set(articles) == {post["url"] for post in archive.wordpress.gold()}


@pytest.mark.parametrize("field", ["headline", "published", "authors", "dateline", "captions", "related_posts", "body"])
def test_a_field_is_right_on_98_percent_of_the_posts(archive, articles, field):
    posts = archive.wordpress.gold()
    wrong = [post["url"] for post in posts if field in rig.faults(post, articles[post["url"]])]
    assert len(wrong) <= 0.02 * len(posts), wrong


def test_nothing_is_asked_again_where_nothing_changed(archive, articles):
    again = archive.crawl()
    assert [again.counts[name] for name in ("new", "changed", "gone", "unchanged")] == [0, 0, 0, len(articles)]
    assert not again.pages(archive.wordpress.gold())
    assert len(again.asked) <= 12


@pytest.fixture(scope="module")
def edited(wordpress, folders):
    """An archive after its first run, for several rounds of edits."""
    wordpress.up(theme=2021)
    archive = rig.Archive(wordpress, folders(), bare=True)
    archive.crawl()
    return archive


@pytest.mark.parametrize("round_", ["first", "second"])
def test_an_edited_site_costs_its_edits(edited, round_):
    before, posts = edited.articles(), edited.wordpress.gold()
    done = edited.wordpress.edit(change=7, delete=3, add=4)
    run, back_to_back = edited.crawl(), edited.crawl()
    now, posts_now = edited.articles(), edited.wordpress.gold()
    asked, removed = run.pages(posts + posts_now), {edit["url"] for edit in done if edit["action"] == "deleted"}
    assert asked >= {edit["url"] for edit in done} - removed
    assert len(asked) <= 7 + 4 + 2
    assert back_to_back.pages(posts + posts_now) == removed - asked
    assert (run.counts["new"], run.counts["changed"], run.counts["gone"] + back_to_back.counts["gone"]) == (4, 7, 3)
    assert gone(now) - gone(before) == removed
    assert set(now) - gone(now) == {post["url"] for post in posts_now}
    for url in [edit["url"] for edit in done if edit["action"] == "changed"]:
        earlier = now[url]["provenance"]["revisions"][-1]
        assert text(earlier, earlier["captions"]) == text(before[url], rig.captions(before[url]))
        assert text(now[url], rig.captions(now[url])) != text(before[url], rig.captions(before[url]))
        assert not [fault for post in posts_now if post["url"] == url for fault in rig.faults(post, now[url])]


def gone(articles):
    return {url for url, article in articles.items() if article["provenance"]["gone_at"]}


def text(version, captions):
    """What a revision is of."""
    return [version["headline"], version["standfirst"], version["body"], [tuple(caption) for caption in captions]]


def test_a_site_that_asks_to_wait_is_waited_for(start, folders):
    wordpress = start(posts=30, rate_limit=2)
    archive = rig.Archive(wordpress, folders())
    run = archive.crawl()
    assert min(run.waits()) > 1.9  # the log has the time of the answer, not of the question
    assert set(archive.articles()) == {post["url"] for post in wordpress.gold()}
