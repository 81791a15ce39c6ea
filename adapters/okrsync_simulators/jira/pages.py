"""Results that are handed out page by page under a token, as the vendor does it.

A token belongs to its question and grows old; what it continues was fixed by the first page.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

LIFETIME = timedelta(days=7)
KEPT = 64


class StaleTokenError(Exception):
    """A token that is unknown, too old, or belongs to another question."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page and the token of the next, if there is one."""

    items: Sequence[Any]
    next_token: str | None


@dataclass(frozen=True, slots=True)
class _Result:
    question: str
    items: Sequence[Any]
    opened: datetime


class Pages:
    """Keeps the results of the latest questions."""

    def __init__(self) -> None:
        self._results: OrderedDict[int, _Result] = OrderedDict()
        self._opened = 0

    def first(self, question: str, items: Sequence[Any], size: int, now: datetime) -> Page:
        """Return the first page of *items*; keep them only if there is a second one."""
        if len(items) <= size:
            return Page(items, None)
        self._opened += 1
        self._results[self._opened] = _Result(question, items, now)
        if len(self._results) > KEPT:
            self._results.popitem(last=False)
        return Page(items[:size], _token(self._opened, size))

    def following(self, token: str, question: str, size: int, now: datetime) -> Page:
        """Return the page that *token* stands for."""
        number, start = _read(token)
        result = self._results.get(number)
        if result is None or result.question != question or now - result.opened > LIFETIME:
            raise StaleTokenError(token)
        end = start + size
        more = end < len(result.items)
        return Page(result.items[start:end], _token(number, end) if more else None)

    def forget_all(self) -> None:
        """Let every token expire."""
        self._results.clear()


def _token(number: int, start: int) -> str:
    return base64.urlsafe_b64encode(f"page {number} {start}".encode()).decode()


def _read(token: str) -> tuple[int, int]:
    try:
        _, number, start = base64.urlsafe_b64decode(token).decode().split(" ")
        return int(number), int(start)
    except ValueError as error:
        raise StaleTokenError(token) from error
