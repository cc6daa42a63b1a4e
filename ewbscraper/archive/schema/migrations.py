"""The tables of archive.db, as migrations. A change is a new function at the bottom, never an edit above.

Times are ISO 8601. What we stamp ourselves (first_seen, fetched_at, started ...) is UTC, `2026-11-23T03:00:00Z`;
what the outlet says (published, modified) keeps its offset.
"""

from importlib.resources import files

from sqlite_utils import Database, Migrations

from ewbscraper.archive.schema.changes import begin as begin_stamps
from ewbscraper.archive.schema.history import keep_history_hash

migrations = Migrations("ewbscraper")


@migrations()
def m001_the_first_tables(db: Database) -> None:
    """Everything a crawl writes. Text columns stand last, so that counting and sorting never read them."""
    for statement in files(__package__).joinpath("first_tables.sql").read_text("utf-8").split(";\n\n"):
        db.execute(statement)


@migrations()
def m002_until_when_a_site_is_left_alone(db: Database) -> None:
    """What Retry-After asked for outlives the run that was told."""
    db.execute("ALTER TABLE runs ADD COLUMN wait_until TEXT")


@migrations()
def m003_outlets_that_a_crawl_found(db: Database) -> None:
    """Sources that nobody has written down, and what the looks at live sites saw."""
    for statement in FOUND_OUTLETS.split(";\n\n"):
        db.execute(statement)


@migrations()
def m004_sources_that_are_looked_for_again(db: Database) -> None:
    """A source that answers for the moment with an error must not be forgotten for another one."""
    db.execute("ALTER TABLE outlets ADD COLUMN look_again INTEGER NOT NULL DEFAULT 0")


@migrations()
def m005_what_pages_need(db: Database) -> None:
    """Pictures and styles of archived pages, and payloads that an earlier capture has already."""
    for statement in MEDIA.split(";\n\n"):
        db.execute(statement)


@migrations()
def m006_a_digest_of_what_an_article_said_before(db: Database) -> None:
    """That a revision was removed by hand is seen from here on."""
    db.execute("ALTER TABLE articles ADD COLUMN history_hash TEXT")
    for (article,) in db.execute("SELECT DISTINCT article FROM revisions").fetchall():
        keep_history_hash(db.conn, article)


@migrations()
def m007_who_read_a_text(db: Database) -> None:
    """Which rules made an article's text, which captures are the pages of one look, and what a run read anew."""
    for statement in READINGS.split(";\n\n"):
        db.execute(statement)


@migrations()
def m008_what_other_tools_captured(db: Database) -> None:
    """Pages that `import` brought in: the tool and its file; null where our own crawl captured."""
    db.execute("ALTER TABLE captures ADD COLUMN origin TEXT")


@migrations()
def m009_where_a_long_list_is_read_on(db: Database) -> None:
    """A list that takes longer than a run may is read in parts."""
    db.execute("ALTER TABLE listings ADD COLUMN rest TEXT")
    db.execute("ALTER TABLE listings ADD COLUMN began_in_run INTEGER REFERENCES runs(id)")


@migrations()
def m010_what_an_address_answered_last(db: Database) -> None:
    """To ask a source conditionally costs the same after ten years of runs."""
    db.execute("CREATE INDEX source_answers_url ON source_answers(url, run)")


@migrations()
def m011_where_a_picture_stood(db: Database) -> None:
    """After which paragraph; null until the page is read again."""
    db.execute("ALTER TABLE captions ADD COLUMN after INTEGER")


@migrations()
def m012_what_is_withheld(db: Database) -> None:
    """Tombstones: what was taken down, when and why, and the digests by which the rest is still proven."""
    for statement in WITHHELD.split(";\n\n"):
        db.execute(statement)


@migrations()
def m013_what_an_outlet_says_of_its_rights(db: Database) -> None:
    """Per capture what robots.txt said of it (null: nobody looked), and each signal of headers, page and files."""
    for statement in RIGHTS.split(";\n\n"):
        db.execute(statement)


@migrations()
def m014_which_links_are_ready(db: Database) -> None:
    """The next links are found in their order, however many wait. What was asked before is ready at its next look."""
    for statement in READY.split(";\n\n"):
        db.execute(statement)


@migrations()
def m015_what_changed_since(db: Database) -> None:
    """An export reads what changed since its last time, and nothing else."""
    begin_stamps(db.conn)


FOUND_OUTLETS = """
ALTER TABLE outlets ADD COLUMN found_at TEXT;

ALTER TABLE outlets ADD COLUMN sources TEXT;

CREATE TABLE looks (
  id INTEGER PRIMARY KEY,
  outlet TEXT NOT NULL,
  looked TEXT NOT NULL,
  answered INTEGER NOT NULL,
  sources TEXT NOT NULL,
  articles INTEGER NOT NULL,
  coverage TEXT NOT NULL
);

CREATE INDEX looks_outlet ON looks(outlet, looked)
"""

