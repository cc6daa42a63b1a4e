"""An archive of regional news that a researcher can search, quote and prove."""

__version__ = "0.1.0"
