"""Taking an article down, with a trail, and putting it back: docs/rights.md."""
