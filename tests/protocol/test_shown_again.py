"""A search that shows what it showed before is passed over, and nothing is missed by that."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from okrsync.app import people
from okrsync.app.passes import PASS, run_sync
from okrsync.core.reading import Reading
from okrsync.core.vocabulary import Vocabulary
from okrsync.core.work import ItemRef
from okrsync.errors import OkrsyncError
from okrsync.ports.store import Role
from okrsync.storage.memories import MEMORIES
from okrsync.storage.schema import mirror, unsettled

if TYPE_CHECKING:
    from collections.abc import Callable

HISTORIES = 400 if os.environ.get("OKR_TESTS_LONG") else 10


def full(shop: Any) -> Any:
    """Read everything, as the daemon does once a week; it writes without being asked again."""
    return run_sync(shop.ctx, shop.places, kind=PASS, reading=Reading.FULL, thorough=False)


def looked_at(shop: Any) -> int:
    """Count what a full reading looks at closely."""
    before = shop.tracker.looked_at
    full(shop)
    return shop.tracker.looked_at - before


def quiet_shop(shop: Any) -> list[str]:
    """Fill a shop and let it come to rest."""
    items = [shop.tracker.create(title=word) for word in ("wallet", "page", "nothing")]
    shop.sync()
    for _ in range(2):
        shop.clock.advance(timedelta(minutes=1))
        full(shop)
    return items


def test_a_full_reading_of_what_did_not_change_looks_at_nothing_and_judges_nothing(shop):
    quiet_shop(shop)
    before = shop.tracker.looked_at
    made = full(shop)
    assert shop.tracker.looked_at == before
    assert made.planned is None
    assert sum(made.pulled.items.values()) == 3
    assert made.pulled.gone == 0


def test_a_full_reading_judges_only_what_it_found_new(shop):
    item, *_ = quiet_shop(shop)
    shop.tracker.change(item, title="search")
    made = full(shop)
    assert made.planned.considered == 1


def test_what_a_person_changed_is_looked_at(shop):
    item, *_ = quiet_shop(shop)
    shop.tracker.person(item, remove=["okr:KR-1"])
    assert looked_at(shop) == 1
    assert [act.kind.value for act in shop.state(item).acts] == ["veto"]


def test_what_changes_without_a_trace_in_updated_is_looked_at(shop):
    item, *_ = quiet_shop(shop)
    old = shop.tracker.items[item]
    shop.tracker.put(replace(old, title="search"))
    assert looked_at(shop) == 1
    assert shop.judged(item).item.title == "search"


TOUCHES: dict[str, Callable[[Any, str], object]] = {
    "a direct reading that brought something new": lambda shop, item: (
        shop.tracker.change(item, title="search"),
        shop.ring(item),
        shop.tracker.change(item, title="wallet"),
    ),
    "a person's command": lambda shop, item: shop.say(people.link, item, "KR-3", ""),
    "a write of ours": lambda shop, item: (
        shop.say(people.link, item, "KR-3", ""),
        shop.light(),
    ),
    "losing sight of it": lambda shop, item: (
        shop.tracker.hide(item),
        shop.ring(item),
        shop.tracker.show(item),
    ),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_what_was_touched_otherwise_is_looked_at_again(shop, touch):
    item, *_ = quiet_shop(shop)
    TOUCHES[touch](shop, item)
    assert looked_at(shop) >= 1
    assert shop.state(item).believed == shop.labels(item)


def test_what_is_back_in_its_scope_unchanged_is_ours_again(shop):
    item, *_ = quiet_shop(shop)
    shop.tracker.hide(item)
    full(shop)
    shop.tracker.show(item)
    full(shop)
    with shop.store.begin() as tx:
        assert tx.items([ItemRef("fake", item)])[ItemRef("fake", item)].role is Role.ITEM


@pytest.mark.parametrize("other", ["settings of the tracker", "vocabulary"])
def test_under_another_way_of_looking_everything_is_looked_at(shop, other):
    items = quiet_shop(shop)
    if other == "settings of the tracker":
        shop.ctx.setups["fake"] = replace(shop.ctx.setups["fake"], basis="another")
    else:
        shop.ctx.vocabulary = Vocabulary(prefix="goal:")
    assert looked_at(shop) == len(items)


def test_a_judgement_alone_makes_nobody_look_again(shop):
    items = quiet_shop(shop)
    shop.clock.advance(timedelta(days=1))
    assert looked_at(shop) == 0
    assert all(shop.state(item).basis is not None for item in items)


def test_of_two_answers_about_an_item_the_one_that_is_new_is_not_missed(shop):
    item, *_ = quiet_shop(shop)
    (before,) = (seen for seen in shop.tracker.pull("PAY") if seen.id == item)
    shop.tracker.change(item, title="search")
    (after,) = (seen for seen in shop.tracker.pull("PAY") if seen.id == item)
    others = [seen for seen in shop.tracker.pull("PAY") if seen.id != item]
    turned = {"PAY": [after, *others, before], "WEB": []}
    shop.tracker.pull = lambda scope: iter(turned[scope])
    full(shop)
    assert shop.judged(item).item.title == "search"


# The same history with and without digests

ITEMS = st.integers(0, 3)
LABELS = st.sampled_from(["okr:KR-1", "okr:KR-3", "okr:H-1", "okr:aligned", "team"])
STEPS = st.one_of(
    st.tuples(st.just("create"), st.sampled_from(["wallet", "page", "search", "upkeep"])),
    st.tuples(st.just("add"), ITEMS, LABELS),
    st.tuples(st.just("remove"), ITEMS, LABELS),
    st.tuples(st.just("change"), ITEMS, st.sampled_from(["wallet", "search", "nothing"])),
    st.tuples(st.just("slip"), ITEMS, st.sampled_from(["wallet", "search", "nothing"])),
    st.tuples(st.just("move"), ITEMS, st.sampled_from(["PAY", "WEB", "OPS"])),
    st.tuples(st.just("hide"), ITEMS),
    st.tuples(st.just("show"), ITEMS),
    st.tuples(st.just("delete"), ITEMS),
    st.tuples(st.just("lag"), st.integers(0, 3)),
    st.tuples(st.just("link"), ITEMS, st.sampled_from(["KR-1", "KR-3"])),
    st.tuples(st.just("wait"), st.sampled_from([1, 3600, 86_400])),
    st.tuples(st.just("full")),
    st.tuples(st.just("full")),
    st.tuples(st.just("light")),
    st.tuples(st.just("sync")),
    st.tuples(st.just("ring"), ITEMS),
)


class Story:
    """One shop in which a history happens; perhaps it forgets all digests before every reading."""

    def __init__(self, shop: Any, *, forgetful: bool) -> None:
        self.shop = shop
        self._forgetful = forgetful
        self._ids: list[str] = []

    def step(self, name: str, *words: Any) -> None:
        if self._forgetful:
            with self.shop.store.begin() as tx:
                tx._db.run(update(mirror).values(shown=None))
        try:
            getattr(self, f"_{name}")(*words)
        except (OkrsyncError, KeyError):  # there is no such item by now
            return

    def told(self) -> dict[str, Any]:
        """Return all that is believed and remembered, and what is in the tracker."""
        columns = [column for column in mirror.c if column.name != "shown"]
        told: dict[str, Any] = {}
        with self.shop.store.begin() as tx:
            told["mirror"] = sorted(map(tuple, tx._db.rows(select(*columns))))
            for memory in MEMORIES:
                told[memory.name] = sorted(map(repr, tx._db.rows(select(memory.table))))
            told["unsettled"] = sorted(map(tuple, tx._db.rows(select(unsettled))))
        told["tracker"] = {i: self.shop.tracker.labels(i) for i in self.shop.tracker.items}
        return told

    def _id(self, number: int) -> str:
        return self._ids[number % len(self._ids)] if self._ids else "none"

    def _create(self, word: str) -> None:
        self._ids.append(self.shop.tracker.create(title=word))

    def _add(self, number: int, label: str) -> None:
        self.shop.tracker.person(self._id(number), add=[label])

    def _remove(self, number: int, label: str) -> None:
        self.shop.tracker.person(self._id(number), remove=[label])

    def _change(self, number: int, title: str) -> None:
        self.shop.tracker.change(self._id(number), title=title)

    def _slip(self, number: int, title: str) -> None:
        """Change something, and `updated` does not tell."""
        self.shop.tracker.put(replace(self.shop.tracker.items[self._id(number)], title=title))

    def _move(self, number: int, scope: str) -> None:
        self.shop.tracker.move(self._id(number), scope)

    def _hide(self, number: int) -> None:
        self.shop.tracker.hide(self._id(number))

    def _show(self, number: int) -> None:
        self.shop.tracker.show(self._id(number))

    def _delete(self, number: int) -> None:
        self.shop.tracker.delete(self._id(number))

    def _lag(self, changes: int) -> None:
        self.shop.tracker.lag = changes

    def _link(self, number: int, goal: str) -> None:
        self.shop.say(people.link, self._id(number), goal, "")

    def _wait(self, seconds: int) -> None:
        self.shop.clock.advance(timedelta(seconds=seconds))

    def _full(self) -> None:
        full(self.shop)

    def _light(self) -> None:
        self.shop.light()

    def _sync(self) -> None:
        self.shop.sync()

    def _ring(self, number: int) -> None:
        self.shop.ring(self._id(number))


@settings(
    max_examples=HISTORIES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(steps=st.lists(STEPS, min_size=8, max_size=25))
def test_a_history_ends_the_same_whether_or_not_digests_are_known(open_shop, steps):
    knowing = Story(open_shop(), forgetful=False)
    forgetful = Story(open_shop(), forgetful=True)
    for step in [("create", "wallet"), ("create", "page"), ("sync",), *steps, ("full",)]:
        knowing.step(*step)
        forgetful.step(*step)
        if step[0] in {"full", "light", "sync", "ring"}:
            assert knowing.told() == forgetful.told()
    knowing.shop.store.close()
    forgetful.shop.store.close()
