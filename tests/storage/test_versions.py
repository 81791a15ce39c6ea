"""A store is brought to this version's schema, and one of a newer okrsync is left alone."""

import sqlite3
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from okrsync.databases.revisions import migrate
from okrsync.errors import StoreError
from okrsync.storage import open_store
from okrsync.storage.dead_letters import DeadLetters
from okrsync.storage.findings import Findings
from okrsync.storage.intents import Intents
from okrsync.storage.journal import Journal
from okrsync.storage.ledger import Ledger
from okrsync.storage.mirror import Mirror
from okrsync.storage.notes import Notes
from okrsync.storage.plans import Plans
from okrsync.storage.runs import Runs
from okrsync.storage.schema import REVISIONS, VERSION_TABLE, metadata
from okrsync.storage.snapshots import Snapshots
from okrsync.storage.vanished import Vanished
from okrsync.storage.versions import MIGRATIONS, SCHEMA
from tests.storage.test_mirror import NOW

COLUMNS = {
    "about", "add", "added", "address", "after", "answer", "at", "basis", "basis_goals",
    "basis_work", "batch", "because", "before", "began", "body", "budget", "cause", "closed",
    "code", "content", "created", "day", "desired", "digest", "direct", "edition", "ended",
    "exit_code", "fingerprint", "first_seen", "forms", "goal", "goals", "goals_before",
    "gone_since", "id", "item", "items", "key", "key_folded", "kind", "known_at", "label",
    "label_id", "labels", "last_seen", "lost", "made", "message_id", "moved", "name", "opened",
    "origin", "other", "outcome", "payload", "period", "plan", "position", "proven", "pull",
    "purpose", "read", "remove", "removed", "role", "round", "run", "scope", "sent", "settled_at",
    "settled_under", "severity", "shown", "since", "size", "started", "state", "status", "summary",
    "swept", "task", "title", "tracker", "tried", "tries", "until", "up", "updated", "url", "value",
    "vanishing", "verdict", "verdict_before", "voice", "watermark", "why",
}  # fmt: skip
"""Every column there is; think of promise 9 before adding one. `address` is where mails of the
settings' recipients went; nobody's address comes from a tracker."""


def test_no_column_holds_a_person():
    assert {column.name for table in metadata.tables.values() for column in table.c} == COLUMNS


def test_migrating_from_nothing_gives_exactly_the_tables(store):
    store.upgrade()
    with store.begin() as tx:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(tx._db._connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_the_known_revisions_are_the_migrations():
    scripts = [s.revision for s in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    assert tuple(reversed(scripts)) == REVISIONS


def test_upgrading_again_changes_nothing(store):
    store.upgrade()
    with store.begin() as tx:
        tx.start_run("pull", NOW)
    store.upgrade()
    with store.begin() as tx:
        assert len(tx.runs()) == 1


def test_a_path_with_a_percent_sign_can_be_migrated(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/50%d/x.db")
    store.upgrade()
    store.close()


def test_a_store_of_a_newer_okrsync_is_refused_and_left_alone(store, path):
    store.upgrade()
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")  # noqa: S608 - our own constant
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="of a newer okrsync") as caught, store.begin():
        pass
    assert "newer okrsync" in caught.value.hint
    with pytest.raises(StoreError, match="of a newer okrsync"):
        store.upgrade()
    assert path.read_bytes() == before


def test_a_database_of_others_is_not_set_up_without_being_asked(url, path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    connection.close()
    store = open_store(url)
    with pytest.raises(StoreError, match="is not set up") as caught, store.begin():
        pass
    assert caught.value.hint == "okrsync db upgrade"
    store.upgrade()
    with store.begin() as tx:
        assert list(tx.runs()) == []
    store.close()


def test_no_two_parts_of_a_transaction_define_the_same_name():
    parts = (
        Mirror, Ledger, Intents, Journal, Runs, Plans, Vanished, Notes, Findings, Snapshots,
        DeadLetters,
    )  # fmt: skip
    names = [name for part in parts for name in vars(part) if not name.startswith("__")]
    assert sorted(names) == sorted(set(names))


def test_a_store_of_the_first_schema_keeps_what_it_holds_and_learns_to_hold_findings(url):
    engine = create_engine(url)
    with engine.begin() as connection:
        migrate(connection, replace(SCHEMA, revisions=REVISIONS[:1]), url)
        connection.execute(text("INSERT INTO notes VALUES ('kept', '1')"))
    engine.dispose()
    store = open_store(url)
    with pytest.raises(StoreError, match="of an older okrsync"), store.begin():
        pass
    assert store.upgrade() == ("0001", REVISIONS[-1])
    with store.begin() as tx:
        assert tx.note("kept") == 1
        assert list(tx.findings_after(None, 10)) == []
        assert tx.snapshot("rules", NOW.date()) is None
    store.close()
