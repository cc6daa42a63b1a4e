"""What a crawl may connect to, whatever a name resolves to."""
