"""The tables of the store, and the revisions of them that this version knows.

Promises: no column names or describes a person; a moment is a number of microseconds since
1970 in UTC, so it sorts alike on every database; refs sort by code point, as they do in Python.
What is only ever read as a whole (an item's facts, lists of labels) is JSON in one column.
Changing a table here means adding a migration; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

VERSION_TABLE = "okrsync_store_version"
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
"""Every schema this version can start from, oldest first; the last is its own."""

metadata = MetaData()

_moment = BigInteger
_number = BigInteger().with_variant(Integer(), "sqlite")
_ref = Text().with_variant(Text(collation="C"), "postgresql")


def _item_key() -> tuple[Column[str], Column[str]]:
    """Build the two columns that say which item a row is about, as the key's beginning."""
    return (
        Column("tracker", _ref, primary_key=True),
        Column("item", _ref, primary_key=True),
    )


def _about_item() -> tuple[Column[str], Column[str]]:
    """Build the same two columns where they are not the key."""
    return (Column("tracker", _ref, nullable=False), Column("item", _ref, nullable=False))


def _numbered() -> Column[int]:
    return Column("id", _number, primary_key=True, autoincrement=True)


mirror = Table(
    "mirror",
    metadata,
    *_item_key(),
    Column("scope", _ref, nullable=False),
    Column("key_folded", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("direct", Boolean, nullable=False),
    Column("pull", _number, nullable=False),
    Column("updated", _moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("shown", LargeBinary),
    Index("mirror_by_scope", "tracker", "scope", "item"),
    Index("mirror_by_key", "key_folded"),
)

newest = Table("newest", metadata, *_item_key(), Column("updated", _moment, nullable=False))
"""The newest `updated` ever believed of an item; outlives the mirror."""

item_heads = Table(
    "item_heads",
    metadata,
    *_item_key(),
    Column("known_at", _moment),
    Column("basis_work", Text),
    Column("basis_goals", Text),
)

label_rows = Table(
    "label_rows",
    metadata,
    *_item_key(),
    Column("label", _ref, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("since", _moment, nullable=False),
    Column("run", _number),
    Column("label_id", Text),
    Column("goal", Text),
    Index("label_rows_by_origin", "origin", "tracker", "item"),
)

acts = Table(
    "acts",
    metadata,
    *_item_key(),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("at", _moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("goal", Text, nullable=False),
    Column("voice", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("proven", Boolean, nullable=False),
)

holds = Table(
    "holds",
    metadata,
    *_item_key(),
    Column("desired", Text, nullable=False),
    Column("run", _number),
)

disputes = Table(
    "disputes",
    metadata,
    *_item_key(),
    Column("label", _ref, primary_key=True),
    Column("until", _moment, nullable=False),
)

mutes = Table("mutes", metadata, *_item_key(), Column("label", _ref, primary_key=True))
foreign_verdicts = Table(
    "foreign_verdicts", metadata, *_item_key(), Column("label", _ref, primary_key=True)
)
unwritten = Table("unwritten", metadata, *_item_key(), Column("label", _ref, primary_key=True))
stops = Table(
    "stops",
    metadata,
    *_item_key(),
    Column("vanishing", _ref, primary_key=True),
    Index("stops_by_vanishing", "vanishing", "tracker", "item"),
)

intents = Table(
    "intents",
    metadata,
    _numbered(),
    *_about_item(),
    Column("run", _number, nullable=False),
    Column("opened", _moment, nullable=False),
    Column("since", _moment, nullable=False),
    Column("before", Text, nullable=False),
    Column("add", Text, nullable=False),
    Column("remove", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("budget", Text),
    Column("task", Text),
    Column("batch", Text),
    Column("closed", _moment),
    Column("settled_at", _moment),
    Column("after", Text),
    Column("outcome", Text),
    Index("intents_by_item", "tracker", "item", "id"),
    sqlite_autoincrement=True,
)
Index(
    "one_open_intent_an_item",
    intents.c.tracker,
    intents.c.item,
    unique=True,
    sqlite_where=text("closed IS NULL"),
)

journal = Table(
    "journal",
    metadata,
    _numbered(),
    *_about_item(),
    Column("run", _number, nullable=False),
    Column("key", Text, nullable=False),
    Column("scope", _ref, nullable=False),
    Column("at", _moment, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("added", Text, nullable=False),
    Column("removed", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("budget", Text),
    Column("because", Text, nullable=False),
    Index("journal_by_run", "run"),
    Index("journal_by_item", "tracker", "item"),
    Index("journal_by_time", "tracker", "at"),
    sqlite_autoincrement=True,
)

runs = Table(
    "runs",
    metadata,
    _numbered(),
    Column("kind", Text, nullable=False),
    Column("started", _moment, nullable=False),
    Column("ended", _moment),
    Column("exit_code", Integer),
    Column("summary", Text, nullable=False),
    sqlite_autoincrement=True,
)

plans = Table(
    "plans",
    metadata,
    _numbered(),
    Column("digest", Text, nullable=False),
    Column("run", _number, nullable=False),
    Column("created", _moment, nullable=False),
    Column("cause", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("items", Integer, nullable=False),
    Column("labels", Integer, nullable=False),
    sqlite_autoincrement=True,
)

plan_edits = Table(
    "plan_edits",
    metadata,
    Column("plan", _number, ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True),
    *_item_key(),
    Column("key", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("add", Text, nullable=False),
    Column("remove", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("verdict", Text),
    Column("because", Text, nullable=False),
    Column("cause", Text, nullable=False),
)

vanishings = Table(
    "vanishings",
    metadata,
    Column("id", _ref, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("tracker", _ref, nullable=False),
    Column("scope", Text),
    Column("label", Text),
    Column("since", _moment, nullable=False),
    Column("lost", Text, nullable=False),
    Column("answer", Text),
)

notes = Table(
    "notes",
    metadata,
    Column("name", _ref, primary_key=True),
    Column("value", Text, nullable=False),
)

goal_snapshots = Table(
    "goal_snapshots",
    metadata,
    _numbered(),
    Column("digest", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("at", _moment, nullable=False),
    sqlite_autoincrement=True,
)

findings = Table(
    "findings",
    metadata,
    *_item_key(),
    Column("code", _ref, primary_key=True),
    Column("other", _ref, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("round", _number, nullable=False),
    Column("first_seen", _moment, nullable=False),
    Column("last_seen", _moment, nullable=False),
    Column("gone_since", _moment),
    Index("findings_by_round", "round"),
    Index("findings_by_end", "gone_since"),
)
"""Those about goals have no tracker, and the goal's case-folded id for an item."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("kind", _ref, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("payload", Text, nullable=False),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    _numbered(),
    *_about_item(),
    Column("since", _moment, nullable=False),
    Column("at", _moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("why", Text, nullable=False),
    Index("one_dead_letter_an_item", "tracker", "item", unique=True),
    sqlite_autoincrement=True,
)
"""Items somebody rang for, and nothing came of it."""

unsettled = Table("unsettled", metadata, *_item_key())
"""Items of which something changed since their labels were last found to be in order."""

above = Table(
    "above",
    metadata,
    *_item_key(),
    Column("up", _ref, primary_key=True),
    Index("above_by_up", "tracker", "up", "item"),
)
"""What is directly above mirrored items: their parents and what holds them."""

marks = Table(
    "marks",
    metadata,
    Column("tracker", _ref, primary_key=True),
    Column("scope", _ref, primary_key=True),
    Column("basis", Text, nullable=False),
    Column("watermark", _moment),
    Column("began", _moment),
    Column("swept", _moment),
    Column("read", _moment),
    Column("tried", _moment),
    Column("settled_under", Text),
)
"""How far scopes have been read, and under which goals and rules all of it was judged last."""

verdicts = Table(
    "verdicts",
    metadata,
    *_item_key(),
    Column("verdict", Text, nullable=False),
    Column("goals", Text, nullable=False),
    Column("verdict_before", Text),
    Column("goals_before", Text),
    Column("moved", _moment),
    Column("because", Text, nullable=False),
    Index("verdicts_by_move", "moved"),
)
"""What items were last judged to be, and what before that, where it changed."""


def _told() -> tuple[Column[str], ...]:
    """Build the columns that say which report a row is about, as the key's beginning."""
    return tuple(Column(name, _ref, primary_key=True) for name in ("edition", "period", "about"))


mails = Table(
    "mails",
    metadata,
    *_told(),
    Column("address", _ref, primary_key=True),
    Column("state", Text, nullable=False),
    Column("made", _moment, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sent", _moment),
    Column("why", Text, nullable=False),
    Index("mails_by_state", "state"),
)
"""Addresses are those of the settings: of recipients, never of people who are mirrored."""

reports = Table(
    "reports",
    metadata,
    *_told(),
    Column("made", _moment, nullable=False),
    Column("forms", Text, nullable=False),
)
"""Reports as they were told, in every form."""
