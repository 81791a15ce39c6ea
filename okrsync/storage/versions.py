"""Which schema a store has, and bringing it to ours."""

from __future__ import annotations

from pathlib import Path

from okrsync.databases.revisions import Schema
from okrsync.storage.schema import REVISIONS, VERSION_TABLE

MIGRATIONS = Path(__file__).parent / "migrations"

SCHEMA = Schema("the store", VERSION_TABLE, REVISIONS, MIGRATIONS)
