"""Whatever is wrong with the store is said in words, and costs nothing that was saved."""

import errno
import os
import sqlite3
import tempfile
from pathlib import Path

import pytest

from okrsync.databases.failures import Place
from okrsync.errors import ConfigError, StoreError
from okrsync.storage import open_store
from tests.storage.test_mirror import NOW, mirrored


def told(url: str) -> StoreError:
    store = open_store(url, busy_seconds=0.1)
    with pytest.raises(StoreError) as caught, store.begin():
        pass
    store.close()
    return caught.value


FILL = """
import resource
with store.begin() as tx:
    tx.put_items(item(n) for n in range(100))
resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, resource.RLIM_INFINITY))
committed, number = 100, 100
try:
    while True:
        with store.begin() as tx:
            tx.put_items(item(n, "x" * 3000) for n in range(number, number + 20))
        number = committed = number + 20
except OkrsyncError as error:
    say(committed, type(error).__name__, error)
"""


def test_a_full_disk_is_named_and_loses_nothing_that_was_committed(path, store, program):
    filler = program(FILL)
    committed, kind, message = filler.stdout.readline().split(" ", 2)
    assert kind == "StoreError", filler.stderr.read()
    assert "disk is full" in message
    assert int(committed) > 100
    filler.wait()
    with store.begin() as tx:
        assert len(tx.items_after(None, 100_000)) == int(committed)
        tx.put_items([mirrored("space again")])


READ_AS_NOBODY = """
with store.begin() as tx:
    tx.start_run("pull", NOW)
store.close()
path = sys.argv[1].removeprefix("sqlite:///")
os.chmod(path, int(sys.argv[3], 8))
os.chmod(os.path.dirname(path), int(sys.argv[4], 8))
if os.getuid() == 0:
    os.setuid(65534)
try:
    with store.begin() as tx:
        tx.start_run("pull", NOW)
except OkrsyncError as error:
    say(error)
    say(error.hint)
"""


@pytest.mark.parametrize(
    ("file_mode", "directory_mode", "words"),
    [
        pytest.param("444", "777", "read-only", id="read-only-file"),
        pytest.param("000", "777", "permission denied", id="unreadable-file"),
        pytest.param("666", "000", "permission denied", id="unreadable-directory"),
    ],
)
def test_access_that_is_missing_is_named(program, file_mode, directory_mode, words):
    with tempfile.TemporaryDirectory() as directory:
        inner = Path(directory) / "inner"
        Path(directory).chmod(0o755)
        text = READ_AS_NOBODY.replace("sys.argv[3]", repr(file_mode))
        text = text.replace("sys.argv[4]", repr(directory_mode))
        out, err = program(text, at=f"sqlite:///{inner}/x.db").communicate()
        inner.chmod(0o755)
    assert words in out, err
    assert "give the account that runs okrsync write access" in out


def test_a_file_that_is_no_database_is_named(url, path):
    path.write_text("# Not a database\n" * 100)
    error = told(url)
    assert str(error) == f"the store {path} is not a database"
    assert path.read_text().startswith("# Not")


def test_a_directory_in_the_place_of_the_store_is_named(url, path):
    path.mkdir()
    assert str(told(url)) == f"the store {path} cannot be opened: it is a directory"


def test_a_file_in_the_place_of_its_directory_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"the store .*x\.db failed"):
        open_store(f"sqlite:///{tmp_path}/file/inner/x.db")


def test_a_damaged_store_is_named(url, path):
    store = open_store(url)
    with store.begin() as tx:
        tx.put_items(mirrored(str(n), title="t" * 300) for n in range(500))
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * 60_000 + whole[68_192:])
    store = open_store(url)
    with pytest.raises(StoreError, match="is damaged"), store.begin() as tx:
        tx.items_after(None, 500)
    store.close()


def test_directories_are_made(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/a/b/x.db")
    with store.begin() as tx:
        tx.start_run("pull", NOW)
    store.close()
    assert (tmp_path / "a/b/x.db").is_file()


def test_what_is_committed_survives_a_power_cut(store, path):
    with store.begin() as tx:
        connection = tx._db._connection.connection.driver_connection
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)


@pytest.mark.parametrize("url", ["not an address", "mysql://host/db"])
def test_an_address_that_cannot_be_used_is_refused(url):
    with pytest.raises(ConfigError):
        open_store(url)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EACCES, "permission denied"),
        (errno.EROFS, "is read-only"),
        (errno.EIO, "failed: [Errno 5]"),
    ],
)
def test_errors_of_the_operating_system_are_explained(number, words):
    error = Place("x.db", None, 1).explain(OSError(number, os.strerror(number)))
    assert words in str(error)


def test_a_password_in_the_address_is_not_repeated(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(StoreError, match="needs the package psycopg") as caught:
        open_store("postgresql://okr:secret@db/okr")
    assert "secret" not in str(caught.value)


def test_an_error_nobody_foresaw_is_still_ours():
    error = Place("x.db", None, 1).explain(sqlite3.OperationalError("odd\nthing"))
    assert str(error) == "the store x.db failed: odd"
