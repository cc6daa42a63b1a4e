"""`python -m ewbscraper.sample_site [PORT] [EDITION]` serves the newspaper until Ctrl-C."""

import sys
import threading

from ewbscraper.sample_site.server import SampleSite


def main() -> None:
    port, edition = (*sys.argv[1:], *("8010", "monday")[len(sys.argv) - 1 :])
    if not port.isdecimal():
        sys.exit(__doc__)
    with SampleSite(int(port), edition) as site:
        sys.stderr.write(f"{edition}'s edition at {site.url}/ (Ctrl-C stops)\n")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
