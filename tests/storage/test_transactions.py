"""A transaction is true whole or not at all, whoever else writes and however it ends."""

from contextlib import suppress
from dataclasses import replace
from threading import Thread

import pytest
from sqlalchemy import text

from okrsync.core.ledger import Intent
from okrsync.core.work import ItemRef
from okrsync.errors import StoreError
from okrsync.ports.store import Entry
from okrsync.storage import open_store
from tests.storage.test_mirror import NOW, mirrored


def runs(store):
    with store.begin() as tx:
        return len(tx.runs(limit=1000))


def test_an_error_in_the_block_undoes_everything_and_stays_itself(store):
    def fail():
        with store.begin() as tx:
            tx.start_run("pull", NOW)
            tx.put_items([mirrored()])
            raise OSError("not the store's")

    with pytest.raises(OSError, match="not the store's"):
        fail()
    assert runs(store) == 0


def test_closing_an_intent_and_its_journal_are_one(store):
    ref = ItemRef("shop", "1")
    intent = Intent(id=0, ref=ref, run=1, opened=NOW, since=NOW, before=(), add=(), remove=())
    entry = Entry(
        run=1, ref=ref, key="PAY-1", scope="PAY", at=NOW, before=(), after=(), added=(), removed=()
    )
    with store.begin() as tx:
        (stored,) = tx.add_intents([intent])

    def interrupted():
        with store.begin() as tx:
            tx.put_intents([replace(stored, closed=NOW)])
            tx.add_entries([entry])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with store.begin() as tx:
        assert list(tx.entries_about(ref)) == []
        assert list(tx.open_intents()) == [stored]


@pytest.mark.parametrize("where", ["sqlite://", "file"])
def test_after_a_failure_nothing_is_committed_even_if_it_is_swallowed(where, url):
    store = open_store(url if where == "file" else where)

    def swallow():
        with store.begin() as tx:
            tx.start_run("pull", NOW)
            with suppress(StoreError):
                tx._db.run(text("DELETE FROM nowhere"))
            with suppress(StoreError):
                tx.start_run("pull", NOW)

    with pytest.raises(StoreError, match="nowhere"):
        swallow()
    assert runs(store) == 0
    store.close()


def test_a_transaction_inside_another_is_refused_at_once(store):
    with store.begin(), pytest.raises(StoreError, match="already open"), store.begin():
        pass
    assert runs(store) == 0


def test_what_was_committed_is_there_for_the_next_process(store, url):
    with store.begin() as tx:
        tx.start_run("pull", NOW)
    store.close()
    again = open_store(url)
    assert runs(again) == 1
    again.close()
    again.close()


@pytest.mark.parametrize("where", ["sqlite://", "file"])
def test_threads_take_turns(where, url):
    store = open_store(url if where == "file" else where)

    def work():
        for _ in range(10):
            with store.begin() as tx:
                tx.start_run("pull", NOW)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert runs(store) == 40
    store.close()


WRITE = """
say("ready")
sys.stdin.readline()
for _ in range(30):
    with store.begin() as tx:
        seen = len(tx.runs(limit=1000))
        tx.start_run(f"after {seen}", NOW)
say("done")
"""


def test_two_processes_make_a_new_store_and_write_it_without_losing_anything(store, program):
    writers = [program(WRITE), program(WRITE)]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        assert writer.stdout.readline() == "done\n", writer.stderr.read()
    with store.begin() as tx:
        kinds = [run.kind for run in reversed(tx.runs(limit=1000))]
    assert kinds == [f"after {n}" for n in range(60)]


STAY_INSIDE = """
with store.begin() as tx:
    tx.start_run("pull", NOW)
    tx.put_items(item(n) for n in range(2000))
    say("inside")
    sys.stdin.readline()
say("outside")
"""


def test_a_process_that_waits_too_long_is_told_so(store, url, program):
    assert program(STAY_INSIDE).stdout.readline() == "inside\n"
    impatient = open_store(url, busy_seconds=0.2)
    with pytest.raises(StoreError, match=r"locked by another process for 0\.2 s"):
        runs(impatient)
    impatient.close()


def test_a_process_that_waits_long_enough_goes_on(store, program):
    writer = program(STAY_INSIDE)
    assert writer.stdout.readline() == "inside\n"
    writer.stdin.write("\n")
    writer.stdin.flush()
    assert runs(store) == 1


def test_kill_in_the_middle_of_a_transaction_leaves_nothing(store, program):
    with store.begin() as tx:
        tx.start_run("before", NOW)
    writer = program(STAY_INSIDE)
    assert writer.stdout.readline() == "inside\n"
    writer.kill()
    writer.wait()
    with store.begin() as tx:
        assert [run.kind for run in tx.runs()] == ["before"]
        assert list(tx.items_after(None, 1)) == []
        tx.start_run("after", NOW)
