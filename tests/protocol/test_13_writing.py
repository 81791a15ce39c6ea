"""13 to 16: intents, the last look, what came of a write, crashes, late tasks, disputes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from okrsync.app import people
from okrsync.app.recover import LOST_TASK
from okrsync.core.ledger import IntentOutcome, Origin
from okrsync.core.work import ItemRef
from okrsync.errors import RefusedError
from okrsync.ports.tracker import TaskState
from okrsync.testing import Crash, Fault, FaultKind

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}


def during(shop: Any, operation: str, *acts: Any) -> list[Any]:
    """Let people act just before the next requests of a kind; return what is still to be done."""
    todo = list(acts)

    def meanwhile(on: str) -> None:
        if on == operation and todo:
            todo.pop(0)()

    shop.tracker.meanwhile = meanwhile
    return todo


def vetoes(shop: Any, item: str) -> frozenset[str]:
    found: frozenset[str] = shop.judged(item).judgement.own.vetoes
    return found


@pytest.mark.paragraph(13)
def test_two_okrsyncs_do_not_write_one_scope(shop: Any) -> None:
    shop.tracker.create(title="wallet")
    with shop.store.lock("fake", "PAY"), pytest.raises(RefusedError):
        shop.sync()


@pytest.mark.paragraph(13)
def test_before_each_write_an_intent_is_durable(shop: Any) -> None:
    shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.create(title="page")
    shop.tracker.faults.put(Fault(kind=FaultKind.CRASH_BEFORE, on="apply"))
    with pytest.raises(Crash):
        shop.sync()
    with shop.ctx.store.begin() as tx:
        (intent,) = tx.open_intents()
    assert (intent.before, intent.add, intent.remove) == ((), ("okr:KR-2", "okr:weak"), ())


@pytest.mark.paragraph(13)
def test_what_changed_since_the_plan_is_left_alone_and_planned_in_the_next_pass(
    shop: Any,
) -> None:
    item = shop.tracker.create(title="wallet")
    shop.quiet()
    todo = during(shop, "read", lambda: shop.tracker.person(item, add=["okr:KR-3"]))
    made = shop.sync()
    assert not todo
    assert [why for _, why in made.applied.moved] == ["its labels changed since the plan"]
    assert shop.labels(item) == {"okr:KR-3"}
    assert shop.state(item).row("okr:KR-3").origin is Origin.THEIRS
    shop.sync()
    assert shop.labels(item) == {"okr:KR-3", "okr:aligned"}


@pytest.mark.paragraph(13)
def test_a_word_said_after_the_plan_makes_the_item_move(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    made = shop.plan()
    shop.say(people.link, item, "KR-3", "rather")
    from okrsync.app.passes import run_approved

    applied: Any = run_approved(shop.ctx, made.planned.plan.digest).applied
    assert [why for _, why in applied.moved] == ["what people said about it changed since the plan"]
    assert shop.labels(item) == set()


@pytest.mark.paragraph(13)
def test_a_label_is_written_at_most_once_an_item_and_pass(shop: Any) -> None:
    for word in ("wallet", "page", "search", "upkeep"):
        shop.tracker.create(title=word)
    shop.sync()
    written = [edit.ref for edit in shop.tracker.writes]
    assert len(written) == len(set(written)) == 4


@pytest.mark.paragraph(13)
def test_what_falls_between_the_last_look_and_the_write_is_heard_afterwards(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.goals.kill("H-1")
    todo = during(shop, "apply", lambda: shop.tracker.person(item, remove=["okr:KR-1"]))
    shop.sync()
    assert not todo
    assert shop.labels(item) == {"okr:H-1", "okr:stale"}
    assert vetoes(shop, item) == {"KR-1"}


@pytest.mark.paragraph(14)
def test_the_result_is_what_is_there_and_not_what_a_task_says(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.tracker.unfinished = True
    made = shop.sync()
    assert [edit.ref.id for edit in made.applied.unfinished] == [item]
    (task,) = shop.tracker.tasks
    shop.tracker.lose_task(task)
    shop.tracker._ended.add(task)
    assert shop.tracker.task(task) is TaskState.ENDED
    shop.pull()
    assert (shop.state(item).rows, shop.journal(item)) == ((), [])


@pytest.mark.paragraph(14)
def test_items_of_an_unfinished_task_are_frozen_until_it_ends(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.tracker.unfinished = True
    shop.sync()
    shop.tracker.unfinished = False
    shop.tracker.change(item, title="page")
    assert shop.sync().planned.empty
    shop.tracker.finish_task(next(iter(shop.tracker.tasks)))
    shop.sync()
    assert shop.labels(item) == {"okr:KR-2", "okr:weak"}
    added = [entry.added for entry in shop.journal(item)]
    assert added == [("okr:H-1", "okr:KR-1", "okr:aligned"), ("okr:KR-2", "okr:weak")]


@pytest.mark.paragraph(14, 15)
def test_an_open_intent_is_never_a_signal(shop_without_history: Any) -> None:
    """Without a history nothing but the intent tells that the label may be our own."""
    shop = shop_without_history
    item = shop.tracker.create(title="wallet")
    shop.pull()
    shop.tracker.unfinished = True
    shop.sync()
    before = shop.tracker.items[item]
    half = replace(before, labels=frozenset({"okr:KR-1"}))
    shop.tracker.put(replace(half, updated=shop.tracker._moment()))
    shop.pull()
    assert (shop.state(item).acts, shop.state(item).rows) == ((), ())


@pytest.mark.paragraph(14)
def test_a_write_that_arrives_after_its_intent_closed_is_ours_and_journalled(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.tracker.unfinished = True
    shop.tracker.faults.put(Fault(kind=FaultKind.CRASH_AFTER, on="apply"))
    with pytest.raises(Crash):
        shop.sync()
    shop.restart()
    shop.tracker.unfinished = False
    shop.clock.advance(LOST_TASK)
    shop.pull()
    shop.tracker.finish_task(next(iter(shop.tracker.tasks)))
    shop.pull()
    state = shop.state(item)
    assert (state.ours, state.acts, state.foreign) == (WALLET, (), frozenset())
    assert [set(entry.added) for entry in shop.journal(item)] == [WALLET]
    assert shop.sync().planned.empty
    made = shop.undo(shop.journal(item)[0].run)
    assert shop.labels(item) == set()
    assert made.applied.done == 1


@pytest.mark.paragraph(14)
def test_a_refused_intent_is_closed_as_such_and_the_item_is_said(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.tracker.faults.put(Fault(kind=FaultKind.REFUSED, on="apply"))
    made = shop.sync()
    assert [edit.ref.id for edit, _ in made.applied.refused] == [item]
    with shop.ctx.store.begin() as tx:
        (intent,) = tx.intents_of([ItemRef("fake", item)])[ItemRef("fake", item)]
    assert intent.outcome is IntentOutcome.REFUSED
    shop.sync()
    assert shop.labels(item) == WALLET


@pytest.mark.paragraph(14)
def test_an_item_that_is_gone_is_said_and_the_rest_goes_on(shop: Any) -> None:
    one, two = shop.tracker.create(title="wallet"), shop.tracker.create(title="wallet")
    during(shop, "apply", lambda: shop.tracker.delete(one))
    made = shop.sync()
    assert [edit.ref.id for edit in made.applied.gone] == [one]
    assert shop.labels(two) == WALLET
    with shop.ctx.store.begin() as tx:
        assert tx.open_intents() == []


@pytest.mark.paragraph(15)
@pytest.mark.parametrize("kind", [FaultKind.LOST_BEFORE, FaultKind.LOST_AFTER])
def test_a_write_whose_answer_was_lost_is_found_out_and_never_sent_again_blindly(
    shop: Any, kind: FaultKind
) -> None:
    item = shop.tracker.create(title="wallet")
    shop.tracker.faults.put(Fault(kind=kind, on="apply"))
    made = shop.sync()
    assert made.applied.done == (1 if kind is FaultKind.LOST_AFTER else 0)
    shop.sync()
    assert shop.labels(item) == WALLET
    assert len(shop.tracker.writes) == 1
    assert [set(entry.added) for entry in shop.journal(item)] == [WALLET]


@pytest.mark.paragraph(15)
def test_a_crash_between_people_s_edits_hears_ours_and_theirs_apart(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.tracker.faults.put(Fault(kind=FaultKind.CRASH_AFTER, on="apply"))
    with pytest.raises(Crash):
        shop.sync()
    shop.restart()
    shop.tracker.person(item, add=["okr:KR-3"], remove=["okr:H-1"])
    shop.pull()
    state = shop.state(item)
    assert state.ours == {"okr:KR-1", "okr:aligned"}
    assert state.row("okr:KR-3").origin is Origin.THEIRS
    assert vetoes(shop, item) == {"H-1"}


@pytest.mark.paragraph(15)
def test_after_a_crash_a_label_that_a_person_put_there_is_not_taken_for_ours(shop: Any) -> None:
    """Everything is as it was asked for, but it was not we who did it."""
    item = shop.tracker.create(title="search")
    shop.pull()
    shop.tracker.faults.put(Fault(kind=FaultKind.CRASH_BEFORE, on="apply"))
    with pytest.raises(Crash):
        shop.sync()
    shop.restart()
    shop.tracker.person(item, add=["okr:KR-3", "okr:aligned"])
    shop.pull()
    state = shop.state(item)
    assert (state.ours, state.foreign) == (frozenset(), {"okr:aligned"})
    assert state.row("okr:KR-3").origin is Origin.THEIRS
    assert shop.journal(item) == []


@pytest.mark.paragraph(15)
def test_without_history_or_answer_what_we_asked_for_is_only_found(
    shop_without_history: Any,
) -> None:
    shop = shop_without_history
    item = shop.tracker.create(title="search")
    shop.tracker.faults.put(Fault(kind=FaultKind.CRASH_AFTER, on="apply"))
    with pytest.raises(Crash):
        shop.sync()
    shop.restart()
    shop.pull()
    assert shop.state(item).row("okr:KR-3").origin is Origin.FOUND
    assert shop.state(item).ours == frozenset()


@pytest.mark.paragraph(15)
def test_an_intent_of_an_item_that_left_all_our_scopes_is_closed(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.tracker.faults.put(Fault(kind=FaultKind.CRASH_AFTER, on="apply"))
    with pytest.raises(Crash):
        shop.sync()
    shop.restart()
    shop.tracker.move(item, "OPS")
    shop.tracker.change(item, parent=None)
    with shop.ctx.store.begin() as tx:
        mirrored = tx.items([ItemRef("fake", item)])[ItemRef("fake", item)]
        tx.put_items([replace(mirrored, item=shop.tracker.items[item])])
    shop.pull()
    with shop.ctx.store.begin() as tx:
        assert tx.open_intents() == []
    assert [set(entry.added) for entry in shop.journal(item)] == [WALLET]


@pytest.mark.paragraph(15)
def test_a_task_that_only_found_its_work_done_removed_nothing(shop_with_definitions: Any) -> None:
    """The definition went while the task waited: our journal must not claim the removal."""
    shop = shop_with_definitions
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.unfinished = True
    shop.goals.kill("H-1")
    shop.sync()
    shop.tracker.unfinished = False
    shop.tracker.delete_definition("okr:aligned")
    shop.tracker.finish_task(next(iter(shop.tracker.tasks)))
    shop.pull()
    assert [entry.removed for entry in shop.journal(item)] == [(), ()]


@pytest.mark.paragraph(14, 15)
def test_a_late_write_of_one_intent_is_not_journalled_for_another_too(
    shop_with_definitions: Any,
) -> None:
    """Two tasks that nobody watched any more, and a definition deleted in between."""
    shop = shop_with_definitions
    item = shop.tracker.create(title="page")
    for _ in range(2):
        shop.tracker.delete_definition("okr:weak")
        shop.tracker.unfinished = True
        shop.tracker.faults.put(Fault(kind=FaultKind.CRASH_AFTER, on="apply"))
        with pytest.raises(Crash):
            shop.sync()
        shop.restart()
        shop.tracker.unfinished = False
        shop.clock.advance(LOST_TASK)
        shop.pull()
        shop.tracker.finish_task(next(iter(shop.tracker.tasks)))
    shop.pull()
    told = sorted(label for entry in shop.journal(item) for label in entry.added)
    assert told == ["okr:KR-2", "okr:weak", "okr:weak"]


@pytest.mark.paragraph(14, 15)
def test_a_write_that_landed_and_was_gone_when_its_intent_closed_does_not_arrive_again(
    shop_with_definitions: Any,
) -> None:
    """It was journalled then; a later look at the same history must not find it once more."""
    shop = shop_with_definitions
    item = shop.tracker.create(title="page")
    shop.tracker.faults.put(Fault(kind=FaultKind.CRASH_AFTER, on="apply"))
    with pytest.raises(Crash):
        shop.sync()
    shop.restart()
    shop.tracker.delete_definition("okr:KR-2")
    for _ in range(3):
        shop.sync()
    told = sorted(label for entry in shop.journal(item) for label in entry.added)
    history = shop.tracker.history(item, None).changes
    assert told == sorted(label for change in history for label in change.added)


@pytest.mark.paragraph(16)
def test_a_label_that_does_not_stick_is_disputed_for_a_week(shop: Any) -> None:
    item = shop.tracker.create(title="search")
    real = shop.tracker.edit

    def forgetful(item_id: str, add: Any, remove: Any, *, by_us: bool) -> Any:
        kept = [label for label in add if label != "okr:KR-3"]
        return real(item_id, kept, remove, by_us=by_us)

    shop.tracker.edit = forgetful
    made = shop.sync()
    assert [label for _, label in made.applied.disputed] == ["okr:KR-3"]
    assert shop.sync().planned.empty
    assert vetoes(shop, item) == frozenset()
    del shop.tracker.edit
    shop.clock.advance(timedelta(days=7, minutes=1))
    shop.sync()
    assert shop.labels(item) == {"okr:KR-3", "okr:aligned"}


@pytest.mark.paragraph(16)
def test_a_program_that_takes_our_label_away_is_a_person_and_wins(shop: Any) -> None:
    item = shop.tracker.create(title="search")
    during(
        shop,
        "histories",
        lambda: None,
    )
    shop.sync()
    shop.tracker.bot(item, remove=["okr:KR-3"])
    shop.sync()
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}
    assert shop.state(item).disputes == ()
