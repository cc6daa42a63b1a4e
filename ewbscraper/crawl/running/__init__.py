"""Spiders run: one or many in a process, from Python or by Scrapy's own commands."""
