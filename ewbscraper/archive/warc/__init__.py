"""Pages as received, in WARC files beside the archive, and the seals over them."""
