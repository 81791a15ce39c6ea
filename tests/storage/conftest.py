"""A real store for each test, in SQLite and in PostgreSQL, and programs that use it beside it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from okrsync.ports.store import Store
from okrsync.storage import open_store

PRELUDE = """
import os, signal, sys
from datetime import UTC, datetime
from okrsync.core.work import Category, ItemRef, WorkItem
from okrsync.errors import OkrsyncError
from okrsync.ports.store import MirroredItem, Role
from okrsync.storage import open_store
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
store = open_store(sys.argv[1], busy_seconds=float(sys.argv[2]))
def say(*words):
    print(*words, flush=True)
def item(number, title="x"):
    work = WorkItem(ref=ItemRef("shop", str(number)), key=f"PAY-{number}", scope="PAY",
        title=title, type="Story", status="Open", category=Category.TODO, updated=NOW, created=NOW)
    return MirroredItem(item=work, role=Role.ITEM, direct=True, pull=1)
"""

Program = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "okrsync.db"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try every test in both databases; one that looks at files in SQLite alone."""
    if "database" in metafunc.fixturenames:
        of_files = "path" in metafunc.fixturenames
        metafunc.parametrize("database", ["sqlite"] if of_files else ["sqlite", "postgresql"])


@pytest.fixture
def url(database: str, request: pytest.FixtureRequest) -> str:
    if database == "sqlite":
        return f"sqlite:///{request.getfixturevalue('path')}"
    made: str = request.getfixturevalue("postgres").database()
    return made


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest) -> Iterator[Store]:
    """One store for all examples of a property: each rolls its transaction back."""
    if request.param == "sqlite":
        opened = open_store("sqlite://")
    else:
        opened = open_store(request.getfixturevalue("postgres").database())
    yield opened
    opened.close()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url, busy_seconds=5)
    yield opened
    opened.close()


@pytest.fixture
def program(url: str) -> Iterator[Program]:
    """Start a program that has `store`, `item`, `say` and NOW, and end it with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(text: str, *, busy_seconds: float = 20, at: str = url) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "error", "-c", PRELUDE + text, at, str(busy_seconds)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
