"""What a crawl asks: sources, links, further pages, pictures; and a look that keeps nothing."""
