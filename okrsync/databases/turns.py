"""Writers take turns, as SQLite makes them do: what one read is still true when it writes."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

if TYPE_CHECKING:
    from sqlalchemy import Connection


def wait_for_turn(connection: Connection, what: str, seconds: float) -> None:
    """Wait until nobody else is in a transaction that writes *what*, at most so many seconds.

    SQLite did it when the transaction began. In PostgreSQL the turn ends with the transaction.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {max(1, int(seconds * 1000))}"))
        connection.execute(select(func.pg_advisory_xact_lock(key_of(what))))


def key_of(name: str) -> int:
    """Turn a name into a number that PostgreSQL can lock."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
