"""What many outlets need, as docs/more-than-one-machine.md says it: what was measured, times their number.

python benchmarks/needs.py [OUTLETS ARTICLES]
"""

import sys

PAGE, NEW, LOOKS, HOURS = 0.0194, 60, 5, 24
"""Seconds of CPU of a crawled page; new articles of an outlet a day (supposed), how often each is asked for in its
first days (docs/run-it-every-hour.md), runs a day."""
SECONDS = {
    "reparse": (1 / 89, "89 pages a second of CPU, results.md"),
    "`merge` of them into one archive": (0.0031, "3.1 ms, 5,000 invented articles"),
    "`export --format parquet`, the first": (58.9 / 300_000, "0.20 ms, `benchmarks exporting`"),
    "… with nothing changed": (0.51 / 300_000, "1.7 µs, the same"),
    "`snapshot`": (20.2 / 300_000, "67 µs, 300,000 invented articles"),
    "`verify`, every WARC record read": (0.0011, "1.1 ms, 800 pages of the corpus"),
}
"""CPU an article, and whence."""
BYTES = {
    "`archive.db`": (22_100, "785 articles of the corpus; 17,800 of 300,000 invented ones"),
    "… the search index in it": (4_300, "the same, `dbstat`"),
    "WARC": (60_000, "mean of 258 news pages on the wire, gzip; 42,500 of the corpus"),
    "Parquet": (8_100, "785 articles of the corpus; 4,900 invented"),
}
"""An article, and whence."""


def table(outlets: int, articles: int) -> str:
    """In Markdown."""
    looks, new = articles / 30, outlets * NEW * LOOKS
    each = articles / outlets
    rows = [
        ("first crawl, CPU", "19.4 ms a page, results.md", hours(articles * PAGE)),
        ("… by the clock", f"a page a second and outlet, {each:,.0f} each", hours(each)),
        ("… cores busy until then", "19.4 ms a second and outlet", f"{outlets * PAGE:.1f}"),
        ("a day: runs that find nothing", f"1.43 s, {HOURS} of each outlet, results.md", hours(outlets * HOURS * 1.43)),
        ("a day: new articles", f"{NEW} an outlet (supposed), {LOOKS} requests each", hours(new * PAGE)),
        ("a day: each old one once a month", f"{looks:,.0f} requests, 19.4 ms at most", hours(looks * PAGE)),
        *((what, whence, hours(articles * cpu)) for what, (cpu, whence) in SECONDS.items()),
        *(
            (what, f"{size:,} bytes: {whence}", f"{articles * size / 1e9:,.0f} GB")
            for what, (size, whence) in BYTES.items()
        ),
    ]
    head = f"| | an article, and where it was measured | {outlets:,} outlets, {articles / 1e6:g} million articles |"
    return "\n".join([head, "| --- | --- | ---: |", *(f"| {' | '.join(row)} |" for row in rows)])


def hours(seconds: float) -> str:
    """Rounded as a slope deserves."""
    return (
        f"{seconds / 3600:,.0f} h"
        if seconds >= 36_000
        else f"{seconds / 3600:.1f} h"
        if seconds > 360
        else f"{seconds:.0f} s"
    )


if __name__ == "__main__":
    print(table(*(int(word.replace("_", "")) for word in sys.argv[1:] or ("500", "50_000_000"))))
