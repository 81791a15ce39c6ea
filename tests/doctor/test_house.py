"""What is wrong on our own side: files, the store and its disk, and webhooks that never come."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from okrsync.app.daemon_note import DaemonNote, WebhookNote, last_note, save_note
from okrsync.app.doctor_house import MEGABYTE, examine_store
from okrsync.daemon.board import Board
from okrsync.metrics import PrometheusTelemetry
from okrsync.ports.health import Disk, StoreLook, StoreState
from okrsync.storage import open_store
from okrsync.storage.look import disk_of, look
from okrsync.storage.schema import REVISIONS, VERSION_TABLE
from tests.doctor.conftest import TOKENS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.doctor.conftest import Ward

THEN = datetime(2026, 11, 2, 9, 30, 12, tzinfo=UTC)
SECRET = "a secret between two"


def test_a_missing_token_keeps_the_rest_from_nothing(ward: Ward):
    del ward.environ[TOKENS["shop-jira"]]
    (ward.folder / "okrs" / "okrs.yaml").write_text("objectives: 3\n", encoding="utf-8")
    code, found = ward.found()
    assert code == 6
    assert [each["code"] for each in found] == ["settings", "goals"]
    assert TOKENS["shop-jira"] in found[0]["remedy"]


def test_settings_that_cannot_be_read(ward: Ward):
    ward.settings["timezone"] = "Atlantis"
    found = ward.found()[1]
    assert found[0]["code"] == "settings"
    assert "Atlantis" in found[0]["message"]


def test_settings_without_a_tracker(ward: Ward):
    ward.settings["trackers"] = {}
    ward.environ.clear()
    found = ward.only_finding()
    assert (found["code"], found["exit"], found["remedy"]) == ("settings", 1, "okrsync init")


def test_goals_that_cannot_be_read(ward: Ward):
    (ward.folder / "okrs" / "okrs.yaml").write_text("objectives: [", encoding="utf-8")
    found = ward.only_finding()
    assert (found["code"], found["about"], found["exit"]) == ("goals", "goals", 6)
    assert "okrs.yaml" in found["message"]


def test_a_mapping_that_names_no_goal_of_ours(ward: Ward):
    rule = "rules: [{id: r, when: {type: Bug}, serves: [KR-GONE]}]"
    (ward.folder / "mapping.yaml").write_text(rule, encoding="utf-8")
    found = ward.only_finding()
    assert found["exit"] == 6
    assert "KR-GONE" in found["message"]


def test_no_goals_at_all(ward: Ward):
    (ward.folder / "okrs" / "okrs.yaml").write_text("teams: [{id: t, name: T}]", encoding="utf-8")
    found = ward.only_finding()
    assert (found["code"], found["exit"]) == ("no-goals", 1)


def test_a_store_is_not_made_by_looking(ward: Ward):
    assert ward.found() == (0, [])
    assert not (ward.folder / "var").exists()


def test_a_store_of_this_version(ward: Ward):
    _store(ward)
    assert ward.found() == (0, [])


@pytest.mark.parametrize(
    ("schema", "code", "remedy"),
    [
        (REVISIONS[0], "store-older", "okrsync db upgrade"),
        ("x9", "store-newer", "Use that okrsync"),
    ],
)
def test_a_store_of_another_version(ward: Ward, schema: str, code: str, remedy: str):
    path = _store(ward)
    with sqlite3.connect(path) as database:
        database.execute(f"UPDATE {VERSION_TABLE} SET version_num = ?", [schema])  # noqa: S608
    database.close()
    found = ward.only_finding()
    assert (found["code"], found["exit"]) == (code, 5)
    assert remedy in found["remedy"]


@pytest.mark.parametrize("content", [b"no database at all", b""])
def test_a_file_that_is_no_store(ward: Ward, content: bytes):
    path = ward.folder / "var" / "okrsync.db"
    path.parent.mkdir()
    path.write_bytes(content)
    code, found = ward.found()
    assert (code, [each["code"] for each in found]) == ((5, ["store"]) if content else (0, []))
    assert path.read_bytes() == content


def test_the_database_of_another_program(ward: Ward):
    path = ward.folder / "theirs.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE users (id)")
    database.close()
    ward.settings["store"] = "sqlite:///theirs.db"
    assert "of another program" in ward.only_finding()["message"]


def test_looking_waits_for_nobody_who_writes(ward: Ward):
    path = _store(ward)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    try:
        assert look(f"sqlite:///{path}").state is StoreState.CURRENT
    finally:
        database.close()


@pytest.mark.parametrize(
    ("free", "writable", "grades"),
    [
        (2000, True, ["ok"]),
        (500, True, ["ok", "warning"]),
        (50, True, ["ok", "error"]),
        (2000, False, ["ok", "error"]),
    ],
)
def test_the_disk_of_the_store(tmp_path: Path, free: int, writable: bool, grades: list[str]):
    store = StoreLook("s", StoreState.NEW)
    disk = Disk(tmp_path, free * MEGABYTE, writable)
    seen = list(examine_store(lambda: store, lambda _store: disk))
    assert [each.grade.value for each in seen] == grades
    assert [bool(each.remedy) for each in seen] == [grade != "ok" for grade in grades]


def test_the_disk_is_the_one_that_the_store_will_be_on(tmp_path: Path):
    disk = disk_of(tmp_path / "not" / "there" / "yet.db")
    assert (disk.folder, disk.writable, disk.free > 0) == (tmp_path, True, True)


def test_a_webhook_secret_and_no_daemon(ward: Ward):
    _ringing(ward)
    found = ward.only_finding()
    assert (found["code"], found["grade"], found["exit"]) == ("webhook-silent", "advice", 0)


def test_webhooks_that_never_arrived(ward: Ward):
    _ringing(ward)
    _store(ward, _note())
    found = ward.only_finding()
    assert (found["code"], found["about"], found["exit"]) == ("webhook-silent", "shop-linear", 1)
    assert "/webhooks/shop-linear" in found["remedy"]


def test_webhooks_that_are_signed_with_another_secret(ward: Ward):
    _ringing(ward)
    later = THEN + timedelta(hours=1)
    _store(ward, _note(WebhookNote(tracker="shop-linear", genuine=THEN, forged=later)))
    found = ward.only_finding()
    assert (found["code"], found["exit"]) == ("webhook-forged", 1)
    assert "webhook_secret_file" in found["remedy"]


def test_webhooks_that_arrive(ward: Ward):
    _ringing(ward)
    _store(ward, _note(WebhookNote(tracker="shop-linear", genuine=THEN)))
    assert ward.found() == (0, [])


def test_a_daemon_notes_when_webhooks_arrive_and_remembers_it():
    board = Board(PrometheusTelemetry())
    board.delivered("a", "rung", THEN)
    board.delivered("b", "forged", THEN)
    board.delivered("c", "malformed", THEN)
    minute = THEN.replace(second=0)
    noted = board.note(started=THEN, noted=THEN).webhooks
    assert noted == (
        WebhookNote(tracker="a", genuine=minute),
        WebhookNote(tracker="b", forged=minute),
    )
    successor = Board(PrometheusTelemetry())
    successor.remember_webhooks(noted)
    assert successor.note(started=THEN, noted=THEN).webhooks == noted


def test_what_a_daemon_noted_comes_back_from_the_store(ward: Ward):
    note = _note(WebhookNote(tracker="shop-linear", genuine=THEN))
    path = _store(ward, note)
    store = open_store(f"sqlite:///{path}")
    with store.begin() as tx:
        assert last_note(tx) == note
    store.close()


def _note(*webhooks: WebhookNote) -> DaemonNote:
    return DaemonNote(started=THEN, noted=THEN, webhooks=webhooks)


def _store(ward: Ward, note: DaemonNote | None = None) -> Path:
    path = ward.folder / "var" / "okrsync.db"
    store = open_store(f"sqlite:///{path}")
    with store.begin() as tx:
        if note is not None:
            save_note(tx, note)
    store.close()
    return path


def _ringing(ward: Ward) -> None:
    (ward.folder / "secret").write_text(SECRET, encoding="utf-8")
    section: dict[str, Any] = ward.trackers["shop-linear"]
    section["webhook_secret_file"] = "secret"
