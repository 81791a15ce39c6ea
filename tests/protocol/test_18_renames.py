"""18: a goal keeps its past under a new name, and people keep the labels they wrote."""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.app import people
from okrsync.core.ledger import Origin
from okrsync.errors import ConfigError
from okrsync.ports.store import Cause

pytestmark = pytest.mark.paragraph(18)

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}
RENAMED = {"okr:H-9", "okr:KR-1", "okr:aligned"}


def rename(shop: Any, old: str = "H-1", new: str = "H-9") -> None:
    """Rename a hypothesis in the files; rules go on naming it as before."""
    known = next(each for each in shop.goals.hypotheses if each.id == old)
    shop.goals.hypothesis(old, id=new, previously=(*known.previously, old))


def test_a_veto_moves_with_the_rename(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:H-1"])
    shop.sync()
    rename(shop)
    for _ in range(2):
        shop.sync()
        assert shop.labels(item) == {"okr:unaligned"}
    shop.say(people.unveto, item, "H-9", "it does")
    shop.sync()
    assert shop.labels(item) == RENAMED


def test_a_link_moves_with_the_rename(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.pull()
    shop.say(people.link, item, "H-1", "it does")
    rename(shop)
    shop.sync()
    assert shop.labels(item) == RENAMED
    assert [act.goal for act in shop.state(item).acts] == ["H-9"]


def test_a_veto_and_a_link_move_at_once_before_anything_is_pulled(shop: Any) -> None:
    vetoed, linked = shop.tracker.create(title="wallet"), shop.tracker.create(title="nothing")
    shop.sync()
    shop.say(people.unlink, vetoed, "H-1", "no")
    shop.say(people.link, linked, "H-1", "yes")
    rename(shop)
    assert shop.judged(vetoed).judgement.own.vetoes == {"H-9"}
    assert "H-9" in shop.judged(linked).judgement.goals


def test_our_labels_migrate_by_a_plan_that_the_goals_caused(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.sync()
    rename(shop)
    (edit,) = shop.edits(shop.plan().planned.plan.id).values()
    assert (edit.add, edit.remove, edit.cause) == (("okr:H-9",), ("okr:H-1",), Cause.GOALS)
    assert shop.labels(item) == WALLET
    shop.sync()
    assert shop.labels(item) == RENAMED
    assert shop.state(item).acts == ()


def test_a_row_keeps_the_label_as_written_and_points_to_the_new_id(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:h-1"])
    shop.sync()
    rename(shop)
    shop.sync()
    row = shop.state(item).row("okr:h-1")
    assert (row.label, row.goal, row.origin) == ("okr:h-1", "H-9", Origin.THEIRS)


def test_a_persons_label_is_never_touched_and_ours_is_written_beside_it(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:H-1"])
    shop.sync()
    rename(shop)
    for _ in range(2):
        shop.sync()
        assert shop.labels(item) == RENAMED | {"okr:H-1"}
    assert shop.state(item).ours == RENAMED


def test_a_persons_label_is_heard_under_the_old_name_also_when_it_comes_later(shop: Any) -> None:
    rename(shop)
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:H-1"])
    shop.sync()
    assert shop.labels(item) == RENAMED | {"okr:H-1"}


def test_a_persons_label_is_heard_for_ever_also_when_the_files_forget_the_old_name(
    shop: Any,
) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:H-1"])
    shop.sync()
    rename(shop)
    shop.sync()
    shop.goals.hypothesis("H-9", previously=())
    shop.mapping.rules = []
    shop.sync()
    assert shop.labels(item) == RENAMED | {"okr:H-1"}


def test_names_follow_through_several_renames(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:KR-1"])
    shop.sync()
    rename(shop, "H-1", "H-8")
    shop.sync()
    rename(shop, "H-8", "H-9")
    shop.sync()
    assert shop.labels(item) == {"okr:H-9", "okr:aligned"}
    shop.tracker.person(item, remove=["okr:H-9"])
    shop.sync()
    assert "H-9" in shop.judged(item).judgement.own.vetoes


def test_a_person_who_removes_one_of_the_two_names_vetoes_nothing(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:H-1"])
    shop.sync()
    rename(shop)
    shop.sync()
    shop.tracker.person(item, remove=["okr:H-1"])
    shop.sync()
    assert shop.judged(item).judgement.own.vetoes == frozenset()
    assert shop.labels(item) == RENAMED
    shop.tracker.person(item, remove=["okr:H-9"])
    shop.sync()
    assert shop.judged(item).judgement.own.vetoes == {"H-9"}


def test_our_old_label_that_a_person_takes_away_during_the_rename_is_a_veto(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    rename(shop)
    shop.tracker.person(item, remove=["okr:H-1"])
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}


def problems(shop: Any) -> list[str]:
    """Return what is wrong with the goals as they stand."""
    with pytest.raises(ConfigError) as refused:
        shop.sync()
    return [problem.message for problem in refused.value.problems]


def test_names_cannot_be_swapped(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.goals.hypothesis("H-1", id="H-x")
    shop.goals.hypothesis("H-2", id="H-1", previously=("H-2",))
    shop.goals.hypothesis("H-x", id="H-2", previously=("H-1",))
    assert problems(shop) == [
        "'H-1' cannot take over 'H-2', which is in use",
        "'H-2' cannot take over 'H-1', which is in use",
    ]
    assert shop.labels(item) == WALLET


def test_an_id_in_use_cannot_be_an_earlier_name(shop: Any) -> None:
    shop.goals.hypothesis("H-1", previously=("kr-3",))
    assert problems(shop) == ["'H-1' cannot take over 'kr-3', which is in use"]


def test_two_goals_cannot_have_had_one_name(shop: Any) -> None:
    shop.goals.hypothesis("H-1", previously=("H-0",))
    shop.goals.hypothesis("H-2", previously=("h-0",))
    assert problems(shop) == ["'H-1' and 'H-2' both claim the former id 'h-0'"]
