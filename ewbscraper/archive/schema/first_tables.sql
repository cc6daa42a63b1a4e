CREATE TABLE about (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE outlets (
  slug TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  home TEXT NOT NULL,
  language TEXT,
  country TEXT,
  timezone TEXT NOT NULL
);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  outlet TEXT NOT NULL REFERENCES outlets(slug),
  command TEXT NOT NULL,
  software TEXT NOT NULL,
  started TEXT NOT NULL,
  finished TEXT,
  seconds REAL,
  outcome TEXT,
  found INTEGER NOT NULL DEFAULT 0,
  new INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  restored INTEGER NOT NULL DEFAULT 0,
  gone INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  not_articles INTEGER NOT NULL DEFAULT 0,
  requests INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  needs_a_look TEXT
);

CREATE INDEX runs_outlet ON runs(outlet, started);

CREATE TABLE source_answers (
  run INTEGER NOT NULL REFERENCES runs(id),
  url TEXT NOT NULL,
  source TEXT NOT NULL,
  status INTEGER,
  links INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  etag TEXT,
  last_modified TEXT,
  PRIMARY KEY (run, url)
);

CREATE TABLE listings (
  outlet TEXT NOT NULL REFERENCES outlets(slug),
  source TEXT NOT NULL,
  reading INTEGER NOT NULL,
  total INTEGER,
  whole_at TEXT,
  PRIMARY KEY (outlet, source)
);

CREATE TABLE articles (
  id INTEGER PRIMARY KEY,
  outlet TEXT NOT NULL REFERENCES outlets(slug),
  url TEXT NOT NULL UNIQUE,
  headline TEXT,
  dateline TEXT,
  dateline_date TEXT,
  agency TEXT,
  byline TEXT,
  published TEXT,
  published_utc TEXT GENERATED ALWAYS AS (strftime('%Y-%m-%dT%H:%M:%SZ', published)) VIRTUAL,
  modified TEXT,
  language TEXT,
  words INTEGER NOT NULL,
  content_hash TEXT NOT NULL,
  first_seen TEXT NOT NULL,
  last_seen TEXT NOT NULL,
  text_since TEXT NOT NULL,
  gone_at TEXT,
  standfirst TEXT,
  body TEXT NOT NULL,
  body_html TEXT NOT NULL
);

CREATE INDEX articles_published ON articles(published_utc, outlet);

CREATE INDEX articles_outlet ON articles(outlet, published_utc, language, gone_at);

CREATE INDEX articles_content_hash ON articles(content_hash);

CREATE TABLE captures (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL,
  run INTEGER REFERENCES runs(id),
  article INTEGER REFERENCES articles(id),
  fetched_at TEXT NOT NULL,
  status INTEGER NOT NULL,
  content_type TEXT,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  truncated TEXT,
  warc TEXT NOT NULL,
  offset INTEGER NOT NULL,
  length INTEGER NOT NULL
);

CREATE INDEX captures_article ON captures(article, fetched_at);

CREATE INDEX captures_url ON captures(url, fetched_at);

CREATE INDEX captures_run ON captures(run);

