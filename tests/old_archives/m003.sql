BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'ewbscraper','m001_the_first_tables','2024-03-01 08:00:00+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'ewbscraper','m002_until_when_a_site_is_left_alone','2024-03-01 08:00:00+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'ewbscraper','m003_outlets_that_a_crawl_found','2024-03-01 08:00:00+00:00');
CREATE TABLE about (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
INSERT INTO "about" VALUES('fold_version','1');
CREATE TABLE article_authors (
  article INTEGER NOT NULL REFERENCES articles(id),
  author INTEGER NOT NULL REFERENCES authors(id),
  position INTEGER NOT NULL,
  PRIMARY KEY (article, author)
);
INSERT INTO "article_authors" VALUES(2,1,0);
INSERT INTO "article_authors" VALUES(1,1,0);
CREATE TABLE article_places (
  article INTEGER NOT NULL REFERENCES articles(id),
  place INTEGER NOT NULL REFERENCES places(id),
  position INTEGER NOT NULL,
  as_written TEXT NOT NULL,
  PRIMARY KEY (article, place)
);
INSERT INTO "article_places" VALUES(2,1,0,'PRISHTINË');
INSERT INTO "article_places" VALUES(1,1,0,'PRISHTINË');
CREATE TABLE article_sections (
  article INTEGER NOT NULL REFERENCES articles(id),
  section INTEGER NOT NULL REFERENCES sections(id),
  position INTEGER NOT NULL,
  PRIMARY KEY (article, section)
);
INSERT INTO "article_sections" VALUES(2,1,0);
INSERT INTO "article_sections" VALUES(1,1,0);
CREATE TABLE article_tags (
  article INTEGER NOT NULL REFERENCES articles(id),
  tag INTEGER NOT NULL REFERENCES tags(id),
  position INTEGER NOT NULL,
  PRIMARY KEY (article, tag)
);
INSERT INTO "article_tags" VALUES(2,1,0);
INSERT INTO "article_tags" VALUES(1,1,0);
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
INSERT INTO "articles" VALUES(1,'courier','https://courier.example/bridge/','The bridge opens again','PRISHTINË –',NULL,NULL,'By Ana Kos','2024-03-01T09:00:00+01:00',NULL,'en',6,'a293f3a0351b42ea3792ea98b2241d5a7b8708ff980b60efa8269e3e4eae3d2c','2024-03-01T08:00:00Z','2024-03-03T08:00:00Z','2024-03-03T08:00:00Z',NULL,NULL,'PRISHTINË – Đukanović crossed it again.','<p>PRISHTINË – Đukanović crossed <a href="https://other.example/it">it</a> first.</p>');
INSERT INTO "articles" VALUES(2,'courier','https://courier.example/most/','Мост је отворен','PRISHTINË –',NULL,NULL,'By Ana Kos','2024-03-01T09:00:00+01:00',NULL,'sr-Cyrl',7,'53e0cd82188c03204a3676b849ca577b5043658556e192120aa4b459cb8df809','2024-03-01T08:00:01Z','2024-03-03T08:00:00Z','2024-03-01T08:00:01Z',NULL,NULL,'ПРИШТИНА – Ђукановић га је прешао први.','<p>PRISHTINË – Đukanović crossed <a href="https://other.example/it">it</a> first.</p>');
PRAGMA writable_schema=ON;
INSERT INTO sqlite_master(type,name,tbl_name,rootpage,sql)VALUES('table','articles_fts','articles_fts',0,'CREATE VIRTUAL TABLE articles_fts USING fts5(
  headline, standfirst, byline, body, content="articles", content_rowid="id",
  tokenize="unicode61 remove_diacritics 2"
)');
CREATE TABLE 'articles_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO "articles_fts_config" VALUES('version',4);
CREATE TABLE 'articles_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO "articles_fts_data" VALUES(1,X'020700060B');
INSERT INTO "articles_fts_data" VALUES(10,X'000000000106060006010101020101030101040101050101060101');
INSERT INTO "articles_fts_data" VALUES(137438953473,X'0000009B0430616E61010601020301066272696467650102030201790106010202010763726F737365640106010304010964756B616E6F766963010601030301056669727374010601030602076F6C6C6F776564010601030801026974010601030501036B6F73010601020401066E6F626F6479010601030701056F70656E730102040109707269736874696E6501060103020103746865010202040A0B080E100C0E090A0D0A10');
INSERT INTO "articles_fts_data" VALUES(274877906945,X'0000007C0430616E610206010203010262790206010202010964756B616E6F766963020601030301026761020601030401026A6502080301030501036B6F73020601020401046D6F737402020201076F74766F72656E020204010670726573616F02060103060306697374696E610206010302030276690206010307040A0910090A0A090C0D0D');
INSERT INTO "articles_fts_data" VALUES(412316860417,X'0000007A0430616E610101010662726964676501010201790101010763726F737365640101010964756B616E6F766963010101056669727374010102076F6C6C6F776564010101026974010101036B6F73010101066E6F626F6479010101056F70656E7301010109707269736874696E6501010103746865010104070A050B0D090B06070A090D');
INSERT INTO "articles_fts_data" VALUES(549755813889,X'0000007B0430616E61010601020301046261636B0106010305020572696467650102030201790106010202010964756B616E6F766963010601030301036B6F7301060102040109707269736874696E6501060103020104736875740102050204746179730102040103746865010202020575726E65640106010304040A0B0A08100A10090908');
INSERT INTO "articles_fts_data" VALUES(687194767361,X'000000620430616E61010101046261636B01010205726964676501010201790101010964756B616E6F766963010101036B6F7301010109707269736874696E6501010104736875740101020474617973010101037468650101020575726E6564010104070809050D070D080807');
INSERT INTO "articles_fts_data" VALUES(824633720833,X'000000800630616761696E01080501030602026E61010601020301066272696467650102030201790106010202010763726F737365640106010304010964756B616E6F766963010601030301026974010601030501036B6F73010601020401056F70656E730102040109707269736874696E6501060103020103746865010202040D090B080E10090A0A10');
CREATE TABLE 'articles_fts_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO "articles_fts_docsize" VALUES(1,X'04000305');
INSERT INTO "articles_fts_docsize" VALUES(2,X'03000306');
CREATE TABLE 'articles_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO "articles_fts_idx" VALUES(1,X'',2);
INSERT INTO "articles_fts_idx" VALUES(2,X'',2);
INSERT INTO "articles_fts_idx" VALUES(3,X'',2);
INSERT INTO "articles_fts_idx" VALUES(4,X'',2);
INSERT INTO "articles_fts_idx" VALUES(5,X'',2);
INSERT INTO "articles_fts_idx" VALUES(6,X'',2);
CREATE TABLE authors (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
INSERT INTO "authors" VALUES(1,'Ana Kos');
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
INSERT INTO "captions" VALUES(2,0,'The bridge','NATO','https://courier.example/b.jpg',NULL,'inline');
INSERT INTO "captions" VALUES(1,0,'The bridge','NATO','https://courier.example/b.jpg',NULL,'inline');
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
INSERT INTO "captures" VALUES(1,'https://courier.example/bridge/',1,1,'2024-03-01T08:00:00Z',200,'text/html','abababababababababababababababababababababababababababababababab',3,NULL,'warc/courier/2024/a.warc.gz',0,9);
INSERT INTO "captures" VALUES(2,'https://courier.example/most/',1,2,'2024-03-01T08:00:01Z',200,'text/html','abababababababababababababababababababababababababababababababab',3,NULL,'warc/courier/2024/a.warc.gz',0,9);
INSERT INTO "captures" VALUES(3,'https://courier.example/bridge/',1,1,'2024-03-02T08:00:00Z',200,'text/html','abababababababababababababababababababababababababababababababab',3,NULL,'warc/courier/2024/a.warc.gz',0,9);
INSERT INTO "captures" VALUES(4,'https://courier.example/bridge/',1,1,'2024-03-03T08:00:00Z',200,'text/html','abababababababababababababababababababababababababababababababab',3,NULL,'warc/courier/2024/a.warc.gz',0,9);
CREATE TABLE found_by (
  article INTEGER NOT NULL REFERENCES articles(id),
  field TEXT NOT NULL,
  strategy TEXT NOT NULL,
  PRIMARY KEY (article, field)
);
INSERT INTO "found_by" VALUES(2,'headline','linked_data');
INSERT INTO "found_by" VALUES(2,'body','shape');
INSERT INTO "found_by" VALUES(1,'headline','linked_data');
INSERT INTO "found_by" VALUES(1,'body','shape');
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
INSERT INTO "frontier" VALUES('courier','https://courier.example/bridge/','Feed',1,'archived','2024-03-01T08:00:00Z',NULL,1,0,0,'2024-03-04T08:00:00Z','2024-03-03T08:00:00Z',1,'"1"',NULL,NULL);
CREATE TABLE links (
  article INTEGER NOT NULL REFERENCES articles(id),
  position INTEGER NOT NULL,
  url TEXT NOT NULL,
  text TEXT NOT NULL,
  host TEXT NOT NULL,
  target_article INTEGER REFERENCES articles(id),
  PRIMARY KEY (article, position)
);
INSERT INTO "links" VALUES(2,0,'https://other.example/it','it','other.example',NULL);
INSERT INTO "links" VALUES(1,0,'https://other.example/it','it','other.example',NULL);
CREATE TABLE listings (
  outlet TEXT NOT NULL REFERENCES outlets(slug),
  source TEXT NOT NULL,
  reading INTEGER NOT NULL,
  total INTEGER,
  whole_at TEXT,
  PRIMARY KEY (outlet, source)
);
CREATE TABLE looks (
  id INTEGER PRIMARY KEY,
  outlet TEXT NOT NULL,
  looked TEXT NOT NULL,
  answered INTEGER NOT NULL,
  sources TEXT NOT NULL,
  articles INTEGER NOT NULL,
  coverage TEXT NOT NULL
);
CREATE TABLE outlets (
  slug TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  home TEXT NOT NULL,
  language TEXT,
  country TEXT,
  timezone TEXT NOT NULL
, found_at TEXT, sources TEXT);
INSERT INTO "outlets" VALUES('courier','The Courier','https://courier.example/',NULL,NULL,'Europe/Belgrade',NULL,NULL);
CREATE TABLE places (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  country TEXT,
  latitude REAL,
  longitude REAL
);
INSERT INTO "places" VALUES(1,'Pristina','XK',42.66,21.17);
CREATE TABLE related_posts (
  article INTEGER NOT NULL REFERENCES articles(id),
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  url TEXT NOT NULL,
  author TEXT,
  related_article INTEGER REFERENCES articles(id),
  PRIMARY KEY (article, position)
);
INSERT INTO "related_posts" VALUES(2,0,'The bridge opens','https://courier.example/bridge/',NULL,1);
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
INSERT INTO "revisions" VALUES(1,1,1,1,'outlet','2024-03-01T08:00:00Z','2024-03-01T08:00:00Z','85f3544e915fd2431c4bdf9f0edd331c2c85852f9040bd2ab77d2448595b2a8f','The bridge opens','[["The bridge", "NATO"]]',NULL,'PRISHTINË – Đukanović crossed it first.

Nobody followed.');
INSERT INTO "revisions" VALUES(2,1,1,3,'outlet','2024-03-02T08:00:00Z','2024-03-02T08:00:00Z','c534ab435071572adada4db31702b52de6f8eb103573128a1d458616c656a242','The bridge stays shut','[["The bridge", "NATO"]]',NULL,'PRISHTINË – Đukanović turned back.');
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
, wait_until TEXT);
INSERT INTO "runs" VALUES(1,'courier','crawl','ewbscraper/0.1.0','2024-03-01T08:00:00Z','2024-03-03T08:00:05Z',5.0,'finished',2,2,2,0,0,0,0,0,0,0,NULL,NULL);
CREATE TABLE sections (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
INSERT INTO "sections" VALUES(1,'News');
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
INSERT INTO "source_answers" VALUES(1,'https://courier.example/feed/','Feed',200,1,NULL,NULL,NULL);
CREATE TABLE tags (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
INSERT INTO "tags" VALUES(1,'bridges');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX runs_outlet ON runs(outlet, started);
CREATE INDEX articles_published ON articles(published_utc, outlet);
CREATE INDEX articles_outlet ON articles(outlet, published_utc, language, gone_at);
CREATE INDEX articles_content_hash ON articles(content_hash);
CREATE INDEX captures_article ON captures(article, fetched_at);
CREATE INDEX captures_url ON captures(url, fetched_at);
CREATE INDEX captures_run ON captures(run);
CREATE INDEX article_authors_author ON article_authors(author);
CREATE INDEX article_sections_section ON article_sections(section);
CREATE INDEX article_tags_tag ON article_tags(tag);
CREATE UNIQUE INDEX places_name ON places(name, ifnull(country, ''));
CREATE INDEX article_places_place ON article_places(place);
CREATE INDEX captions_credit ON captions(credit);
CREATE INDEX related_posts_url ON related_posts(url);
CREATE INDEX related_posts_related_article ON related_posts(related_article);
CREATE INDEX links_url ON links(url);
CREATE INDEX links_target_article ON links(target_article);
CREATE INDEX revisions_article ON revisions(article, seen_from);
CREATE INDEX frontier_url ON frontier(url);
CREATE INDEX frontier_due ON frontier(outlet, next_look);
CREATE INDEX frontier_article ON frontier(article);
CREATE INDEX looks_outlet ON looks(outlet, looked)
;
PRAGMA writable_schema=OFF;
COMMIT;
