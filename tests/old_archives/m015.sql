BEGIN TRANSACTION;
CREATE TABLE _changes (
  name TEXT NOT NULL,
  part NOT NULL,
  stamp INTEGER NOT NULL,
  PRIMARY KEY (name, part)
) WITHOUT ROWID
;
INSERT INTO "_changes" VALUES('archive','',-8478454960218831454);
INSERT INTO "_changes" VALUES('article_authors',0,7668873026118523495);
INSERT INTO "_changes" VALUES('article_places',0,3772138457782027843);
INSERT INTO "_changes" VALUES('article_sections',0,1519347654362931228);
INSERT INTO "_changes" VALUES('article_tags',0,7536073406046384373);
INSERT INTO "_changes" VALUES('articles','courier 2024-03',2162088070887488751);
INSERT INTO "_changes" VALUES('captions',0,-1636107345032905562);
INSERT INTO "_changes" VALUES('captures',0,6267386353379352261);
INSERT INTO "_changes" VALUES('found_by',0,-8238923823788375124);
INSERT INTO "_changes" VALUES('links',0,-6323115658184273897);
INSERT INTO "_changes" VALUES('revisions','courier 2024-03',-2063915467037850845);
INSERT INTO "_changes" VALUES('runs',0,6243430283737241641);
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'ewbscraper','m001_the_first_tables','2026-11-28 01:27:19.589810+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'ewbscraper','m002_until_when_a_site_is_left_alone','2026-11-28 01:27:19.590372+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'ewbscraper','m003_outlets_that_a_crawl_found','2026-11-28 01:27:19.591129+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'ewbscraper','m004_sources_that_are_looked_for_again','2026-11-28 01:27:19.591611+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'ewbscraper','m005_what_pages_need','2026-11-28 01:27:19.592689+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'ewbscraper','m006_a_digest_of_what_an_article_said_before','2026-11-28 01:27:19.593108+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'ewbscraper','m007_who_read_a_text','2026-11-28 01:27:19.593888+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'ewbscraper','m008_what_other_tools_captured','2026-11-28 01:27:19.594270+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'ewbscraper','m009_where_a_long_list_is_read_on','2026-11-28 01:27:19.594937+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'ewbscraper','m010_what_an_address_answered_last','2026-11-28 01:27:19.595104+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'ewbscraper','m011_where_a_picture_stood','2026-11-28 01:27:19.603783+00:00');
INSERT INTO "_sqlite_migrations" VALUES(12,'ewbscraper','m012_what_is_withheld','2026-11-28 01:27:19.604461+00:00');
INSERT INTO "_sqlite_migrations" VALUES(13,'ewbscraper','m013_what_an_outlet_says_of_its_rights','2026-11-28 01:27:19.605527+00:00');
INSERT INTO "_sqlite_migrations" VALUES(14,'ewbscraper','m014_which_links_are_ready','2026-11-28 01:27:19.606087+00:00');
INSERT INTO "_sqlite_migrations" VALUES(15,'ewbscraper','m015_what_changed_since','2026-11-28 01:27:19.614070+00:00');
CREATE TABLE about (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
INSERT INTO "about" VALUES('fold_version','2');
CREATE TABLE article_authors (
  article INTEGER NOT NULL REFERENCES articles(id),
  author INTEGER NOT NULL REFERENCES authors(id),
  position INTEGER NOT NULL,
  PRIMARY KEY (article, author)
);
INSERT INTO "article_authors" VALUES(1,1,0);
INSERT INTO "article_authors" VALUES(2,1,0);
INSERT INTO "article_authors" VALUES(3,1,0);
CREATE TABLE article_places (
  article INTEGER NOT NULL REFERENCES articles(id),
  place INTEGER NOT NULL REFERENCES places(id),
  position INTEGER NOT NULL,
  as_written TEXT NOT NULL,
  PRIMARY KEY (article, place)
);
INSERT INTO "article_places" VALUES(1,1,0,'PRISHTINË');
INSERT INTO "article_places" VALUES(2,1,0,'PRISHTINË');
INSERT INTO "article_places" VALUES(3,1,0,'PRISHTINË');
CREATE TABLE article_sections (
  article INTEGER NOT NULL REFERENCES articles(id),
  section INTEGER NOT NULL REFERENCES sections(id),
  position INTEGER NOT NULL,
  PRIMARY KEY (article, section)
);
INSERT INTO "article_sections" VALUES(1,1,0);
INSERT INTO "article_sections" VALUES(2,1,0);
INSERT INTO "article_sections" VALUES(3,1,0);
CREATE TABLE article_tags (
  article INTEGER NOT NULL REFERENCES articles(id),
  tag INTEGER NOT NULL REFERENCES tags(id),
  position INTEGER NOT NULL,
  PRIMARY KEY (article, tag)
);
INSERT INTO "article_tags" VALUES(1,1,0);
INSERT INTO "article_tags" VALUES(2,1,0);
INSERT INTO "article_tags" VALUES(3,1,0);
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
, history_hash TEXT);
INSERT INTO "articles" VALUES(1,'courier','https://courier.example/bridge/','bridge, edition 2','PRISHTINË –',NULL,NULL,'By Ana Kos','2024-03-01T09:00:00+01:00',NULL,'en',5,'206e12fdf038cb84fb2e40029d484bbf865d491140ae3293ba328e3992ccebf8','2024-03-01T08:00:00Z','2024-03-02T08:00:00Z','2024-03-02T08:00:00Z',NULL,NULL,'Text of bridge. Škola otvorena.','<p>PRISHTINË – Đukanović crossed <a href="https://other.example/it">it</a> first.</p>','42b3922963d6b964d4cfeb740747b27be414c07feefc1cc5a0321980c6c2266d');
INSERT INTO "articles" VALUES(2,'courier','https://courier.example/toll/','toll, edition 2','PRISHTINË –',NULL,NULL,'By Ana Kos','2024-03-01T09:00:00+01:00',NULL,'en',5,'e3960de477f797f9e941fa7acf5a52a45a82db55b27174f35592e4a81675e360','2024-03-01T08:00:00Z','2024-03-02T08:00:00Z','2024-03-02T08:00:00Z',NULL,NULL,'Text of toll. Škola otvorena.','<p>PRISHTINË – Đukanović crossed <a href="https://other.example/it">it</a> first.</p>','5c68ea2ddad1ab8baa14dc8fc322d2dea4ee5b75776f8868da23e8b7a1daf918');
INSERT INTO "articles" VALUES(3,'courier','https://courier.example/school/','school, edition 2','PRISHTINË –',NULL,NULL,'By Ana Kos','2024-03-01T09:00:00+01:00',NULL,'en',5,'88eb66569e71204d3fabbfb7f4edb1aebc5d88edfab96045dcdd6ca9fa62b6d4','2024-03-01T08:00:00Z','2024-03-02T08:00:00Z','2024-03-02T08:00:00Z',NULL,NULL,'Text of school. Škola otvorena.','<p>PRISHTINË – Đukanović crossed <a href="https://other.example/it">it</a> first.</p>','81139b6597d75772baf95e315dbc76087151590ab6b16f89150db37436c1f199');
PRAGMA writable_schema=ON;
INSERT INTO sqlite_master(type,name,tbl_name,rootpage,sql)VALUES('table','articles_fts','articles_fts',0,'CREATE VIRTUAL TABLE articles_fts USING fts5(
  headline, standfirst, byline, body, content="articles", content_rowid="id",
  tokenize="unicode61 remove_diacritics 2"
)');
CREATE TABLE 'articles_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO "articles_fts_config" VALUES('version',4);
CREATE TABLE 'articles_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO "articles_fts_data" VALUES(1,X'030900090F');
INSERT INTO "articles_fts_data" VALUES(10,X'000000000109090009010101020101030101040101050101060101070101080101090101');
INSERT INTO "articles_fts_data" VALUES(137438953473,X'0000006E0230310102040103616E61010601020301066272696467650108020103040201790106010202010765646974696F6E01020301036B6F73010601020401026F660106010303020774766F72656E6101060103060105736B6F6C610106010305010474657874010601030204060A0E080C0A090E0C');
INSERT INTO "articles_fts_data" VALUES(274877906945,X'0000006C0230310202040103616E610206010203010262790206010202010765646974696F6E02020301036B6F73020601020401026F660206010303020774766F72656E6102060103060105736B6F6C610206010305010474657874020601030202036F6C6C02080201030404060A090C0A090E0C0B');
INSERT INTO "articles_fts_data" VALUES(412316860417,X'0000006E0230310302040103616E610306010203010262790306010202010765646974696F6E03020301036B6F73030601020401026F660306010303020774766F72656E61030601030601067363686F6F6C03080201030402046B6F6C610306010305010474657874030601030204060A090C0A090E0E0B');
INSERT INTO "articles_fts_data" VALUES(549755813889,X'0000005302303101010103616E610101010662726964676501010201790101010765646974696F6E010101036B6F73010101026F660101020774766F72656E6101010105736B6F6C61010101047465787401010405070A050B07060B09');
INSERT INTO "articles_fts_data" VALUES(687194767361,X'0000006E0230320102040103616E61010601020301066272696467650108020103040201790106010202010765646974696F6E01020301036B6F73010601020401026F660106010303020774766F72656E6101060103060105736B6F6C610106010305010474657874010601030204060A0E080C0A090E0C');
INSERT INTO "articles_fts_data" VALUES(824633720833,X'0000005102303102010103616E610201010262790201010765646974696F6E020101036B6F73020101026F660201020774766F72656E6102010105736B6F6C610201010474657874020102036F6C6C0201040507060B07060B0908');
INSERT INTO "articles_fts_data" VALUES(962072674305,X'0000006C0230320202040103616E610206010203010262790206010202010765646974696F6E02020301036B6F73020601020401026F660206010303020774766F72656E6102060103060105736B6F6C610206010305010474657874020601030202036F6C6C02080201030404060A090C0A090E0C0B');
INSERT INTO "articles_fts_data" VALUES(1099511627777,X'0000005302303103010103616E610301010262790301010765646974696F6E030101036B6F73030101026F660301020774766F72656E61030101067363686F6F6C030102046B6F6C6103010104746578740301040507060B07060B0A08');
INSERT INTO "articles_fts_data" VALUES(1236950581249,X'0000006E0230320302040103616E610306010203010262790306010202010765646974696F6E03020301036B6F73030601020401026F660306010303020774766F72656E61030601030601067363686F6F6C03080201030402046B6F6C610306010305010474657874030601030204060A090C0A090E0E0B');
CREATE TABLE 'articles_fts_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO "articles_fts_docsize" VALUES(1,X'03000305');
INSERT INTO "articles_fts_docsize" VALUES(2,X'03000305');
INSERT INTO "articles_fts_docsize" VALUES(3,X'03000305');
CREATE TABLE 'articles_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO "articles_fts_idx" VALUES(1,X'',2);
INSERT INTO "articles_fts_idx" VALUES(2,X'',2);
INSERT INTO "articles_fts_idx" VALUES(3,X'',2);
INSERT INTO "articles_fts_idx" VALUES(4,X'',2);
INSERT INTO "articles_fts_idx" VALUES(5,X'',2);
INSERT INTO "articles_fts_idx" VALUES(6,X'',2);
INSERT INTO "articles_fts_idx" VALUES(7,X'',2);
INSERT INTO "articles_fts_idx" VALUES(8,X'',2);
INSERT INTO "articles_fts_idx" VALUES(9,X'',2);
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
  role TEXT NOT NULL, after INTEGER,
  PRIMARY KEY (article, position)
);
INSERT INTO "captions" VALUES(1,0,'The bridge','NATO','https://courier.example/b.jpg',NULL,'inline',NULL);
INSERT INTO "captions" VALUES(2,0,'The bridge','NATO','https://courier.example/b.jpg',NULL,'inline',NULL);
INSERT INTO "captions" VALUES(3,0,'The bridge','NATO','https://courier.example/b.jpg',NULL,'inline',NULL);
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
, media_of INTEGER REFERENCES articles(id), same_as INTEGER REFERENCES captures(id), page INTEGER, origin TEXT, robots TEXT, robots_in INTEGER REFERENCES captures(id));
INSERT INTO "captures" VALUES(1,'https://courier.example/bridge/',1,1,'2026-11-28T01:27:19Z',200,'text/html','8f53767079bef43ecf7d9bbf15a1e42e626a9cf52396bceeecab8e64d1158663',1345,NULL,'warc/courier/2026/courier-20261128T012719680058Z-1.warc.gz',376,432,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "captures" VALUES(2,'https://courier.example/toll/',1,2,'2026-11-28T01:27:19Z',200,'text/html','62da10e8c1ff0f04cef2cfc2df7f752a68b931127cad94d60255648d44c81ba9',1341,NULL,'warc/courier/2026/courier-20261128T012719680058Z-1.warc.gz',1171,429,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "captures" VALUES(3,'https://courier.example/school/',1,3,'2026-11-28T01:27:19Z',200,'text/html','e8fbe69ef272714c13e41d815bec80243e9453889212e6016e98e022ce2532ee',1345,NULL,'warc/courier/2026/courier-20261128T012719680058Z-1.warc.gz',1959,431,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "captures" VALUES(4,'https://courier.example/bridge/',2,1,'2026-11-28T01:27:19Z',200,'text/html','d1d2b756eaced3adfe40dd66238165ad9d074b0419f65ee1a47a0232d00da38f',1345,NULL,'warc/courier/2026/courier-20261128T012719708145Z-2.warc.gz',375,431,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "captures" VALUES(5,'https://courier.example/toll/',2,2,'2026-11-28T01:27:19Z',200,'text/html','99e82c3e05bc8bde197f78a66832c4ead7bf8da957157ac5c08a835dffdc4fbd',1341,NULL,'warc/courier/2026/courier-20261128T012719708145Z-2.warc.gz',1165,430,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "captures" VALUES(6,'https://courier.example/school/',2,3,'2026-11-28T01:27:19Z',200,'text/html','eb09cba037b1d936eaf843d3d123d3fa271daf5a84d2eaa979e0ccc6eaa95b3e',1345,NULL,'warc/courier/2026/courier-20261128T012719708145Z-2.warc.gz',1955,431,NULL,NULL,0,NULL,NULL,NULL);
CREATE TABLE found_by (
  article INTEGER NOT NULL REFERENCES articles(id),
  field TEXT NOT NULL,
  strategy TEXT NOT NULL,
  PRIMARY KEY (article, field)
);
INSERT INTO "found_by" VALUES(1,'headline','linked_data');
INSERT INTO "found_by" VALUES(1,'body','shape');
INSERT INTO "found_by" VALUES(2,'headline','linked_data');
INSERT INTO "found_by" VALUES(2,'body','shape');
INSERT INTO "found_by" VALUES(3,'headline','linked_data');
INSERT INTO "found_by" VALUES(3,'body','shape');
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
  last_error TEXT, ready INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (outlet, url)
);
CREATE TABLE links (
  article INTEGER NOT NULL REFERENCES articles(id),
  position INTEGER NOT NULL,
  url TEXT NOT NULL,
  text TEXT NOT NULL,
  host TEXT NOT NULL,
  target_article INTEGER REFERENCES articles(id),
  PRIMARY KEY (article, position)
);
INSERT INTO "links" VALUES(1,0,'https://other.example/it','it','other.example',NULL);
INSERT INTO "links" VALUES(2,0,'https://other.example/it','it','other.example',NULL);
INSERT INTO "links" VALUES(3,0,'https://other.example/it','it','other.example',NULL);
CREATE TABLE listings (
  outlet TEXT NOT NULL REFERENCES outlets(slug),
  source TEXT NOT NULL,
  reading INTEGER NOT NULL,
  total INTEGER,
  whole_at TEXT, rest TEXT, began_in_run INTEGER REFERENCES runs(id),
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
CREATE TABLE outlets (
  slug TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  home TEXT NOT NULL,
  language TEXT,
  country TEXT,
  timezone TEXT NOT NULL
, found_at TEXT, sources TEXT, look_again INTEGER NOT NULL DEFAULT 0);
INSERT INTO "outlets" VALUES('courier','The Courier','https://courier.example/',NULL,NULL,'Europe/Belgrade',NULL,NULL,0);
CREATE TABLE places (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  country TEXT,
  latitude REAL,
  longitude REAL
);
INSERT INTO "places" VALUES(1,'Pristina','XK',42.66,21.17);
CREATE TABLE readings (
  article INTEGER PRIMARY KEY REFERENCES articles(id),
  extraction TEXT NOT NULL
);
CREATE TABLE related_posts (
  article INTEGER NOT NULL REFERENCES articles(id),
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  url TEXT NOT NULL,
  author TEXT,
  related_article INTEGER REFERENCES articles(id),
  PRIMARY KEY (article, position)
);
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
INSERT INTO "revisions" VALUES(1,1,2,1,'outlet','2024-03-01T08:00:00Z','2024-03-01T08:00:00Z','1e9f8ad87a86b3b6de740627da3face5b97cf7c02d7a7f1a46b1e152c742c571','bridge, edition 1','[["The bridge", "NATO"]]',NULL,'Text of bridge. Škola otvorena.');
INSERT INTO "revisions" VALUES(2,2,2,2,'outlet','2024-03-01T08:00:00Z','2024-03-01T08:00:00Z','9392b985c6822112b7f15f208befc2da0e69434b42efc05b202e6dbe35403497','toll, edition 1','[["The bridge", "NATO"]]',NULL,'Text of toll. Škola otvorena.');
INSERT INTO "revisions" VALUES(3,3,2,3,'outlet','2024-03-01T08:00:00Z','2024-03-01T08:00:00Z','b0d8bc9bb8963c0629c975b622e43e0affd18c52aeaf9f4e81f8ba955b2e6b1e','school, edition 1','[["The bridge", "NATO"]]',NULL,'Text of school. Škola otvorena.');
CREATE TABLE rights (
  capture INTEGER NOT NULL REFERENCES captures(id),
  source TEXT NOT NULL,
  signal TEXT NOT NULL,
  value TEXT NOT NULL,
  said_in INTEGER REFERENCES captures(id),
  PRIMARY KEY (capture, source, signal, value)
) WITHOUT ROWID;
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
, wait_until TEXT, media INTEGER NOT NULL DEFAULT 0, reread INTEGER NOT NULL DEFAULT 0);
INSERT INTO "runs" VALUES(1,'courier','test','ewbscraper/0.1.0','2024-03-01T08:00:00Z',NULL,NULL,NULL,0,0,0,0,0,0,0,0,0,0,NULL,NULL,0,0);
INSERT INTO "runs" VALUES(2,'courier','test','ewbscraper/0.1.0','2024-03-02T08:00:00Z',NULL,NULL,NULL,0,0,0,0,0,0,0,0,0,0,NULL,NULL,0,0);
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
CREATE TABLE tags (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
INSERT INTO "tags" VALUES(1,'bridges');
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
CREATE TABLE withheld_addresses (
  url_sha256 TEXT PRIMARY KEY,
  withheld INTEGER NOT NULL REFERENCES withheld(id)
) WITHOUT ROWID;
CREATE TABLE withheld_files (
  warc TEXT PRIMARY KEY,
  sha256_before TEXT NOT NULL,
  sha256_after TEXT NOT NULL
) WITHOUT ROWID
;
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
CREATE INDEX captures_media_of ON captures(media_of) WHERE media_of IS NOT NULL;
CREATE INDEX captures_same_as ON captures(same_as) WHERE same_as IS NOT NULL;
CREATE INDEX media_waiting ON media(outlet, attempts, article DESC, depth) WHERE state = 'waiting';
CREATE INDEX media_article ON media(article)
;
CREATE INDEX source_answers_url ON source_answers(url, run);
CREATE INDEX withheld_article ON withheld(article);
CREATE INDEX withheld_addresses_withheld ON withheld_addresses(withheld);
CREATE INDEX withheld_records_withheld ON withheld_records(withheld);
CREATE INDEX withheld_records_capture ON withheld_records(capture);
CREATE INDEX withheld_records_run ON withheld_records(run, warc);
CREATE INDEX rights_signal ON rights(signal, value, capture)
;
CREATE INDEX frontier_newest ON frontier(outlet, coalesce(changed, discovered) DESC)
  WHERE ready AND next_look IS NOT NULL;
CREATE INDEX frontier_later ON frontier(outlet, next_look) WHERE NOT ready
;
CREATE TRIGGER _changes_article_authors_0 AFTER INSERT ON article_authors BEGIN INSERT INTO _changes SELECT 'article_authors', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_authors_1 AFTER UPDATE ON article_authors BEGIN INSERT INTO _changes SELECT 'article_authors', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_authors_2 AFTER UPDATE OF article ON article_authors BEGIN INSERT INTO _changes SELECT 'article_authors', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_authors_3 AFTER DELETE ON article_authors BEGIN INSERT INTO _changes SELECT 'article_authors', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_places_0 AFTER INSERT ON article_places BEGIN INSERT INTO _changes SELECT 'article_places', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_places_1 AFTER UPDATE ON article_places BEGIN INSERT INTO _changes SELECT 'article_places', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_places_2 AFTER UPDATE OF article ON article_places BEGIN INSERT INTO _changes SELECT 'article_places', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_places_3 AFTER DELETE ON article_places BEGIN INSERT INTO _changes SELECT 'article_places', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_sections_0 AFTER INSERT ON article_sections BEGIN INSERT INTO _changes SELECT 'article_sections', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_sections_1 AFTER UPDATE ON article_sections BEGIN INSERT INTO _changes SELECT 'article_sections', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_sections_2 AFTER UPDATE OF article ON article_sections BEGIN INSERT INTO _changes SELECT 'article_sections', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_sections_3 AFTER DELETE ON article_sections BEGIN INSERT INTO _changes SELECT 'article_sections', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_tags_0 AFTER INSERT ON article_tags BEGIN INSERT INTO _changes SELECT 'article_tags', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_tags_1 AFTER UPDATE ON article_tags BEGIN INSERT INTO _changes SELECT 'article_tags', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_tags_2 AFTER UPDATE OF article ON article_tags BEGIN INSERT INTO _changes SELECT 'article_tags', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_article_tags_3 AFTER DELETE ON article_tags BEGIN INSERT INTO _changes SELECT 'article_tags', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_captions_0 AFTER INSERT ON captions BEGIN INSERT INTO _changes SELECT 'captions', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_captions_1 AFTER UPDATE ON captions BEGIN INSERT INTO _changes SELECT 'captions', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_captions_2 AFTER UPDATE OF article ON captions BEGIN INSERT INTO _changes SELECT 'captions', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_captions_3 AFTER DELETE ON captions BEGIN INSERT INTO _changes SELECT 'captions', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_captures_0 AFTER INSERT ON captures BEGIN INSERT INTO _changes SELECT 'captures', NEW.id >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_captures_1 AFTER UPDATE ON captures BEGIN INSERT INTO _changes SELECT 'captures', NEW.id >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_captures_2 AFTER UPDATE OF id ON captures BEGIN INSERT INTO _changes SELECT 'captures', OLD.id >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_captures_3 AFTER DELETE ON captures BEGIN INSERT INTO _changes SELECT 'captures', OLD.id >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_found_by_0 AFTER INSERT ON found_by BEGIN INSERT INTO _changes SELECT 'found_by', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_found_by_1 AFTER UPDATE ON found_by BEGIN INSERT INTO _changes SELECT 'found_by', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_found_by_2 AFTER UPDATE OF article ON found_by BEGIN INSERT INTO _changes SELECT 'found_by', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_found_by_3 AFTER DELETE ON found_by BEGIN INSERT INTO _changes SELECT 'found_by', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_links_0 AFTER INSERT ON links BEGIN INSERT INTO _changes SELECT 'links', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_links_1 AFTER UPDATE ON links BEGIN INSERT INTO _changes SELECT 'links', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_links_2 AFTER UPDATE OF article ON links BEGIN INSERT INTO _changes SELECT 'links', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_links_3 AFTER DELETE ON links BEGIN INSERT INTO _changes SELECT 'links', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_media_0 AFTER INSERT ON media BEGIN INSERT INTO _changes SELECT 'media', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_media_1 AFTER UPDATE ON media BEGIN INSERT INTO _changes SELECT 'media', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_media_2 AFTER UPDATE OF article ON media BEGIN INSERT INTO _changes SELECT 'media', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_media_3 AFTER DELETE ON media BEGIN INSERT INTO _changes SELECT 'media', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_media_4 BEFORE INSERT ON media BEGIN INSERT INTO _changes SELECT 'media', media.article >> 12, random() FROM media WHERE outlet = NEW.outlet AND url = NEW.url AND article >> 12 != NEW.article >> 12 ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_media_5 BEFORE UPDATE OF outlet, url ON media BEGIN INSERT INTO _changes SELECT 'media', media.article >> 12, random() FROM media WHERE outlet = NEW.outlet AND url = NEW.url AND article >> 12 != NEW.article >> 12 ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_readings_0 AFTER INSERT ON readings BEGIN INSERT INTO _changes SELECT 'readings', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_readings_1 AFTER UPDATE ON readings BEGIN INSERT INTO _changes SELECT 'readings', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_readings_2 AFTER UPDATE OF article ON readings BEGIN INSERT INTO _changes SELECT 'readings', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_readings_3 AFTER DELETE ON readings BEGIN INSERT INTO _changes SELECT 'readings', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_related_posts_0 AFTER INSERT ON related_posts BEGIN INSERT INTO _changes SELECT 'related_posts', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_related_posts_1 AFTER UPDATE ON related_posts BEGIN INSERT INTO _changes SELECT 'related_posts', NEW.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_related_posts_2 AFTER UPDATE OF article ON related_posts BEGIN INSERT INTO _changes SELECT 'related_posts', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_related_posts_3 AFTER DELETE ON related_posts BEGIN INSERT INTO _changes SELECT 'related_posts', OLD.article >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_rights_0 AFTER INSERT ON rights BEGIN INSERT INTO _changes SELECT 'rights', NEW.capture >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_rights_1 AFTER UPDATE ON rights BEGIN INSERT INTO _changes SELECT 'rights', NEW.capture >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_rights_2 AFTER UPDATE OF capture ON rights BEGIN INSERT INTO _changes SELECT 'rights', OLD.capture >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_rights_3 AFTER DELETE ON rights BEGIN INSERT INTO _changes SELECT 'rights', OLD.capture >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_runs_0 AFTER INSERT ON runs BEGIN INSERT INTO _changes SELECT 'runs', NEW.id >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_runs_1 AFTER UPDATE ON runs BEGIN INSERT INTO _changes SELECT 'runs', NEW.id >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_runs_2 AFTER UPDATE OF id ON runs BEGIN INSERT INTO _changes SELECT 'runs', OLD.id >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_runs_3 AFTER DELETE ON runs BEGIN INSERT INTO _changes SELECT 'runs', OLD.id >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_source_answers_0 AFTER INSERT ON source_answers BEGIN INSERT INTO _changes SELECT 'source_answers', NEW.run >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_source_answers_1 AFTER UPDATE ON source_answers BEGIN INSERT INTO _changes SELECT 'source_answers', NEW.run >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_source_answers_2 AFTER UPDATE OF run ON source_answers BEGIN INSERT INTO _changes SELECT 'source_answers', OLD.run >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_source_answers_3 AFTER DELETE ON source_answers BEGIN INSERT INTO _changes SELECT 'source_answers', OLD.run >> 12, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_frontier_0 AFTER INSERT ON frontier BEGIN INSERT INTO _changes SELECT 'frontier', NEW.outlet, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_frontier_1 AFTER UPDATE ON frontier BEGIN INSERT INTO _changes SELECT 'frontier', NEW.outlet, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_frontier_2 AFTER UPDATE OF outlet ON frontier BEGIN INSERT INTO _changes SELECT 'frontier', OLD.outlet, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_frontier_3 AFTER DELETE ON frontier BEGIN INSERT INTO _changes SELECT 'frontier', OLD.outlet, random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_articles_0 AFTER INSERT ON articles BEGIN INSERT INTO _changes SELECT 'articles', NEW.outlet || ' ' || ifnull(substr(NEW.published_utc, 1, 7), ''), random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_articles_1 AFTER UPDATE ON articles BEGIN INSERT INTO _changes SELECT 'articles', NEW.outlet || ' ' || ifnull(substr(NEW.published_utc, 1, 7), ''), random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_articles_2 AFTER UPDATE OF outlet, published ON articles BEGIN INSERT INTO _changes SELECT 'articles', OLD.outlet || ' ' || ifnull(substr(OLD.published_utc, 1, 7), ''), random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_articles_3 AFTER DELETE ON articles BEGIN INSERT INTO _changes SELECT 'articles', OLD.outlet || ' ' || ifnull(substr(OLD.published_utc, 1, 7), ''), random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_articles_4 BEFORE INSERT ON articles BEGIN INSERT INTO _changes SELECT 'articles', articles.outlet || ' ' || ifnull(substr(articles.published_utc, 1, 7), ''), random() FROM articles WHERE id = NEW.id OR url = NEW.url ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_articles_5 BEFORE UPDATE OF id, url ON articles BEGIN INSERT INTO _changes SELECT 'articles', articles.outlet || ' ' || ifnull(substr(articles.published_utc, 1, 7), ''), random() FROM articles WHERE id = NEW.id OR url = NEW.url ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_revisions_0 AFTER INSERT ON revisions BEGIN INSERT INTO _changes SELECT 'revisions', articles.outlet || ' ' || ifnull(substr(articles.published_utc, 1, 7), ''), random() FROM articles WHERE id = NEW.article ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_revisions_1 AFTER UPDATE ON revisions BEGIN INSERT INTO _changes SELECT 'revisions', articles.outlet || ' ' || ifnull(substr(articles.published_utc, 1, 7), ''), random() FROM articles WHERE id = NEW.article ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_revisions_2 AFTER UPDATE OF article ON revisions BEGIN INSERT INTO _changes SELECT 'revisions', articles.outlet || ' ' || ifnull(substr(articles.published_utc, 1, 7), ''), random() FROM articles WHERE id = OLD.article ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_revisions_3 AFTER DELETE ON revisions BEGIN INSERT INTO _changes SELECT 'revisions', articles.outlet || ' ' || ifnull(substr(articles.published_utc, 1, 7), ''), random() FROM articles WHERE id = OLD.article ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_revisions_4 BEFORE INSERT ON revisions BEGIN INSERT INTO _changes SELECT 'revisions', articles.outlet || ' ' || ifnull(substr(articles.published_utc, 1, 7), ''), random() FROM articles WHERE id = (SELECT article FROM revisions WHERE id = NEW.id) ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_revisions_5 BEFORE UPDATE OF id ON revisions BEGIN INSERT INTO _changes SELECT 'revisions', articles.outlet || ' ' || ifnull(substr(articles.published_utc, 1, 7), ''), random() FROM articles WHERE id = (SELECT article FROM revisions WHERE id = NEW.id) ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_revisions_6 BEFORE INSERT ON articles BEGIN INSERT INTO _changes SELECT 'revisions', articles.outlet || ' ' || ifnull(substr(articles.published_utc, 1, 7), ''), random() FROM articles WHERE (id = NEW.id OR url = NEW.url) AND EXISTS (SELECT 1 FROM revisions WHERE article = articles.id) ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_revisions_7 BEFORE UPDATE OF id, url ON articles BEGIN INSERT INTO _changes SELECT 'revisions', articles.outlet || ' ' || ifnull(substr(articles.published_utc, 1, 7), ''), random() FROM articles WHERE (id = NEW.id OR url = NEW.url) AND EXISTS (SELECT 1 FROM revisions WHERE article = articles.id) ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_revisions_8 AFTER INSERT ON articles WHEN EXISTS (SELECT 1 FROM revisions WHERE article = NEW.id) BEGIN INSERT INTO _changes SELECT 'revisions', NEW.outlet || ' ' || ifnull(substr(NEW.published_utc, 1, 7), ''), random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_revisions_9 AFTER UPDATE OF id, outlet, published ON articles WHEN EXISTS (SELECT 1 FROM revisions WHERE article = NEW.id) BEGIN INSERT INTO _changes SELECT 'revisions', NEW.outlet || ' ' || ifnull(substr(NEW.published_utc, 1, 7), ''), random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_revisions_10 AFTER UPDATE OF id, outlet, published ON articles WHEN EXISTS (SELECT 1 FROM revisions WHERE article = OLD.id) BEGIN INSERT INTO _changes SELECT 'revisions', OLD.outlet || ' ' || ifnull(substr(OLD.published_utc, 1, 7), ''), random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
CREATE TRIGGER _changes_revisions_11 AFTER DELETE ON articles WHEN EXISTS (SELECT 1 FROM revisions WHERE article = OLD.id) BEGIN INSERT INTO _changes SELECT 'revisions', OLD.outlet || ' ' || ifnull(substr(OLD.published_utc, 1, 7), ''), random() WHERE true ON CONFLICT DO UPDATE SET stamp = random(); END;
PRAGMA writable_schema=OFF;
COMMIT;
