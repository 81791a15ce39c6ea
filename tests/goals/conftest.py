"""Places that hold goals: a folder of files, an SQLite file, a real PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from okrsync.testing import example_goals
from okrsync_sql import MANIFEST as SQL
from okrsync_sql.goals import SqlGoals, open_goals
from okrsync_sql.tables import metadata
from okrsync_yaml import MANIFEST as YAML

if TYPE_CHECKING:
    from okrsync.core.goals import Goals
    from okrsync.ports.goals import GoalEditor, GoalSource


@dataclass(frozen=True)
class YamlWorld:
    """A folder of OKR files."""

    folder: Path

    @property
    def source(self) -> GoalSource:
        return YAML.open_goals({"path": "okrs"}, self.folder)

    @property
    def editor(self) -> GoalEditor:
        assert YAML.edit_goals is not None
        return YAML.edit_goals({"path": "okrs"}, self.folder)

    def put(self, goals: Goals) -> None:
        assert YAML.write_goals is not None
        okrs = self.folder / "okrs"
        okrs.mkdir(exist_ok=True)
        text = b"\n".join(YAML.write_goals(goals).values())
        spare = okrs / ".spare"
        spare.write_bytes(_as_one_file(text))
        spare.replace(okrs / "all.yaml")

    def spoil(self) -> str:
        with (self.folder / "okrs/all.yaml").open("a") as file:
            file.write("beliefs:\n  - {id: B-NEW, text: x, objectives: [O-GONE]}\n")
        return "all.yaml:"

    def empty(self) -> None:
        (self.folder / "okrs/all.yaml").unlink()


def _as_one_file(text: bytes) -> bytes:
    """Join the sections of files that were written apart."""
    sections: dict[bytes, list[bytes]] = {}
    for line in text.splitlines(keepends=True):
        if line[:1].isalpha():
            here = sections.setdefault(line, [])
        elif line.strip():
            here.append(line)
    return b"".join(name + b"".join(lines) for name, lines in sections.items())


@dataclass(frozen=True)
class SqlWorld:
    """The tables of a database."""

    url: str

    @property
    def source(self) -> SqlGoals:
        return open_goals({"url": self.url}, Path())

    @property
    def editor(self) -> SqlGoals:
        assert SQL.edit_goals is not None
        return self.source

    def put(self, goals: Goals) -> None:
        self.source.replace(goals)

    def run(self, statement: str) -> None:
        engine = create_engine(self.url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            if engine.name == "sqlite":
                connection.execute(text("PRAGMA foreign_keys = ON"))
            connection.execute(text(statement))
        engine.dispose()

    def spoil(self) -> str:
        self.run("INSERT INTO okr_parents (goal, position, parent) VALUES ('O-TOWN', 1, 'O-GONE')")
        return "database: O-TOWN"

    def empty(self) -> None:
        for table in reversed(metadata.sorted_tables):
            self.run(f"DELETE FROM {table.name}")  # noqa: S608 - our own names


@pytest.fixture
def yaml_world(tmp_path: Path) -> YamlWorld:
    world = YamlWorld(tmp_path)
    world.put(example_goals())
    return world


@pytest.fixture(params=["sqlite", "postgresql"])
def sql_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that is empty."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/goals.db"
    made: str = request.getfixturevalue("postgres").database()
    return made


@pytest.fixture
def sql_world(sql_url: str) -> SqlWorld:
    world = SqlWorld(sql_url)
    world.put(example_goals())
    return world
