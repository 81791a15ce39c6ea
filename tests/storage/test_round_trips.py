"""What goes into the store comes out equal, whatever it holds."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrsync.core.ledger import (
    Act,
    ActKind,
    Basis,
    Dispute,
    Hold,
    Intent,
    IntentOutcome,
    ItemState,
    Origin,
    Row,
    Vanishing,
    VanishingKind,
    Voice,
)
from okrsync.core.work import Category, ItemRef, WorkItem
from okrsync.errors import StoreError
from okrsync.ports.store import (
    Cause,
    Entry,
    MirroredItem,
    PlannedEdit,
    PlanStatus,
    Role,
    StoredPlan,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
names = st.text("abcXYZ:-_.é漢0", min_size=1, max_size=8)
labels = names.map(lambda name: f"okr:{name}")
label_tuples = st.lists(labels, max_size=3, unique=True).map(tuple)
moments = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
refs = st.builds(ItemRef, tracker=st.sampled_from(["shop", "lin", "z-9"]), id=names)
item_values = st.builds(
    WorkItem,
    ref=refs,
    key=names,
    scope=names,
    title=texts,
    type=texts,
    status=texts,
    category=st.sampled_from(Category),
    updated=moments,
    created=moments,
    labels=st.frozensets(labels, max_size=3),
    label_ids=st.dictionaries(labels, names, max_size=2),
    text=st.none() | texts,
    parent=st.none() | refs,
    containers=st.lists(refs, max_size=2).map(tuple),
    projects=st.lists(texts, max_size=2).map(tuple),
    milestone=st.none() | texts,
    initiatives=st.lists(texts, max_size=2).map(tuple),
    components=st.lists(texts, max_size=2).map(tuple),
    team=st.none() | texts,
    fields=st.dictionaries(names, st.lists(texts, max_size=2).map(tuple), max_size=2),
    due=st.none() | st.dates(),
    estimate=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    resolved=st.none() | moments,
    url=st.none() | texts,
)
mirrored_items = st.builds(
    MirroredItem,
    item=item_values,
    role=st.sampled_from(Role),
    direct=st.booleans(),
    pull=st.integers(1, 2**40),
)


def by_label(strategy):
    listed = st.lists(strategy, max_size=3, unique_by=lambda thing: thing.label)
    return listed.map(lambda things: tuple(sorted(things, key=lambda thing: thing.label)))


optional_names = st.none() | names
rows = st.builds(
    Row,
    label=labels,
    origin=st.sampled_from(Origin),
    since=moments,
    run=st.none() | st.integers(1, 9),
    label_id=optional_names,
    goal=optional_names,
)
acts = st.builds(
    Act,
    at=moments,
    kind=st.sampled_from(ActKind),
    goal=names,
    voice=st.sampled_from(Voice),
    because=texts,
    proven=st.booleans(),
)
states = st.builds(
    ItemState,
    ref=refs,
    known_at=st.none() | moments,
    rows=by_label(rows),
    foreign=st.frozensets(labels, max_size=2),
    acts=st.lists(acts, max_size=12).map(tuple),
    mutes=st.frozensets(labels, max_size=2),
    hold=st.none() | st.builds(Hold, desired=label_tuples, run=st.none() | st.integers(1, 9)),
    disputes=by_label(st.builds(Dispute, label=labels, until=moments)),
    unwritten=st.frozensets(labels, max_size=2),
    stopped=st.frozensets(names, max_size=2),
    basis=st.none() | st.builds(Basis, work=names, goals=names),
)
intents = st.builds(
    Intent,
    id=st.just(0),
    ref=refs,
    run=st.integers(1, 9),
    opened=moments,
    since=moments,
    before=label_tuples,
    add=label_tuples,
    remove=label_tuples,
    because=texts,
    task=optional_names,
    batch=optional_names,
    closed=st.none() | moments,
    settled_at=st.none() | moments,
    after=st.none() | label_tuples,
    budget=st.sampled_from([None, "work", "goals"]),
    outcome=st.none() | st.sampled_from(IntentOutcome),
)
entries = st.builds(
    Entry,
    run=st.integers(1, 3),
    ref=refs,
    key=names,
    scope=names,
    at=moments,
    before=label_tuples,
    after=label_tuples,
    added=label_tuples,
    removed=label_tuples,
    budget=st.sampled_from([None, "work", "goals"]),
    because=texts,
)
edits = st.builds(
    PlannedEdit,
    ref=refs,
    key=names,
    scope=names,
    title=texts,
    url=st.none() | texts,
    add=label_tuples,
    remove=label_tuples,
    before=label_tuples,
    fingerprint=names,
    verdict=optional_names,
    because=texts,
    cause=st.sampled_from(Cause),
)
plan_heads = st.builds(
    StoredPlan,
    id=st.just(0),
    digest=names,
    run=st.integers(1, 9),
    created=moments,
    cause=st.sampled_from(Cause),
    purpose=names,
    status=st.sampled_from(PlanStatus),
    why=texts,
    items=st.integers(0, 9),
    labels=st.integers(0, 9),
)
vanishings = st.builds(
    Vanishing,
    id=names,
    kind=st.sampled_from(VanishingKind),
    tracker=names,
    scope=optional_names,
    label=st.none() | labels,
    since=moments,
    lost=st.lists(st.tuples(refs, labels), max_size=3).map(tuple),
    answer=st.none() | st.sampled_from(["people", "accident"]),
)

trying = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class UndoneError(Exception):
    """Ends an example without a trace."""


def undone():
    return pytest.raises(UndoneError)


def unique_refs(things):
    return st.lists(things, max_size=4, unique_by=lambda thing: getattr(thing, "ref", thing))


@pytest.mark.parametrize(
    ("value", "strategy"),
    [
        (WorkItem, item_values),
        (MirroredItem, mirrored_items),
        (ItemState, states),
        (Row, rows),
        (Act, acts),
        (Intent, intents),
        (Entry, entries),
        (PlannedEdit, edits),
        (StoredPlan, plan_heads),
        (Vanishing, vanishings),
    ],
)
def test_every_field_of_a_value_is_tried(value, strategy):
    assert {field.name for field in fields(value)} == set(strategy.wrapped_strategy.kwargs)


@trying
@given(given_items=st.lists(mirrored_items, max_size=4, unique_by=lambda m: m.item.ref))
def test_items(shared, given_items):
    with undone(), shared.begin() as tx:
        tx.put_items(given_items)
        assert tx.items(m.item.ref for m in given_items) == {m.item.ref: m for m in given_items}
        assert list(tx.items_after(None, 9)) == sorted(given_items, key=lambda m: m.item.ref)
        raise UndoneError


@trying
@given(given_states=unique_refs(states))
def test_states(shared, given_states):
    with undone(), shared.begin() as tx:
        tx.put_states(given_states)
        assert tx.states(s.ref for s in given_states) == {s.ref: s for s in given_states}
        raise UndoneError


@trying
@given(before=states, after=states)
def test_a_state_is_replaced_whole(shared, before, after):
    after = replace(after, ref=before.ref)
    with undone(), shared.begin() as tx:
        tx.put_states([before])
        tx.put_states([after])
        assert tx.states([before.ref]) == {before.ref: after}
        raise UndoneError


@trying
@given(given_intents=unique_refs(intents))
def test_intents(shared, given_intents):
    with undone(), shared.begin() as tx:
        stored = list(tx.add_intents(given_intents))
        assert [replace(i, id=0) for i in stored] == given_intents
        assert all(a.id < b.id for a, b in pairwise(stored))
        assert list(tx.open_intents()) == [i for i in stored if i.closed is None]
        assert tx.intents_of(i.ref for i in stored) == {i.ref: [i] for i in stored}
        raise UndoneError


@trying
@given(first=intents, later=intents)
def test_an_intent_is_replaced_by_its_id(shared, first, later):
    with undone(), shared.begin() as tx:
        (stored,) = tx.add_intents([first])
        later = replace(later, id=stored.id)
        tx.put_intents([later])
        assert tx.intents_of([later.ref]) == {later.ref: [later]}
        raise UndoneError


@trying
@given(given_entries=st.lists(entries, max_size=5))
def test_the_journal(shared, given_entries):
    with undone(), shared.begin() as tx:
        tx.add_entries(given_entries)
        for run in (1, 2, 3):
            assert list(tx.entries_of(run)) == [e for e in given_entries if e.run == run]
        for ref in {e.ref for e in given_entries}:
            assert list(tx.entries_about(ref)) == [e for e in given_entries if e.ref == ref]
        raise UndoneError


@trying
@given(given_entries=st.lists(entries, max_size=5), since=moments)
def test_changes_count_labels_of_entries_of_one_budget_since_then(shared, given_entries, since):
    of_budget = [e for e in given_entries if e.budget == "work" and e.ref.tracker == "shop"]
    counted = [e for e in of_budget if e.at >= since]
    with undone(), shared.begin() as tx:
        tx.add_entries(given_entries)
        expected = sum(len(e.added) + len(e.removed) for e in counted)
        assert tx.changes_since("shop", "work", since) == expected
        raise UndoneError


@trying
@given(head=plan_heads, given_edits=unique_refs(edits), changed=plan_heads)
def test_plans(shared, head, given_edits, changed):
    with undone(), shared.begin() as tx:
        stored = tx.add_plan(head)
        tx.add_edits(stored.id, given_edits)
        assert list(tx.plans()) == [replace(head, id=stored.id)]
        assert list(tx.edits_after(stored.id, None, 9)) == sorted(given_edits, key=lambda e: e.ref)
        changed = replace(changed, id=stored.id)
        tx.put_plan(changed)
        assert list(tx.plans(changed.status)) == [changed]
        raise UndoneError


@trying
@given(vanishing=vanishings)
def test_vanishings(shared, vanishing):
    with undone(), shared.begin() as tx:
        tx.put_vanishing(replace(vanishing, answer=None, lost=()))
        tx.put_vanishing(vanishing)
        assert list(tx.vanishings(open_only=False)) == [vanishing]
        assert list(tx.vanishings()) == ([] if vanishing.answer else [vanishing])
        raise UndoneError


def test_a_run_begins_with_the_next_number_and_ends(store):
    with store.begin() as tx:
        first, second = tx.start_run("pull", NOW), tx.start_run("sync", NOW)
        tx.end_run(second.id, NOW + timedelta(seconds=1), exit_code=4, summary={"read": 3})
    with store.begin() as tx:
        ended = replace(second, ended=NOW + timedelta(seconds=1), exit_code=4, summary={"read": 3})
        assert (first.id, second.id) == (1, 2)
        assert list(tx.runs()) == [ended, first]
        assert list(tx.runs(limit=1)) == [ended]
        assert (tx.run(1), tx.run(9)) == (first, None)


def test_a_number_is_not_used_twice_after_plans_were_dropped(store):
    head = StoredPlan(
        id=0, digest="d", run=1, created=NOW, cause=Cause.WORK, purpose="sync",
        status=PlanStatus.APPLIED, why="", items=1, labels=1,
    )  # fmt: skip
    edit = PlannedEdit(
        ref=ItemRef("shop", "1"), key="PAY-1", scope="PAY", title="", url=None, add=(), remove=(),
        before=(), fingerprint="", verdict=None, because="",
    )  # fmt: skip
    with store.begin() as tx:
        old = tx.add_plan(head)
        tx.add_edits(old.id, [edit])
        waiting = tx.add_plan(replace(head, status=PlanStatus.WAITING))
        young = tx.add_plan(replace(head, created=NOW + timedelta(days=9)))
        tx.drop_plans_before(NOW + timedelta(days=1))
        assert list(tx.plans()) == [young, waiting]
        assert list(tx.edits_after(old.id, None, 9)) == []
        assert tx.add_plan(head).id == young.id + 1


def test_notes(store):
    with store.begin() as tx:
        assert tx.note("watermark") is None
        tx.put_note("watermark", {"PAY": [1, "x", None]})
        tx.put_note("other", 1)
        assert tx.note("watermark") == {"PAY": [1, "x", None]}
        tx.put_note("watermark", [2])
        assert tx.note("watermark") == [2]
        tx.put_note("watermark", None)
        assert (tx.note("watermark"), tx.note("other")) == (None, 1)


def test_the_last_good_goals_are_the_newest(store):
    with store.begin() as tx:
        assert tx.last_goals() is None
        tx.save_goals("a", b"1", NOW)
        tx.save_goals("b", b"2", NOW)
        tx.save_goals("b", b"3", NOW)
        assert tx.last_goals() == ("b", b"2")
        tx.save_goals("a", b"1", NOW)
        assert tx.last_goals() == ("a", b"1")


def test_a_second_open_intent_is_refused_by_name(store):
    one = Intent(
        id=0, ref=ItemRef("shop", "7"), run=3, opened=NOW, since=NOW, before=(), add=(), remove=()
    )
    with store.begin() as tx:
        (stored,) = tx.add_intents([one])
    with (
        pytest.raises(StoreError, match="shop:7 already has an open intent, of run 3"),
        store.begin() as tx,
    ):
        tx.add_intents([one])
    other = replace(one, ref=ItemRef("shop", "8"))
    with pytest.raises(StoreError, match="two open intents"), store.begin() as tx:
        tx.add_intents([other, other])
    with store.begin() as tx:
        tx.put_intents([replace(stored, closed=NOW)])
        (again,) = tx.add_intents([one])
        assert tx.intents_of([one.ref]) == {one.ref: [replace(stored, closed=NOW), again]}


def test_a_lone_surrogate_in_a_title_does_not_stop_a_pull(store):
    work = WorkItem(
        ref=ItemRef("shop", "1"), key="PAY-1", scope="PAY", title="half \ud83d smile", type="",
        status="", category=Category.TODO, updated=NOW, created=NOW,
    )  # fmt: skip
    with store.begin() as tx:
        tx.put_items([MirroredItem(item=work, role=Role.ITEM, direct=True, pull=1)])
        (stored,) = tx.items_after(None, 9)
    assert stored.item.title == "half ? smile"


def test_a_nul_in_a_text_does_not_stop_anybody(store):
    entry = Entry(
        run=1, ref=ItemRef("shop", "1"), key="PAY\0-1", scope="PAY", at=NOW, before=(), after=(),
        added=(), removed=(),
    )  # fmt: skip
    with store.begin() as tx:
        tx.add_entries([entry])
        (stored,) = tx.entries_of(1)
    assert stored.key in {"PAY\0-1", "PAY\ufffd-1"}
