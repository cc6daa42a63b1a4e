"""Scrapy's settings for every way in: `ewbscraper crawl`, `scrapy crawl`, Scrapyd."""

import os

from ewbscraper import __version__

BOT_NAME = "ewbscraper"
USER_AGENT = f"ewbscraper/{__version__} (archive of regional news)"
SPIDER_LOADER_CLASS = "ewbscraper.crawl.running.loader.OutletLoader"

EWB_ARCHIVE = os.environ.get("EWBSCRAPER_ARCHIVE", "archive.db")
EWB_CONTACT = os.environ.get("EWBSCRAPER_CONTACT", "")
EWB_PAGE_LIMIT = 10_000_000
"""Bytes on the wire after which a page is cut: kept in the WARC as far as it came, never parsed."""

CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 1  # no page is asked for while one waits to be saved: a kill costs two fetches
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0  # docs/run-it-every-hour.md promises at least a second
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0  # Scrapy's 5 loses ten seconds a run
EWB_PAUSE = 10.0
"""Seconds to wait after a 429 or 503 that names no time; twice as long after each further one of the same page."""
DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy's default takes any; an outlet may say `any_certificate`
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 50_000_000  # decompressed: the end of a gzip bomb
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # half a page is evidence too: the spider sees the flag
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the spider says it, and `status`
RETRY_PRIORITY_ADJUST = 1  # a page that was asked to wait comes next: behind others it was refused three times
HTTPERROR_ALLOW_ALL = True
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False

CONCURRENT_ITEMS = 1  # the default starts 100 tasks per response: 0.65 of the CPU without
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the frontier knows what was asked
HTTPCACHE_ENABLED = False  # its RFC 2616 policy missed 10 of 10 changed pages
DOWNLOADER_STATS = False  # the row in `runs` counts; it writes out each request to measure it
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # Scrapy 2.19 opens a port that runs code

# What is connected to is looked at (reach.py); what is neither http nor https is not even read from this disk.
TWISTED_DNS_RESOLVER = "ewbscraper.crawl.connections.reach.Resolver"
DOWNLOAD_HANDLERS = {
    "http": "ewbscraper.crawl.connections.reach.Handler",
    "https": "ewbscraper.crawl.connections.reach.Handler",
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "ewbscraper.crawl.middlewares.withheld.WithheldMiddleware": 40,
    "ewbscraper.crawl.middlewares.offsite.HostMiddleware": 50,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "ewbscraper.crawl.middlewares.offsite.Redirects": 600,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "ewbscraper.crawl.middlewares.robots.RobotsMiddleware": 100,
    # Nearest to the wire: sees each response before redirects, retries and decompression do.
    "ewbscraper.crawl.middlewares.capture.CaptureMiddleware": 950,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    # Before Scrapy's retries (550): who is asked to wait does not ask again at once.
    "ewbscraper.crawl.middlewares.pace.PaceMiddleware": 560,
    "ewbscraper.crawl.middlewares.decompression.DecompressionMiddleware": 590,
}
# What requests out of callbacks need: there are none. Each takes its turn at every page. That of referers stays, as
# redirects set theirs by it, and warn at each start where it is not there.
SPIDER_MIDDLEWARES = dict.fromkeys(
    (
        "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware",
        "scrapy.spidermiddlewares.depth.DepthMiddleware",
        "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware",
    )
)
EXTENSIONS = {
    # Off, too, where they are only read: 0.1 s of each start.
    "scrapy.extensions.remote_control.RemoteControl": None,
    "scrapy.extensions.telnet.TelnetConsole": None,
}

LOG_LEVEL = "INFO"
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
LOG_DATEFORMAT = "%Y-%m-%d %H:%M:%S"
