"""What nobody could be told stays until somebody asks again; an item has at most one letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from okrsync.core.work import ItemRef
from okrsync.ports.store import DeadLetter
from okrsync.storage import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.daemon.conftest import Town

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LETTER = DeadLetter(
    id=0, ref=ItemRef("shop-jira", "10001"), since=NOW, at=NOW, tries=8, why="HTTP 500"
)


def test_a_second_letter_about_an_item_keeps_the_older_date(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'x.db'}")
    later = replace(LETTER, since=NOW + timedelta(days=1), at=NOW + timedelta(days=1), tries=9)
    other = replace(LETTER, ref=ItemRef("shop-linear", "10001"))
    with store.begin() as tx:
        tx.put_dead_letters([LETTER, other])
        tx.put_dead_letters([later])
        kept = tx.dead_letters()
        assert tx.count_dead_letters() == 2
    assert kept == [replace(later, id=1, since=NOW), replace(other, id=2)]
    with store.begin() as tx:
        assert tx.drop_dead_letters([LETTER.ref, ItemRef("shop-jira", "nobody")]) == 1
        assert [letter.ref for letter in tx.dead_letters()] == [other.ref]
    store.close()


def test_letters_are_listed_and_retried(town: Town) -> None:
    issue = town.issue()
    store = open_store(f"sqlite:///{town.folder / 'okrsync.db'}")
    with store.begin() as tx:
        tx.put_dead_letters([replace(LETTER, ref=ItemRef("shop-jira", issue))])
    assert "tried 8 times: HTTP 500" in town.run("dead", "list").out
    assert town.run("dead", "retry").code == 2
    assert town.run("dead", "retry", "77").code == 2
    done = town.run("dead", "retry", "--all")
    assert done.code == 0, done.err
    assert town.labels(issue) == {"okr:aligned", "okr:KR-PAY"}
    assert town.run("dead", "list").out == "No dead letters.\n"
    store.close()
