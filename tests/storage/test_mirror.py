"""The mirror gives back everything in order, and never goes back behind what it believed."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from okrsync.core.ledger import Act, ActKind, Basis, Hold, ItemState, Origin, Row
from okrsync.core.work import Category, ItemRef, WorkItem
from okrsync.ports.store import MirroredItem, Role, Shown, Store
from okrsync.storage import open_store
from okrsync.storage.schema import mirror

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = NOW + timedelta(microseconds=1)


def mirrored(
    item: str = "1", *, tracker: str = "shop", scope: str = "PAY", updated: datetime = NOW,
    title: str = "a title", pull: int = 1, role: Role = Role.ITEM,
) -> MirroredItem:  # fmt: skip
    work = WorkItem(
        ref=ItemRef(tracker, item),
        key=f"{scope}-{item}",
        scope=scope,
        title=title,
        type="Story",
        status="Open",
        category=Category.TODO,
        updated=updated,
        created=NOW,
    )
    return MirroredItem(item=work, role=role, direct=False, pull=pull)


def only(store: Store) -> MirroredItem:
    with store.begin() as tx:
        (found,) = tx.items_after(None, 9)
        return found


def put(store: Store, *items: MirroredItem) -> None:
    with store.begin() as tx:
        tx.put_items(items)


def test_an_older_reading_changes_nothing_but_that_its_pull_saw_the_item(store):
    put(store, mirrored(updated=LATER, title="new"))
    put(store, mirrored(updated=NOW, title="old", pull=2, role=Role.UNREACHABLE))
    assert only(store) == mirrored(updated=LATER, title="new", pull=2)


def test_an_older_pull_does_not_take_the_newer_pulls_word_back(store):
    put(store, mirrored(updated=LATER, pull=5))
    put(store, mirrored(updated=NOW, pull=4))
    assert only(store).pull == 5


def test_a_reading_of_the_same_moment_replaces(store):
    put(store, mirrored(title="a"))
    other = replace(mirrored(title="b"), direct=True)
    put(store, other)
    assert only(store) == other


def test_within_one_call_the_newest_wins_whatever_the_order(store):
    put(store, mirrored(updated=LATER, title="new"), mirrored(updated=NOW, title="old"))
    assert only(store).item.title == "new"


def test_the_newest_moment_outlives_the_mirror_row(store):
    put(store, mirrored(updated=LATER))
    with store.begin() as tx:
        tx._db.run(delete(mirror))
    put(store, mirrored(updated=NOW))
    with store.begin() as tx:
        assert list(tx.items_after(None, 9)) == []
    put(store, mirrored(updated=LATER))
    assert only(store) == mirrored(updated=LATER)


readings = st.tuples(st.integers(0, 3), st.integers(0, 4), st.text("abc", max_size=1))


@settings(max_examples=60, deadline=None)
@given(calls=st.lists(st.lists(readings, max_size=4), max_size=5))
def test_after_any_readings_each_item_is_as_it_was_last_read_at_its_newest(calls):
    store, expected = open_store("sqlite://"), {}
    for call in calls:
        items = [
            mirrored(str(number), updated=NOW + timedelta(seconds=age), title=title)
            for number, age, title in call
        ]
        put(store, *items)
        for item in items:
            ref = item.item.ref
            if ref not in expected or item.item.updated >= expected[ref].item.updated:
                expected[ref] = item
    with store.begin() as tx:
        assert tx.items(expected) == expected
    store.close()


def test_what_is_unchanged_is_not_written_again(path, store):
    items = [mirrored(str(n)) for n in range(3)]
    put(store, *items)
    with store.begin() as tx:
        before = tx._db._connection.connection.driver_connection.total_changes
        tx.put_items(items)
        assert tx._db._connection.connection.driver_connection.total_changes == before


def test_a_stream_is_complete_and_ordered_over_trackers(store):
    ids = ["10", "9", "1", "a", "A", "é", "漢", "project:1"]
    items = [mirrored(i, tracker=t) for t in ("b", "a-1", "a") for i in ids]
    put(store, *items)
    for limit in (1, 5, 100):
        assert [m.item.ref for m in stream(store, limit)] == sorted(m.item.ref for m in items)


def test_a_stream_can_be_narrowed(store):
    wanted = [mirrored(str(n), scope="PAY") for n in range(10, 15)]
    put(
        store,
        *wanted,
        mirrored("2", scope="WEB"),
        mirrored("3", tracker="z"),
        mirrored("4", role=Role.ANCESTOR),
    )
    narrow = {"tracker": "shop", "scope": "PAY", "role": Role.ITEM}
    assert list(stream(store, 2, **narrow)) == wanted
    with store.begin() as tx:
        assert list(tx.items_after(ItemRef("a", "1"), 9, **narrow)) == wanted
        assert list(tx.items_after(ItemRef("z", "1"), 9, **narrow)) == []


def stream(store: Store, limit: int, **narrow: object) -> Iterator[MirroredItem]:
    after = None
    while True:
        with store.begin() as tx:
            page = tx.items_after(after, limit, **narrow)
        if not page:
            return
        yield from page
        after = page[-1].item.ref


def test_memory_does_not_grow_with_the_stream(store):
    few = peak_of_streaming(store, 1500)
    many = peak_of_streaming(store, 6000)
    assert many < few * 1.2


def peak_of_streaming(store: Store, count: int) -> int:
    """Put *count* items of 2 kB each, read them again, and return the most memory that took."""
    tracemalloc.start()
    with store.begin() as tx:
        tx.put_items(mirrored(f"{n:05}", title=f"{count} {n}" * 250) for n in range(count))
    seen = sum(1 for _ in stream(store, 500))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen == count
    return peak


def test_keys_are_found_in_any_case_over_all_trackers(store):
    put(store, mirrored("7"), mirrored("7", tracker="lin"), mirrored("8"))
    with store.begin() as tx:
        assert [str(m.item.ref) for m in tx.items_by_key("pay-7")] == ["lin:7", "shop:7"]
        assert list(tx.items_by_key("PAY-9")) == []


def test_a_moved_item_is_found_by_its_new_key_only(store):
    put(store, mirrored("7", scope="PAY"))
    put(store, mirrored("7", scope="WEB", updated=LATER))
    with store.begin() as tx:
        assert list(tx.items_by_key("PAY-7")) == []
        assert len(tx.items_by_key("WEB-7")) == 1


def test_items_of_a_scope_that_a_pull_did_not_see(store):
    others = [mirrored("9", role=Role.ANCESTOR), mirrored("8", scope="WEB")]
    put(store, *others, *(mirrored(str(n)) for n in range(4)), mirrored("5", pull=3))
    with store.begin() as tx:
        tx.mark_pulled([ItemRef("shop", "1"), ItemRef("shop", "unknown")], 2)
        tx.put_items([mirrored("2", pull=2)])
        missed = ItemRef("shop", "0"), ItemRef("shop", "3")
        assert tuple(tx.not_pulled("shop", "PAY", 2, limit=9)) == missed
        assert tuple(tx.not_pulled("shop", "PAY", 2, limit=1)) == missed[:1]
        assert tuple(tx.not_pulled("shop", "PAY", 2, after="0", limit=1)) == missed[1:]


def test_states_are_found_by_what_they_hold(store):
    def ref(n: int) -> ItemRef:
        return ItemRef("shop", str(n))

    row = Row(label="okr:a", origin=Origin.FOUND, since=NOW)
    states = {
        "acts": ItemState(ref=ref(1), acts=(Act(at=NOW, kind=ActKind.LINK, goal="a"),) * 2),
        "mutes": ItemState(ref=ref(2), mutes=frozenset({"okr:weak", "okr:stale"})),
        "hold": ItemState(ref=ref(3), hold=Hold(desired=())),
        "foreign": ItemState(ref=ref(4), foreign=frozenset({"okr:weak"})),
        "found": ItemState(ref=ref(5), rows=(row, replace(row, label="okr:b"))),
        "ours": ItemState(ref=ref(6), rows=(replace(row, origin=Origin.OURS),)),
        "stopped": ItemState(ref=ref(7), stopped=frozenset({"v1", "v2"})),
    }
    with store.begin() as tx:
        tx.put_states(states.values())
        for kind in ("acts", "mutes", "hold", "foreign", "found"):
            assert list(tx.states_with(kind)) == [states[kind]]
        assert list(tx.states_with("disputes")) == []
        assert list(tx.stopped_states("v1")) == [states["stopped"]]
        assert tx.held_labels() == {"okr:a": 2, "okr:b": 1}
        assert tx.held_labels("lin") == {}


def test_a_limit_counts_items_not_what_they_hold(store):
    acts = tuple(Act(at=NOW, kind=ActKind.LINK, goal=f"g{n}") for n in range(5))
    states = [ItemState(ref=ItemRef("shop", str(n)), acts=acts) for n in range(3)]
    with store.begin() as tx:
        tx.put_states(states)
        assert list(tx.states_with("acts", limit=2)) == states[:2]


def test_a_kind_that_does_not_exist_is_a_mistake(store):
    with pytest.raises(KeyError), store.begin() as tx:
        tx.states_with("moods")


def test_an_unknown_item_has_an_empty_state(store):
    ref = ItemRef("shop", "1")
    with store.begin() as tx:
        assert tx.states([ref]) == {ref: ItemState(ref=ref)}


def test_what_is_shown_again_just_so_is_known_and_marked_as_pulled(store):
    shown = [Shown(mirrored(str(n)).item, f"digest {n}".encode()) for n in range(3)]
    with store.begin() as tx:
        tx.put_shown(shown, 1)
        digests = {"0": b"digest 0", "1": b"another", "7": b"digest 7"}
        assert tx.shown_again("shop", digests, 2) == {"0": NOW}
        missed = tx.not_pulled("shop", "PAY", 2, limit=9)
    assert [ref.id for ref in missed] == ["1", "2"]


TOUCHES = {
    "another reading": lambda tx, it: tx.put_items([replace(it, item=replace(it.item, title="b"))]),
    "another role": lambda tx, it: tx.put_items([replace(it, role=Role.UNREACHABLE)]),
    "a memory": lambda tx, it: tx.put_states(
        [ItemState(ref=it.item.ref, acts=(Act(at=NOW, kind=ActKind.LINK, goal="a"),))]
    ),
    "when it was known": lambda tx, it: tx.put_states([ItemState(ref=it.item.ref, known_at=NOW)]),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_whatever_changes_belief_or_memory_makes_a_digest_worth_nothing(store, touch):
    with store.begin() as tx:
        tx.put_shown([Shown(mirrored().item, b"digest")], 1)
        TOUCHES[touch](tx, mirrored())
        assert tx.shown_again("shop", {"1": b"digest"}, 2) == {}


def test_what_changes_nothing_leaves_a_digest_its_worth(store):
    state = ItemState(ref=ItemRef("shop", "1"), basis=Basis(work="w", goals="g"))
    with store.begin() as tx:
        tx.put_shown([Shown(mirrored().item, b"digest")], 1)
        tx.put_states([state])
        tx.put_items([replace(mirrored(), direct=True)])
        tx.unsettle([state.ref])
        assert tx.shown_again("shop", {"1": b"digest"}, 2) == {"1": NOW}


def test_a_search_that_agrees_takes_nothing_from_a_direct_reading(store):
    read = replace(mirrored(), direct=True)
    put(store, read)
    with store.begin() as tx:
        tx.settle([read.item.ref])
        tx.put_shown([Shown(read.item, b"digest")], 2)
        assert list(tx.items_after(None, 9, unsettled_only=True)) == []
    assert only(store) == replace(read, pull=2)


def test_an_older_answer_of_a_search_leaves_its_digest_nowhere(store):
    newer, older = mirrored(updated=LATER, title="new"), mirrored(updated=NOW, title="old")
    with store.begin() as tx:
        tx.put_shown([Shown(newer.item, b"new"), Shown(older.item, b"old")], 1)
        assert tx.shown_again("shop", {"1": b"old"}, 2) == {}
        assert tx.shown_again("shop", {"1": b"new"}, 2) == {"1": LATER}
