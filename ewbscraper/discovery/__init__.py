"""Bytes of a sitemap, feed, REST answer or listing page become Links."""
