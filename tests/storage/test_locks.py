"""One writer for each scope, and a dead one never keeps the others out."""

import time
from pathlib import Path
from threading import Event, Thread

import pytest

from okrsync.errors import RefusedError
from okrsync.storage import open_store

HOLD = """
with store.lock("shop-jira", "PAY"):
    say("held")
    sys.stdin.readline()
say("freed")
"""


@pytest.fixture
def holder(program):
    process = program(HOLD)
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_writer_is_told_who_writes(store, holder, database):
    with pytest.raises(RefusedError) as caught, store.lock("shop-jira", "PAY"):
        pass
    told, process = str(caught.value), f" (process {holder.pid})"
    # in PostgreSQL the other may be on another machine, where the number means nothing
    assert told == "PAY in shop-jira is being written by another okrsync" + (
        process if database == "sqlite" else ""
    )


def test_other_scopes_are_free(store, holder):
    with store.lock("shop-jira", "WEB"), store.lock("other", "PAY"), store.begin() as tx:
        assert list(tx.runs()) == []


def test_a_killed_holder_frees_the_lock(store, holder):
    holder.kill()
    holder.wait()
    with store.lock("shop-jira", "PAY"):
        pass


def test_waiting_is_rewarded(store, holder):
    def free() -> None:
        time.sleep(0.2)
        holder.stdin.write("\n")
        holder.stdin.flush()

    Thread(target=free).start()
    with store.lock("shop-jira", "PAY", wait=10):
        assert holder.stdout.readline() == "freed\n"


def test_waiting_ends(store, holder):
    began = time.monotonic()
    with pytest.raises(RefusedError), store.lock("shop-jira", "PAY", wait=0.2):
        pass
    assert 0.2 <= time.monotonic() - began < 5


@pytest.mark.parametrize("where", ["sqlite://", "file"])
def test_threads_are_kept_out_too(where, url):
    store = open_store(url if where == "file" else where)
    held, done = Event(), Event()

    def hold() -> None:
        with store.lock("shop", "PAY"):
            held.set()
            done.wait(10)

    thread = Thread(target=hold)
    thread.start()
    held.wait(10)
    with pytest.raises(RefusedError, match="written by another okrsync"), store.lock("shop", "PAY"):
        pass
    done.set()
    with store.lock("shop", "PAY", wait=10):
        pass
    thread.join()
    store.close()


def test_an_error_inside_frees_the_lock(store):
    with pytest.raises(KeyError), store.lock("shop", "PAY"):
        raise KeyError
    with store.lock("shop", "PAY"):
        pass


@pytest.mark.parametrize("scope", ["../../x", "A/B", "", ".", "é"])
def test_any_scope_has_a_lock_file_of_its_own_in_the_directory(store, path, scope):
    with store.lock("shop", scope):
        names = list(Path(f"{path}.locks").iterdir())
    assert len(names) == 1
    assert sorted(p.name for p in path.parent.iterdir()) == [f"{path.name}.locks"]
