"""`python -m ewbscraper` is the command `ewbscraper`."""

from ewbscraper.cli import main

main()
