"""The two kinds of column that SQLite and PostgreSQL hold differently.

What somebody else wrote there by hand comes back as it is, readable or not: whether it can be used
is decided where the row's place is known.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine


class DateColumn(TypeDecorator[Any]):
    """A day: ``DATE``, or in SQLite, which has none, its ISO text."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        """Write a day."""
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value


class WordsColumn(TypeDecorator[Any]):
    """A list of words: ``JSONB``, or in SQLite JSON as text."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> Any:
        """Write a list."""
        words = list(value or ())
        return words if dialect.name == "postgresql" else json.dumps(words, ensure_ascii=False)

    def process_result_value(self, value: Any, _dialect: Dialect) -> Any:
        """Read a list, or whatever else is there."""
        if isinstance(value, str):
            with suppress(ValueError):
                return json.loads(value)
        return value
