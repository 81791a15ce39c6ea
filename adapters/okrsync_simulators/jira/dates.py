"""Dates in JQL: minute literals in the user's zone, periods back from now, epoch milliseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

FORMATS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
PERIOD = re.compile(r"(?P<sign>[+-])?(?P<parts>\d+[wdhm](?:\s+\d+[wdhm])*)")
UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
EPOCH_DIGITS = 12


def moment(text: str, *, quoted: bool, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return what *text* means, or nothing if it is no date; only bare numbers are epochs."""
    if not quoted and text.isdigit() and len(text) >= EPOCH_DIGITS:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    if period := PERIOD.fullmatch(text):
        return _whole_minute(now + _length(period))
    return next((found for form in FORMATS if (found := _literal(text, form, zone))), None)


def site_time(at: datetime, zone: ZoneInfo) -> str:
    """Write a moment as Jira does: milliseconds, and an offset without a colon."""
    text = at.astimezone(zone).isoformat(timespec="milliseconds")
    return text[:-3] + text[-2:]


def _length(period: re.Match[str]) -> timedelta:
    total = timedelta()
    for part in period["parts"].split():
        total += timedelta(**{UNITS[part[-1]]: int(part[:-1])})
    return -total if period["sign"] == "-" else total


def _whole_minute(at: datetime) -> datetime:
    """Return what JQL makes of a moment: it counts in minutes."""
    return at.replace(second=0, microsecond=0)


def _literal(text: str, form: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=zone)
    except ValueError:
        return None
