"""19: a purge takes off all that is ours and nothing else, and what it left stays bare."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrsync.app import passes, people
from okrsync.core.ledger import Hold, Origin
from okrsync.core.vocabulary import Vocabulary
from okrsync.errors import RefusedError, UsageError
from okrsync.ports.store import PlanStatus
from okrsync.testing import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.paragraph(19)

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}
SEARCH = {"okr:KR-3", "okr:aligned"}


def purge(shop: Any, *scopes: tuple[str, str], prefix: str = "", say: bool = True) -> passes.Pass:
    """Purge everything, or these scopes."""
    places: Sequence[tuple[str, str]] = scopes or shop.places
    return passes.run_purge(shop.ctx, places, prefix=prefix, approve=lambda _made: say)


def left(made: passes.Pass) -> list[str]:
    """Return why items were left as they are."""
    assert made.proposal is not None
    return [why for _, why in made.proposal.left]


def test_it_takes_off_what_is_ours_and_leaves_what_people_put_there(shop: Any) -> None:
    item = shop.tracker.create(title="wallet", labels={"urgent", "okr:KR-2"})
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-3"])
    shop.sync()
    made = purge(shop)
    assert (made.exit_code, shop.tracker.labels(item)) == (0, {"urgent", "okr:KR-2", "okr:KR-3"})
    assert {row.origin for row in shop.state(item).rows} == {Origin.FOUND, Origin.THEIRS}


def test_it_creates_no_vetoes_and_no_mutes(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    purge(shop)
    shop.pull()
    state = shop.state(item)
    assert (state.acts, state.mutes, state.rows) == ((), frozenset(), ())


def test_only_the_scope_that_is_named_is_purged(shop: Any) -> None:
    here, there = (
        shop.tracker.create(title="wallet"),
        shop.tracker.create(title="wallet", scope="WEB"),
    )
    shop.sync()
    purge(shop, (shop.tracker.name, "PAY"))
    assert (shop.labels(here), shop.labels(there)) == (set(), WALLET)


def test_only_labels_of_the_former_prefix_go(shop: Any) -> None:
    moved, late = (shop.tracker.create(title="wallet") for _ in range(2))
    shop.sync()
    shop.ctx.vocabulary = Vocabulary(prefix="goal/")
    shop.tracker.change(late, title="search")
    shop.tracker.faults.put(Fault(kind=FaultKind.REFUSED, on="apply", after=1))
    shop.sync()
    assert shop.labels(late) == WALLET
    assert {label[:5] for label in shop.tracker.labels(moved)} == {"goal/"}
    before = shop.tracker.labels(moved)
    purge(shop, prefix="OKR:")
    assert (shop.tracker.labels(moved), shop.tracker.labels(late)) == (before, frozenset())
    assert (shop.state(moved).hold is None, shop.state(late).hold is None) == (True, False)


def test_the_items_stay_bare_whatever_changes_until_release(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    purge(shop)
    for change in ("search", "upkeep", "wallet"):
        shop.tracker.change(item, title=change)
        shop.goals.kill("H-2")
        shop.clock.advance(timedelta(days=5))
        made = shop.sync()
        assert made.planned is not None
        assert (made.planned.empty, shop.labels(item)) == (True, set())
    shop.say(people.release, item)
    shop.sync()
    assert shop.labels(item) == WALLET


def test_the_difference_to_an_undo_is_in_the_ledger(shop: Any) -> None:
    purged = shop.tracker.create(title="wallet")
    shop.sync()
    taken = purge(shop).run
    assert shop.state(purged).hold == Hold(desired=None, run=taken)
    back = shop.undo(taken).run
    assert shop.labels(purged) == WALLET
    assert shop.state(purged).hold == Hold(desired=tuple(sorted(WALLET)), run=back)


def held(shop: Any) -> Sequence[Any]:
    """Return the states that are held, as stored."""
    with shop.ctx.store.begin() as tx:
        return list(tx.states_with("hold"))


def test_everything_held_in_a_scope_is_released_at_once(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.tracker.create(title="wallet", scope="WEB")
    shop.sync()
    purge(shop)
    assert people.release_all(shop.ctx, [(shop.tracker.name, "pay")]) == 1
    assert shop.state(item).hold is None
    assert len(held(shop)) == 1


def test_a_purge_counts_on_no_limit_and_asks_always(shop: Any) -> None:
    items = [shop.tracker.create(title="wallet") for _ in range(5)]
    shop.sync()
    shop.restart(limits=type(shop.policy.limits)(max_changes=1))
    declined = purge(shop, say=False)
    assert (declined.applied, shop.labels(items[0])) == (None, WALLET)
    purge(shop)
    with shop.ctx.store.begin() as tx:
        assert tx.changes_since(shop.tracker.name, "work", shop.clock.now()) == 0
    assert all(entry.budget is None for entry in shop.journal(items[0])[1:])
    assert [shop.labels(item) for item in items] == [set()] * 5


def test_a_declined_purge_waits_and_is_approved_by_its_digest(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    declined = purge(shop, say=False)
    assert declined.proposal is not None
    made = passes.run_approved(shop.ctx, declined.proposal.plan.digest)
    assert (made.exit_code, shop.labels(item)) == (0, set())
    assert shop.state(item).hold == Hold(desired=None, run=made.run)
    with shop.ctx.store.begin() as tx:
        assert tx.run(made.run).kind == "purge"


def test_nothing_to_purge_waits_for_nobody(shop: Any) -> None:
    shop.tracker.create(title="wallet", labels={"okr:KR-1"})
    made = purge(shop)
    assert made.proposal is not None
    assert (made.exit_code, made.proposal.plan.items) == (0, 0)
    with shop.ctx.store.begin() as tx:
        assert list(tx.plans(PlanStatus.WAITING)) == []


def test_report_mode_purges_nothing(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.restart(writes=False)
    with pytest.raises(RefusedError):
        purge(shop)
    assert shop.labels(item) == WALLET


def test_what_is_out_of_reach_is_said_and_left(shop: Any) -> None:
    moved, gone = (shop.tracker.create(title="wallet") for _ in range(2))
    shop.sync()
    shop.tracker.move(moved, "OPS")
    shop.tracker.delete(gone)
    made = purge(shop)
    assert left(made) == [
        "no search of its scope shows it any more",
        "it cannot be read any more",
    ]
    assert (made.exit_code, shop.labels(moved)) == (4, WALLET)


def test_a_scope_that_cannot_be_read_is_left_out(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.faults.put(Fault(kind=FaultKind.LOST_BEFORE, on="stamps", times=99))
    made = purge(shop)
    assert (made.exit_code, shop.labels(item), shop.state(item).hold) == (5, WALLET, None)


def test_what_a_person_added_again_meanwhile_is_theirs_and_stays(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()

    def meddle(_made: passes.Pass) -> bool:
        shop.tracker.person(item, remove=["okr:KR-1"])
        shop.tracker.person(item, add=["okr:KR-1"])
        return True

    passes.run_purge(shop.ctx, shop.places, approve=meddle)
    assert "okr:KR-1" in shop.labels(item)
    purge(shop)
    assert shop.labels(item) == {"okr:KR-1"}


def test_a_purge_that_the_tracker_refuses_holds_nothing(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.faults.put(Fault(kind=FaultKind.REFUSED, on="apply"))
    purge(shop)
    assert (shop.labels(item), shop.state(item).hold) == (WALLET, None)
    with pytest.raises(UsageError, match="is not held"):
        shop.say(people.release, item)


LABELS = ("okr:H-1", "okr:KR-1", "okr:KR-3", "okr:aligned", "okr:stale", "okr:KR-404", "urgent")
TITLES = ("wallet", "search", "page", "upkeep", "nothing")
DEEDS = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 2), st.sampled_from(LABELS)),
    st.tuples(st.just("remove"), st.integers(0, 2), st.sampled_from(LABELS)),
    st.tuples(st.just("title"), st.integers(0, 2), st.sampled_from(TITLES)),
    st.tuples(st.just("sync"), st.integers(0, 2), st.just("")),
    st.tuples(st.just("clone"), st.integers(0, 2), st.just("")),
)


def do(shop: Any, deed: tuple[str, int, str]) -> None:
    """Let somebody do something."""
    what, n, word = deed
    item = sorted(shop.tracker.items)[n]
    match what:
        case "add":
            shop.tracker.person(item, add=[word])
        case "remove":
            shop.tracker.person(item, remove=[word])
        case "title":
            shop.tracker.change(item, title=word)
        case "clone" if len(shop.tracker.items) < 6:
            shop.tracker.clone(item)
        case _:
            shop.sync()


def by_others(shop: Any, item: str) -> set[str]:
    """Return the labels on an item that somebody else put there last, as its history tells."""
    put: dict[str, bool] = {}
    for change in shop.tracker.history(item, None).changes:
        put |= dict.fromkeys(change.added, change.by_us)
    return {label for label in shop.tracker.labels(item) if not put.get(label, False)}


@given(deeds=st.lists(DEEDS, max_size=14))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_happened_before_exactly_what_okrsync_wrote_goes(
    open_shop: Any, deeds: list[tuple[str, int, str]]
) -> None:
    shop = open_shop()
    for title in TITLES[:3]:
        shop.tracker.create(title=title)
    for deed in deeds:
        do(shop, deed)
    stay = {item: by_others(shop, item) for item in shop.tracker.items}
    had_ours = {item for item in shop.tracker.items if shop.tracker.labels(item) != stay[item]}
    made = purge(shop)
    assert made.exit_code == 0
    assert {item: set(shop.tracker.labels(item)) for item in shop.tracker.items} == stay
    assert {state.ref.id for state in held(shop)} == had_ours
    assert shop.plan().planned.plan.items == len(
        [
            item
            for item in shop.tracker.items
            if item not in had_ours and shop.judged(item).wish.edit.size
        ]
    )
    shop.close()
