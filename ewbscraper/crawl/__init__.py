"""The Scrapy project: settings, spiders, middlewares. Only this package knows Scrapy."""
