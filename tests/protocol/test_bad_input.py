"""Odd items, odd rules and odd moments end in defined results: never a crash or a wrong label."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrsync.app import passes, people
from okrsync.app.explain import explain
from okrsync.core.work import ItemRef
from okrsync.errors import RefusedError, UsageError
from tests.protocol.conftest import serves

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.paragraph(13)

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}
SCRIPTS = (
    "ניסוי wallet",
    "結帳 wallet",
    "👩‍💻 WALLET",
    "ﬀ wallet",
    "wallet\u200d\u0301",
    "İ wallet",
)


def test_a_pattern_of_10_kb_is_a_pattern_like_any_other(shop: Any) -> None:
    shop.mapping.rules.insert(0, serves("x" * 10_000, "KR-3"))
    shop.mapping.rules.insert(1, serves("|".join(f"word{n}" for n in range(1_000)), "KR-3"))
    item, odd = shop.tracker.create(title="wallet"), shop.tracker.create(title="a word999 here")
    shop.sync()
    assert (shop.labels(item), shop.labels(odd)) == (WALLET, {"okr:KR-3", "okr:aligned"})


@pytest.mark.parametrize("pattern", ["(a+)+$", "(.*a){20}", "(x+x+)+y"])
def test_no_pattern_blows_up_on_a_long_title(shop: Any, pattern: str) -> None:
    shop.mapping.rules.insert(0, serves(pattern, "KR-3"))
    item = shop.tracker.create(title="a" * 30_000 + "! wallet")
    shop.sync()
    assert "okr:aligned" in shop.labels(item)


def test_an_item_with_500_labels_gets_ours_beside_them(shop: Any) -> None:
    theirs = {f"label-{n}" for n in range(500)}
    item = shop.tracker.create(title="wallet", labels=theirs)
    made = shop.sync()
    assert shop.tracker.labels(item) == theirs | WALLET
    shop.undo(made.run)
    assert shop.tracker.labels(item) == theirs


def test_an_item_with_500_words_of_ours_by_a_person_keeps_them(shop: Any) -> None:
    theirs = {f"okr:made-up-{n}" for n in range(500)}
    item = shop.tracker.create(title="wallet", labels=theirs)
    shop.sync()
    assert shop.tracker.labels(item) == theirs | WALLET


@pytest.mark.parametrize("title", SCRIPTS)
def test_titles_in_any_script_are_matched_and_explained(shop: Any, title: str) -> None:
    item = shop.tracker.create(title=title)
    shop.sync()
    assert shop.labels(item) == WALLET
    known = explain(shop.ctx, shop.strategy(), f"PAY-{item}")
    assert known.judged.item.title == title


@given(title=st.text(max_size=200))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_title_breaks_a_pass(open_shop: Any, title: str) -> None:
    shop = open_shop()
    item = shop.tracker.create(title=title)
    shop.sync()
    assert len(shop.labels(item) & {"okr:aligned", "okr:unaligned", "okr:weak", "okr:exempt"}) == 1
    shop.close()


def circle(shop: Any, *titles: str) -> list[str]:
    """Create items each of which is the parent of the next, and the last of the first."""
    items = [shop.tracker.create(title=title) for title in titles]
    for child, parent in zip(items, [*items[1:], items[0]], strict=True):
        shop.tracker.change(child, parent=shop.tracker.items[parent].ref)
    return items


@pytest.mark.parametrize("length", [1, 2, 3, 30])
def test_a_circle_of_parents_ends_and_is_inherited_from(shop: Any, length: int) -> None:
    items = circle(shop, "wallet", *["nothing"] * (length - 1))
    shop.sync()
    assert shop.plan().planned.empty
    for item in items[:1]:
        assert shop.labels(item) == WALLET
    if length > 1:
        assert shop.labels(items[-1]) == WALLET
        assert explain(shop.ctx, shop.strategy(), f"PAY-{items[-1]}").above


def test_a_circle_in_which_nobody_says_anything_is_unaligned(shop: Any) -> None:
    items = circle(shop, "nothing", "nothing", "nothing")
    shop.sync()
    assert [shop.labels(item) for item in items] == [{"okr:unaligned"}] * 3


def test_an_epic_deleted_before_the_write_is_left_and_its_children_follow(shop: Any) -> None:
    epic = shop.tracker.create(title="wallet", type="Epic")
    child = shop.tracker.create(title="nothing", parent=shop.tracker.items[epic].ref)
    shown = shop.plan().planned.plan
    shop.tracker.delete(epic)
    made = passes.run_approved(shop.ctx, shown.digest)
    assert [edit.ref.id for edit in made.applied.gone] == [epic]
    shop.tracker.change(child, parent=None)  # as trackers do when they delete a parent
    shop.sync()
    assert shop.labels(child) == {"okr:unaligned"}
    assert shop.plan().planned.empty


def test_an_epic_deleted_after_the_write_takes_back_what_was_inherited(shop: Any) -> None:
    epic = shop.tracker.create(title="wallet", type="Epic")
    child = shop.tracker.create(title="nothing", parent=shop.tracker.items[epic].ref)
    shop.sync()
    assert shop.labels(child) == WALLET
    shop.tracker.delete(epic)
    shop.tracker.change(child, parent=None)
    shop.sync()
    assert shop.labels(child) == {"okr:unaligned"}
    assert shop.state(child).acts == ()


def test_a_link_stays_with_an_item_that_moved_before_anybody_looked(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.pull()
    shop.tracker.move(item, "WEB")
    people.link(shop.ctx, shop.strategy(), f"PAY-{item}", "KR-3", "so be it")
    shop.sync()
    assert shop.labels(item) == {"okr:KR-3", "okr:aligned"}
    with pytest.raises(UsageError, match="no item"):
        explain(shop.ctx, shop.strategy(), f"PAY-{item}")
    assert explain(shop.ctx, shop.strategy(), f"WEB-{item}").judged.judgement.goals == ("KR-3",)


class Turnstile:
    """A store in which an item moves while somebody waits for the lock of its scope."""

    def __init__(self, store: Any, moves: Any) -> None:
        self._store, self._moves = store, moves

    @contextmanager
    def lock(self, tracker: str, scope: str, *, wait: float = 0.0) -> Iterator[None]:
        self._moves()
        with self._store.lock(tracker, scope, wait=wait):
            yield

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def test_an_item_that_moves_while_it_is_being_linked_is_asked_for_again(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.pull()
    strategy = shop.strategy()
    store = shop.ctx.store

    def moves() -> None:
        shop.ctx.store = store
        shop.tracker.move(item, "WEB")
        shop.pull()

    shop.ctx.store = Turnstile(store, moves)
    with pytest.raises(RefusedError, match="is in WEB now"):
        people.link(shop.ctx, strategy, f"PAY-{item}", "KR-3", "")
    assert shop.state(item).acts == ()


def test_an_item_that_moves_between_plan_and_write_is_left_and_planned_afresh(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shown = shop.plan().planned.plan
    shop.tracker.move(item, "WEB")
    made = passes.run_approved(shop.ctx, shown.digest)
    assert [why for _, why in made.applied.moved] == ["it is in WEB now"]
    shop.sync()
    assert shop.labels(item) == WALLET


def test_a_parent_that_was_never_seen_is_nobody(shop: Any) -> None:
    item = shop.tracker.create(title="nothing", parent=ItemRef(shop.tracker.name, "no-such-id"))
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}
