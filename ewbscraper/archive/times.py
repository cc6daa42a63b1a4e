"""Our own time stamps: UTC, ISO 8601, whole seconds, `Z` at the end, so that they sort as text."""

from datetime import UTC, datetime, timedelta

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def utc_now() -> str:
    """Now, as `2026-11-23T03:00:00Z`."""
    return datetime.now(UTC).strftime(FORMAT)


def later(stamp: str, delay: timedelta) -> str:
    """A time stamp of ours, moved."""
    return (parse(stamp) + delay).strftime(FORMAT)


def parse(stamp: str) -> datetime:
    """A time stamp of ours as an aware datetime."""
    return datetime.fromisoformat(stamp)
