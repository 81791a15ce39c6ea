"""Short histories in which okrsync once did harm, or told something that was not so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from okrsync.app.adopting import run_adoption
from okrsync.app.passes import run_approved
from okrsync.core.goals import Decision
from okrsync.core.guard import Limits
from okrsync.core.ledger import Origin
from okrsync.errors import UsageError
from okrsync.testing import Crash, Fault, FaultKind

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}


@pytest.mark.paragraph(3, 12)
@pytest.mark.parametrize("command", ["sync", "plan"])
def test_a_command_that_waited_ends_no_mute_by_goals_of_the_past(shop: Any, command: str) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:aligned"])
    shop.sync()
    alive = list(shop.goals.hypotheses)
    shop.goals.kill("H-1")  # and alive again while the command waits for the tracker
    todo = [lambda: setattr(shop.goals, "hypotheses", alive)]
    shop.tracker.meanwhile = lambda _op: todo.pop()() if todo else None
    getattr(shop, command)()
    assert not todo
    shop.sync()
    assert shop.labels(item) == WALLET - {"okr:aligned"}


@pytest.mark.paragraph(10)
def test_a_goal_whose_id_changed_its_case_keeps_the_label_that_says_it(shop: Any) -> None:
    item = shop.tracker.create(title="search")
    shop.sync()
    assert "okr:KR-3" in shop.labels(item)
    shop.goals.key_result("KR-3", id="kr-3")
    shop.goals.hypothesis("H-2", serves=("kr-3",))
    assert shop.sync().planned.empty
    assert shop.labels(item) == {"okr:KR-3", "okr:aligned"}


@pytest.mark.paragraph(11)
def test_what_is_still_under_way_weighs_on_the_limit(shop: Any) -> None:
    shop.restart(limits=Limits(max_changes=5))
    shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.unfinished = True
    first = shop.tracker.create(title="wallet")
    assert len(shop.sync(approve=False).applied.unfinished) == 1
    shop.tracker.create(title="wallet")
    made = shop.sync(approve=False)
    assert [plan.items for plan in made.waiting] == [1]
    assert shop.labels(first) == set()


@pytest.mark.paragraph(11)
def test_a_plan_nobody_approved_within_a_week_is_forgotten(shop: Any) -> None:
    shop.tracker.create(title="wallet")
    digest = shop.plan().planned.plan.digest
    shop.clock.advance(timedelta(days=8))
    with pytest.raises(UsageError, match="no plan"):
        run_approved(shop.ctx, digest)


@pytest.mark.paragraph(14)
def test_a_write_to_an_item_that_was_then_hidden_for_a_while_is_journalled_whole(
    shop: Any,
) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.goals.hypothesis("H-1", decisions=(Decision(choice="kill", date=shop.ctx.today()),))
    shop.tracker.faults.put(Fault(kind=FaultKind.CRASH_AFTER, on="apply"))
    with pytest.raises(Crash):
        shop.sync()
    shop.restart()
    shop.tracker.hide(item)
    shop.sync()
    shop.tracker.show(item)
    shop.sync()
    entries = shop.journal(item)
    assert [set(entry.added) for entry in entries] == [WALLET, {"okr:stale"}]
    assert [set(entry.removed) for entry in entries] == [set(), {"okr:aligned"}]


@pytest.mark.paragraph(17)
def test_undo_leaves_what_is_in_no_scope_of_ours_any_more(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    made = shop.sync()
    shop.tracker.move(item, "OPS")
    shop.pull()
    undone = shop.undo(made.run)
    assert undone.proposal.left == [(f"OPS-{item}", "it is in no scope of ours any more")]
    assert shop.labels(item) == WALLET


@pytest.mark.paragraph(17)
def test_undo_writes_no_verdict_beside_somebody_else_s(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, add=["okr:weak"])
    made = shop.sync()
    assert "okr:aligned" not in shop.labels(item)
    undone = shop.undo(made.run)
    assert "okr:weak" in undone.proposal.left[0][1]
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1", "okr:weak"}


@pytest.mark.paragraph(17)
def test_an_undo_that_crashed_holds_what_it_took_back(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    made = shop.sync()
    shop.tracker.faults.put(Fault(kind=FaultKind.CRASH_AFTER, on="apply"))
    with pytest.raises(Crash):
        shop.undo(made.run)
    shop.restart()
    for _ in range(2):
        shop.sync()
        assert shop.labels(item) == set()


@pytest.mark.paragraph(17)
def test_an_undo_that_was_refused_holds_nothing(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    made = shop.sync()
    shop.tracker.faults.put(Fault(kind=FaultKind.REFUSED, on="apply"))
    shop.undo(made.run)
    assert (shop.labels(item), shop.state(item).hold) == (WALLET, None)


@pytest.mark.paragraph(17)
def test_undo_of_all_runs_gives_the_former_labels_back(shop: Any) -> None:
    items = [shop.tracker.create(title=word, labels=["x"]) for word in ("wallet", "page", "y")]
    runs = [shop.sync().run]
    shop.goals.hypothesis("H-1", decisions=(Decision(choice="kill", date=shop.ctx.today()),))
    runs.append(shop.sync().run)
    shop.mapping.rules = []
    runs.append(shop.sync().run)
    for run in reversed(runs):
        shop.undo(run)
    assert [shop.tracker.labels(item) for item in items] == [{"x"}] * 3


def adopt(shop: Any, *, yes: bool = True) -> Any:
    seen: list[Any] = []

    def approve(found: Any) -> bool:
        seen.append(found)
        return yes

    _, done = run_adoption(shop.ctx, shop.strategy(), shop.places, approve=approve)
    return (seen[0] if seen else None), done


@pytest.mark.paragraph(19)
def test_what_somebody_adds_again_after_an_adoption_is_theirs(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-1"])
    shop.pull()
    adopt(shop)
    shop.tracker.person(item, remove=["okr:KR-1"])
    shop.tracker.person(item, add=["okr:KR-1"])
    shop.sync()
    shop.sync()
    assert "okr:KR-1" in shop.labels(item)
    assert shop.state(item).row("okr:KR-1").origin is Origin.THEIRS


@pytest.mark.paragraph(19)
def test_adoption_says_what_goes_next_and_whose_word_it_was(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-1", "okr:stale"])
    shop.pull()
    found, _ = adopt(shop)
    (one,) = found.items
    assert one.words == ("KR-1",)
    assert one.removed_next == ("okr:KR-1", "okr:stale")
    assert set(one.writers.values()) == {"another account"}
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}


@pytest.mark.paragraph(0, 2)
def test_a_label_taken_away_while_its_history_is_read_is_not_put_back(
    shop_with_definitions: Any,
) -> None:
    """The item was read again, and its history was not: the removal was in neither."""
    shop = shop_with_definitions
    item = shop.tracker.create(title="page")
    shop.sync()
    shop.tracker.delete_definition("okr:weak")
    shop.tracker.person(item, add=["okr:KR-3"])
    asked: list[str] = []

    def meanwhile(operation: str) -> None:
        if operation == "read" and "histories" in asked:
            asked.clear()
            shop.tracker.meanwhile = lambda _operation: None
            shop.tracker.person(item, remove=["okr:KR-3"])
        asked.append(operation)

    shop.tracker.meanwhile = meanwhile
    shop.sync()
    assert asked == ["read"]
    assert "okr:KR-3" not in shop.labels(item)
    shop.sync()
    assert "okr:KR-3" not in shop.labels(item)


@pytest.mark.paragraph(0, 1)
@pytest.mark.parametrize("told", ["in any order", "in part"])
def test_a_label_that_is_there_was_put_back_whatever_the_history_makes_of_it(
    shop: Any, told: str
) -> None:
    """Within one moment it was taken and put back; the item was planned for ever and never done."""
    item = shop.tracker.create(title="nothing", labels=["okr:KR-1"])
    shop.sync()
    shop.tracker.person(item, remove=["okr:KR-1"])
    shop.tracker.person(item, add=["okr:KR-1", "okr:KR-3"])
    *before, taken, back = shop.tracker._histories[item]
    at_once = replace(taken, at=back.at)
    told_last = [back, at_once] if told == "in any order" else [at_once]
    shop.tracker._histories[item] = [*before, *told_last]
    shop.sync()
    assert shop.sync().planned.empty
    assert shop.labels(item) == {"okr:KR-1", "okr:KR-3", "okr:aligned"}
    rows = [shop.state(item).row(label) for label in ("okr:KR-1", "okr:KR-3")]
    assert [row.origin for row in rows] == [Origin.THEIRS] * 2
    assert shop.judged(item).judgement.goals == ("KR-1", "KR-3")
