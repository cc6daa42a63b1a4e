"""archive.db: schema, store, search, named queries, citations; and the WARC files beside it."""
