"""Extracts archived pages again, out of the WARCs, by today's rules. The site is not asked."""
