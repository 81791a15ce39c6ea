"""Goals in tables: what is made and when, what is refused and how, and what the document says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from okrsync.core.goaledits import same
from okrsync.core.goals import CheckIn, Strategy
from okrsync.errors import ConfigError, RefusedError, StoreError
from okrsync.storage import open_store
from okrsync.testing import example_goals
from okrsync_sql.goals import open_goals
from okrsync_sql.tables import SCHEMA, metadata

if TYPE_CHECKING:
    from tests.goals.conftest import SqlWorld

DOCUMENT = Path(__file__).parents[2] / "docs/goals-database.md"


def engine_of(url: str):
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:"))


def problems(world: SqlWorld) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        world.source.read()
    return [str(problem) for problem in caught.value.problems]


def test_reading_makes_nothing_and_says_what_to_do(sql_url):
    with pytest.raises(ConfigError, match="there are no goals in") as caught:
        open_goals({"url": sql_url}, Path()).read()
    assert "okrsync okrs import DIR" in caught.value.hint
    if sql_url.startswith("sqlite"):
        assert not Path(sql_url.removeprefix("sqlite:///")).exists()
    else:
        engine = engine_of(sql_url)
        assert inspect(engine).get_table_names() == []
        engine.dispose()


def test_migrating_from_nothing_gives_exactly_the_tables(sql_url):
    open_goals({"url": sql_url}, Path()).upgrade()
    engine = engine_of(sql_url)
    with engine.connect() as connection:
        options = {"version_table": SCHEMA.version_table, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_known_revisions_are_the_migrations():
    scripts = [s.revision for s in ScriptDirectory(str(SCHEMA.migrations)).walk_revisions()]
    assert tuple(reversed(scripts)) == SCHEMA.revisions


def test_upgrading_again_changes_nothing(sql_world):
    assert sql_world.source.upgrade() == (SCHEMA.newest, SCHEMA.newest)
    assert same(sql_world.source.read().goals, example_goals())


def test_tables_of_a_newer_okrsync_are_refused_and_left_alone(sql_world):
    sql_world.run(f"UPDATE {SCHEMA.version_table} SET version_num = 'g9999'")  # noqa: S608 - ours
    source = sql_world.source
    for use in (source.read, source.upgrade, lambda: source.replace(example_goals())):
        with pytest.raises(StoreError, match="is of a newer okrsync"):
            use()


@pytest.mark.parametrize("first", ["goals", "store"])
def test_goals_and_store_share_a_database_whichever_comes_first(sql_url, first):
    def keep_goals() -> None:
        open_goals({"url": sql_url}, Path()).replace(example_goals())

    def keep_runs() -> None:
        store = open_store(sql_url)
        with store.begin() as tx:
            tx.put_note("n", 1)
        store.close()

    steps = [keep_goals, keep_runs]
    for step in steps if first == "goals" else reversed(steps):
        step()
    assert same(open_goals({"url": sql_url}, Path()).read().goals, example_goals())


def test_goals_that_changed_after_they_were_shown_are_not_replaced(sql_world):
    shown = sql_world.source.read().digest
    sql_world.editor.append("KR-BARE", CheckIn(date=date(2027, 3, 1), value=1.0))
    now = sql_world.source.read()
    with pytest.raises(RefusedError, match="changed meanwhile"):
        sql_world.source.replace(example_goals(), instead_of=shown)
    assert sql_world.source.read() == now
    sql_world.source.replace(example_goals(), instead_of=now.digest)


def test_nothing_at_all_is_no_replacement(sql_world):
    with pytest.raises(ConfigError, match="nothing to put"):
        sql_world.source.replace(replace(example_goals(), **dict.fromkeys(
            ("strategies", "customers", "journey", "units", "teams", "cycles", "objectives",
             "hypotheses", "beliefs"), ())))  # fmt: skip
    assert same(sql_world.source.read().goals, example_goals())


def test_a_text_that_no_database_keeps_is_refused_by_the_thing_that_holds_it(sql_world):
    goals = replace(example_goals(), strategies=(Strategy(id="S-27", mission="a\0b"),))
    with pytest.raises(ConfigError) as caught:
        sql_world.source.replace(goals)
    assert "database: S-27: 'mission' holds a NUL character" in map(str, caught.value.problems)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE okr_customers SET role = 'usr' WHERE id = 'rider'",
         "database: rider: 'role' in okr_customers must be one of"),
        ("UPDATE okr_hypotheses SET confidence = 1.5 WHERE id = 'H-MAP'",
         "database: H-MAP: 'confidence' in okr_hypotheses must be at most 1"),
        ("UPDATE okr_objectives SET title = ' ' WHERE id = 'O-TOWN'",
         "database: O-TOWN: 'title' in okr_objectives must not be empty"),
        ("UPDATE okr_objectives SET cycle = 'sprng' WHERE id = 'O-FIRST'",
         "database: O-FIRST: OKR103: there is no cycle 'sprng' (did you mean 'spring'?)"),
        ("UPDATE okr_hypotheses SET serves = '{}' WHERE id = 'H-MAP'",
         "database: H-MAP: 'serves' in okr_hypotheses must be a list"),
        ("UPDATE okr_evidence SET goal = 'H-GONE' WHERE goal = 'H-MAP'",
         "database: okr_evidence: a row belongs to 'H-GONE', which is gone"),
        ("UPDATE okr_check_ins SET value = 'NaN'",
         "database: KR-RIDE: 'value' in okr_check_ins must be a number"),
    ],
)  # fmt: skip
def test_what_somebody_wrote_by_hand_is_read_as_strictly_as_a_file(sql_world, statement, told):
    sql_world.run(statement)
    found = problems(sql_world)
    assert any(told in problem for problem in found), found


@pytest.mark.parametrize("cell", ["2027-02-30", "soon", "7"])
def test_sqlite_which_takes_any_text_for_a_date_is_read_strictly_too(tmp_path, cell):
    from tests.goals.conftest import SqlWorld

    world = SqlWorld(f"sqlite:///{tmp_path}/x.db")
    world.put(example_goals())
    world.run(f"UPDATE okr_cycles SET ends = '{cell}' WHERE id = '2027'")  # noqa: S608 - a test's own
    assert any("database: 2027: 'ends' in okr_cycles must be a date" in p for p in problems(world))


def test_all_mistakes_are_told_at_once_and_none_twice(sql_world):
    sql_world.run("UPDATE okr_objectives SET title = '' WHERE id = 'O-TOWN'")
    sql_world.run("UPDATE okr_teams SET unit = 'stret' WHERE id = 'riders'")
    found = problems(sql_world)
    assert len(found) == 2
    assert "there is no unit 'stret'" in found[1]


def test_a_renamed_goal_takes_its_check_ins_along(sql_world):
    sql_world.editor.append("KR-BARE", CheckIn(date=date(2027, 3, 1), value=1.0))
    sql_world.run("UPDATE okr_hypotheses SET serves = '[\"KR-RIDE\"]' WHERE id = 'H-MAP'")
    sql_world.run("UPDATE okr_key_results SET id = 'KR-BARE-2' WHERE id = 'KR-BARE'")
    kr = sql_world.source.read().goals.goal("KR-BARE-2")
    assert [each.value for each in kr.check_ins] == [1.0]


def test_two_imports_at_once_leave_one_of_them_whole(sql_url):
    one, other = example_goals(), example_goals(suffix=" otherwise")
    together = Barrier(2)

    def keep(goals) -> None:
        together.wait(10)
        open_goals({"url": sql_url}, Path()).replace(goals)

    threads = [Thread(target=keep, args=(goals,)) for goals in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read = open_goals({"url": sql_url}, Path()).read().goals
    assert same(read, one) or same(read, other)


def test_the_document_names_every_table_and_column_and_no_other():
    rows = re.findall(r"^\| `(okr_\w+)` \| (.*) \|$", DOCUMENT.read_text(), re.MULTILINE)
    told = {table: set(re.findall(r"`(\w+)`", columns)) for table, columns in rows}
    assert told == {
        table.name: {column.name for column in table.c} for table in metadata.sorted_tables
    }
    assert SCHEMA.version_table in DOCUMENT.read_text()