CREATE TABLE authors (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE article_authors (
  article INTEGER NOT NULL REFERENCES articles(id),
  author INTEGER NOT NULL REFERENCES authors(id),
  position INTEGER NOT NULL,
  PRIMARY KEY (article, author)
);

CREATE INDEX article_authors_author ON article_authors(author);

CREATE TABLE sections (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE article_sections (
  article INTEGER NOT NULL REFERENCES articles(id),
  section INTEGER NOT NULL REFERENCES sections(id),
  position INTEGER NOT NULL,
  PRIMARY KEY (article, section)
);

CREATE INDEX article_sections_section ON article_sections(section);

CREATE TABLE tags (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE article_tags (
  article INTEGER NOT NULL REFERENCES articles(id),
  tag INTEGER NOT NULL REFERENCES tags(id),
  position INTEGER NOT NULL,
  PRIMARY KEY (article, tag)
);

CREATE INDEX article_tags_tag ON article_tags(tag);

CREATE TABLE places (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  country TEXT,
  latitude REAL,
  longitude REAL
);

CREATE UNIQUE INDEX places_name ON places(name, ifnull(country, ''));

CREATE TABLE article_places (
  article INTEGER NOT NULL REFERENCES articles(id),
  place INTEGER NOT NULL REFERENCES places(id),
  position INTEGER NOT NULL,
  as_written TEXT NOT NULL,
  PRIMARY KEY (article, place)
);

CREATE INDEX article_places_place ON article_places(place);

CREATE TABLE captions (
  article INTEGER NOT NULL REFERENCES articles(id),
  position INTEGER NOT NULL,
  caption TEXT NOT NULL,
  credit TEXT,
  image_url TEXT,
  alt TEXT,
  role TEXT NOT NULL,
  PRIMARY KEY (article, position)
);

CREATE INDEX captions_credit ON captions(credit);

CREATE TABLE related_posts (
  article INTEGER NOT NULL REFERENCES articles(id),
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  url TEXT NOT NULL,
  author TEXT,
  related_article INTEGER REFERENCES articles(id),
  PRIMARY KEY (article, position)
);

CREATE INDEX related_posts_url ON related_posts(url);

CREATE INDEX related_posts_related_article ON related_posts(related_article);

CREATE TABLE links (
  article INTEGER NOT NULL REFERENCES articles(id),
  position INTEGER NOT NULL,
  url TEXT NOT NULL,
  text TEXT NOT NULL,
  host TEXT NOT NULL,
  target_article INTEGER REFERENCES articles(id),
  PRIMARY KEY (article, position)
);

CREATE INDEX links_url ON links(url);

CREATE INDEX links_target_article ON links(target_article);

CREATE TABLE revisions (
  id INTEGER PRIMARY KEY,
  article INTEGER NOT NULL REFERENCES articles(id),
  run INTEGER REFERENCES runs(id),
  capture INTEGER REFERENCES captures(id),
  cause TEXT NOT NULL CHECK (cause IN ('outlet', 'extraction')),
  seen_from TEXT NOT NULL,
  seen_until TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  headline TEXT,
  captions TEXT NOT NULL,
  standfirst TEXT,
  body TEXT NOT NULL
);

CREATE INDEX revisions_article ON revisions(article, seen_from);

CREATE TABLE found_by (
  article INTEGER NOT NULL REFERENCES articles(id),
  field TEXT NOT NULL,
  strategy TEXT NOT NULL,
  PRIMARY KEY (article, field)
);

CREATE TABLE frontier (
  outlet TEXT NOT NULL REFERENCES outlets(slug),
  url TEXT NOT NULL,
  source TEXT NOT NULL,
  article INTEGER REFERENCES articles(id),
  state TEXT NOT NULL CHECK (state IN
    ('waiting', 'archived', 'failed', 'given up', 'gone', 'not an article', 'protected')),
  discovered TEXT NOT NULL,
  changed TEXT,
  listed_in_run INTEGER NOT NULL REFERENCES runs(id),
  attempts INTEGER NOT NULL DEFAULT 0,
  looks INTEGER NOT NULL DEFAULT 0,
  next_look TEXT,
  last_asked TEXT,
  asked_in_run INTEGER REFERENCES runs(id),
  etag TEXT,
  last_modified TEXT,
  last_error TEXT,
  PRIMARY KEY (outlet, url)
);

CREATE INDEX frontier_url ON frontier(url);

CREATE INDEX frontier_due ON frontier(outlet, next_look);

CREATE INDEX frontier_article ON frontier(article);

CREATE VIRTUAL TABLE articles_fts USING fts5(
  headline, standfirst, byline, body, content="articles", content_rowid="id",
  tokenize="unicode61 remove_diacritics 2"
)
