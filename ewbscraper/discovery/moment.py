"""Times as sources write them become UTC, `2026-11-23T03:00:00Z`."""

from datetime import UTC, datetime, tzinfo

from dateutil.parser import isoparse


def utc(moment: datetime) -> str | None:
    """An aware time in our form; None where it falls out of the calendar."""
    try:
        return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    except OverflowError:
        return None


def from_iso(text: object, zone: tzinfo, fold: int = 0) -> str | None:
    """An ISO 8601 time or day, in `zone` where it has no offset; None where it is none.

    `fold` says which of the two hours is meant when clocks go back.
    """
    try:
        moment = isoparse(text.strip()) if isinstance(text, str) else None
    except (ValueError, OverflowError):
        return None
    if moment is None:
        return None
    return utc(moment if moment.tzinfo else moment.replace(tzinfo=zone, fold=fold))
