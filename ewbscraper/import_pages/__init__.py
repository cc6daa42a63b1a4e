"""Pages that other tools captured, taken in with their own dates: WARC and WACZ files."""
