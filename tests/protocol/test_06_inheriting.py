"""6: what is inherited through parents, projects, milestones and initiatives, in which order."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from okrsync.app import people
from okrsync.app.judging import Bench
from okrsync.app.passes import PASS, run_sync
from okrsync.app.pull import GRACE
from okrsync.core.plan import Stops
from okrsync.core.work import ItemRef
from okrsync.testing import work_item

if TYPE_CHECKING:
    from okrsync.app.judging import Judged

pytestmark = pytest.mark.paragraph(6)

ALIGNED_TO_KR3 = {"okr:KR-3", "okr:aligned"}


def hold(shop: Any, kind: str, title: str, **given: Any) -> ItemRef:
    """Put a container into the tracker."""
    item = work_item(f"{kind}:{title}", title=title, key=title, scope="", type=kind, **given)
    shop.tracker.put(item)
    return item.ref


def goals(shop: Any, item: str) -> tuple[str, ...]:
    found: tuple[str, ...] = shop.judged(item).judgement.goals
    return found


# Where it comes from


def test_what_is_above_is_asked_from_the_nearest_to_the_farthest(shop: Any) -> None:
    top = hold(shop, "initiative", "top")
    low = hold(shop, "initiative", "low", containers=(top,))
    outer = hold(shop, "project", "outer")
    inner = hold(shop, "project", "inner", containers=(low,))
    stage = hold(shop, "milestone", "stage", containers=(inner,))
    epic = shop.tracker.create(title="epic", containers=(outer,))
    parent = ItemRef("fake", epic)
    item = shop.tracker.create(title="item", parent=parent, containers=(inner, stage))
    shop.pull()
    above = [each.ref for each in shop.judged(item).above]
    assert above == [parent, inner, outer, stage, low, top]


@pytest.mark.parametrize("kind", ["project", "milestone", "initiative"])
@pytest.mark.parametrize("how", ["title", "text", "field", "link"])
def test_an_item_inherits_what_its_container_says(shop: Any, kind: str, how: str) -> None:
    says: dict[str, dict[str, Any]] = {
        "title": {"title": "Reach KR-3"},
        "text": {"title": "Reach", "text": "It is for KR-3."},
        "field": {"title": "Reach", "fields": {"goal": ("KR-3",)}},
        "link": {"title": "Reach"},
    }
    container = hold(shop, kind, **says[how])
    item = shop.tracker.create(title="a", containers=(container,))
    shop.pull()
    if how == "link":
        people.link(shop.ctx, shop.strategy(), "Reach", "KR-3", "agreed in March")
    shop.sync()
    assert shop.labels(item) == ALIGNED_TO_KR3
    assert shop.judged(item).judgement.source.ref == container
    assert shop.tracker.labels(container.id) == set()


def test_containers_alike_in_name_are_told_apart_by_their_refs(shop: Any) -> None:
    one, two = (hold(shop, kind, "Beta") for kind in ("milestone", "initiative"))
    item = shop.tracker.create(title="a", containers=(one, two))
    shop.pull()
    with pytest.raises(Exception, match="several items") as refused:
        people.link(shop.ctx, shop.strategy(), "beta", "KR-3", "")
    assert refused.value.hint == "say which: fake:initiative:Beta, fake:milestone:Beta"  # type: ignore[attr-defined]
    people.link(shop.ctx, shop.strategy(), "fake:initiative:Beta", "KR-3", "")
    assert goals(shop, item) == ("KR-3",)


def test_a_container_may_have_a_colon_in_its_name(shop: Any) -> None:
    container = hold(shop, "initiative", "2026: grow")
    item = shop.tracker.create(title="a", containers=(container,))
    shop.pull()
    people.link(shop.ctx, shop.strategy(), "2026: Grow", "KR-3", "")
    assert goals(shop, item) == ("KR-3",)


def test_an_epic_outside_the_scopes_is_read_for_what_it_passes_on(shop: Any) -> None:
    epic = shop.tracker.create(title="KR-3", scope="OPS")
    item = shop.tracker.create(title="a", parent=ItemRef("fake", epic))
    shop.sync()
    assert shop.labels(item) == ALIGNED_TO_KR3
    assert shop.labels(epic) == set()


@pytest.mark.parametrize("above", ["epic", "project"])
def test_what_cannot_be_read_keeps_its_word_for_a_time_of_grace(shop: Any, above: str) -> None:
    epic = shop.tracker.create(title="KR-3", scope="OPS")
    container = hold(shop, "project", "KR-3")
    given: dict[str, dict[str, Any]] = {
        "epic": {"parent": ItemRef("fake", epic)},
        "project": {"containers": (container,)},
    }
    item = shop.tracker.create(title="a", **given[above])
    shop.sync()
    assert shop.labels(item) == ALIGNED_TO_KR3
    gone = shop.tracker.items[epic if above == "epic" else container.id]
    shop.tracker.delete(gone.ref.id)
    shop.sync()
    assert shop.labels(item) == ALIGNED_TO_KR3
    shop.clock.advance(GRACE + timedelta(days=1))
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}
    shop.tracker.put(gone)
    shop.sync()
    assert shop.labels(item) == ALIGNED_TO_KR3


def test_containers_in_a_circle_end_somewhere(shop: Any) -> None:
    low, top = (ItemRef("fake", f"initiative:{name}") for name in ("low", "top"))
    hold(shop, "initiative", "low", containers=(top,))
    hold(shop, "initiative", "top", containers=(low,))
    hold(shop, "initiative", "self", containers=(ItemRef("fake", "initiative:self"),))
    both = (low, ItemRef("fake", "initiative:self"))
    item = shop.tracker.create(title="a", containers=both)
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}
    assert len(shop.judged(item).above) == 3


def test_a_veto_on_the_way_holds_for_what_is_below(shop: Any) -> None:
    container = hold(shop, "project", "KR-3")
    epic = shop.tracker.create(title="a", containers=(container,))
    item = shop.tracker.create(title="b", parent=ItemRef("fake", epic))
    shop.sync()
    shop.say(people.unlink, epic, "KR-3", "not this part")
    shop.sync()
    assert shop.labels(epic) == shop.labels(item) == {"okr:unaligned"}


def test_a_container_that_changes_is_a_change_of_work(shop: Any) -> None:
    container = hold(shop, "initiative", "Grow")
    item = shop.tracker.create(title="a", containers=(container,))
    for _ in range(2):
        shop.sync()
    shop.tracker.change(container.id, text="KR-3")
    (edit,) = shop.edits(shop.plan().planned.plan.id).values()
    assert (edit.ref.id, edit.cause) == (item, "work")


@pytest.mark.parametrize("hears", ["a pass over another scope", "a bell"])
def test_a_pass_under_way_goes_by_what_another_heard_of_above(shop: Any, hears: str) -> None:
    container = hold(shop, "project", "nothing")
    item = shop.tracker.create(title="a", containers=(container,))
    shop.sync()
    under_way = Bench(shop.ctx, shop.strategy(), Stops())
    assert judged_by(under_way, shop, item).judgement.goals == ()
    shop.tracker.change(container.id, title="Reach KR-3")
    if hears == "a bell":
        shop.ring(container.id)
    else:
        run_sync(shop.ctx, [(shop.tracker.name, "WEB")], kind=PASS, thorough=False)
    assert judged_by(under_way, shop, item).judgement.goals == ("KR-3",)


def judged_by(bench: Bench, shop: Any, item: str) -> Judged:
    """Let a pass judge its next page."""
    ref = ItemRef(shop.tracker.name, item)
    with shop.store.begin() as tx:
        (judged,) = bench.page(tx, [tx.items([ref])[ref].item], tx.states([ref]))
    return judged
