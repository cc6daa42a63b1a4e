"""Captures of no article, a feed's, that carry the text of one that is withheld."""

from contextlib import closing

from click.testing import CliRunner
from kept import damage, exchange, keep, rows

from ewbscraper.archive.articles import store
from ewbscraper.archive.connection import transaction
from ewbscraper.archive.database import create
from ewbscraper.archive.warc.writer import WarcWriter
from ewbscraper.cli import main

FEED = "<rss><item><title>{0}, edition 1</title><description>Text of {0}. Škola otvorena.</description></item></rss>"


def test_a_feed_that_quotes_it_goes_with_it_and_one_that_does_not_stays(tmp_path):
    path = keep(tmp_path)
    with closing(create(path)) as db, closing(WarcWriter(tmp_path, "courier", 1)) as writer:
        for slug in ("bridge", "school"):
            capture = writer.write(exchange(f"https://courier.example/feed/{slug}/", FEED.format(slug).encode()))
            writer.sync()
            with transaction(db):
                store.save_captures(db, 1, [capture])
    asked = ("--reason", "Asked for", "--requested-by", "A. B.", "--archive", str(path))
    done = CliRunner().invoke(main, ["withhold", "https://courier.example/bridge/", *asked])
    assert done.exit_code == 0, done.output
    assert rows(path, "SELECT url FROM captures WHERE article IS NULL") == [("https://courier.example/feed/school/",)]
    assert damage(path) == []
