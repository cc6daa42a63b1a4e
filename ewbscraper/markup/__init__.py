"""Bytes on their way to a page: their charset, and mark-up that means harm."""