MEDIA = """
ALTER TABLE captures ADD COLUMN media_of INTEGER REFERENCES articles(id);

ALTER TABLE captures ADD COLUMN same_as INTEGER REFERENCES captures(id);

CREATE INDEX captures_media_of ON captures(media_of) WHERE media_of IS NOT NULL;

CREATE INDEX captures_same_as ON captures(same_as) WHERE same_as IS NOT NULL;

ALTER TABLE runs ADD COLUMN media INTEGER NOT NULL DEFAULT 0;

CREATE TABLE media (
  outlet TEXT NOT NULL REFERENCES outlets(slug),
  url TEXT NOT NULL,
  article INTEGER NOT NULL REFERENCES articles(id),
  depth INTEGER NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  asked_in_run INTEGER,
  last_error TEXT,
  PRIMARY KEY (outlet, url)
) WITHOUT ROWID;

CREATE INDEX media_waiting ON media(outlet, attempts, article DESC, depth) WHERE state = 'waiting';

CREATE INDEX media_article ON media(article)
"""

READINGS = """
CREATE TABLE readings (
  article INTEGER PRIMARY KEY REFERENCES articles(id),
  extraction TEXT NOT NULL
);

ALTER TABLE runs ADD COLUMN reread INTEGER NOT NULL DEFAULT 0;

ALTER TABLE captures ADD COLUMN page INTEGER;

UPDATE captures SET page = CASE WHEN EXISTS (
    SELECT 1 FROM captures first WHERE first.article = captures.article AND first.run IS captures.run
      AND first.id < captures.id AND first.url <> captures.url
      AND substr(captures.url, 1, length(rtrim(first.url, '/'))) = rtrim(first.url, '/')
  ) THEN (SELECT count(*) FROM captures before WHERE before.article = captures.article
      AND before.run IS captures.run AND before.id < captures.id)
  ELSE 0 END
WHERE article IS NOT NULL
"""

WITHHELD = """
CREATE TABLE withheld (
  id INTEGER PRIMARY KEY,
  outlet TEXT REFERENCES outlets(slug),
  article INTEGER,
  url_sha256 TEXT NOT NULL,
  withheld_at TEXT NOT NULL,
  reason TEXT NOT NULL,
  erased INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('withholding', 'withheld', 'restoring'))
);

CREATE INDEX withheld_article ON withheld(article);

CREATE TABLE withheld_addresses (
  url_sha256 TEXT PRIMARY KEY,
  withheld INTEGER NOT NULL REFERENCES withheld(id)
) WITHOUT ROWID;

CREATE INDEX withheld_addresses_withheld ON withheld_addresses(withheld);

CREATE TABLE withheld_records (
  warc TEXT NOT NULL,
  offset INTEGER NOT NULL,
  length INTEGER NOT NULL,
  withheld INTEGER NOT NULL REFERENCES withheld(id),
  capture INTEGER,
  run INTEGER REFERENCES runs(id),
  leaf TEXT,
  sha256_before TEXT,
  sha256_after TEXT,
  PRIMARY KEY (warc, offset)
) WITHOUT ROWID;

CREATE INDEX withheld_records_withheld ON withheld_records(withheld);

CREATE INDEX withheld_records_capture ON withheld_records(capture);

CREATE INDEX withheld_records_run ON withheld_records(run, warc);

CREATE TABLE withheld_files (
  warc TEXT PRIMARY KEY,
  sha256_before TEXT NOT NULL,
  sha256_after TEXT NOT NULL
) WITHOUT ROWID
"""

RIGHTS = """
ALTER TABLE captures ADD COLUMN robots TEXT;

ALTER TABLE captures ADD COLUMN robots_in INTEGER REFERENCES captures(id);

CREATE TABLE rights (
  capture INTEGER NOT NULL REFERENCES captures(id),
  source TEXT NOT NULL,
  signal TEXT NOT NULL,
  value TEXT NOT NULL,
  said_in INTEGER REFERENCES captures(id),
  PRIMARY KEY (capture, source, signal, value)
) WITHOUT ROWID;

CREATE INDEX rights_signal ON rights(signal, value, capture)
"""

READY = """
ALTER TABLE frontier ADD COLUMN ready INTEGER NOT NULL DEFAULT 0;

UPDATE frontier SET ready = 1 WHERE state = 'waiting';

CREATE INDEX frontier_newest ON frontier(outlet, coalesce(changed, discovered) DESC)
  WHERE ready AND next_look IS NOT NULL;

CREATE INDEX frontier_later ON frontier(outlet, next_look) WHERE NOT ready
"""
