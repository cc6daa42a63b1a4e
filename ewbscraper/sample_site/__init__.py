"""The Lipa Gazette: a small invented newspaper that the demo and the tests crawl over real HTTP."""
