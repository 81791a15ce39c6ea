"""0 to 3: what a change of labels means, as direct reads and histories show it."""

from __future__ import annotations

from typing import Any

import pytest

from okrsync.app import people
from okrsync.core.ledger import ActKind, Origin
from okrsync.testing import Fault, FaultKind

WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}


def acts(shop: Any, item: str) -> list[tuple[str, str]]:
    return [(act.kind.value, act.goal) for act in shop.state(item).acts]


def origin(shop: Any, item: str, label: str) -> Origin | None:
    row = shop.state(item).row(label)
    return None if row is None else row.origin


@pytest.mark.paragraph(0)
def test_a_lagging_search_alone_makes_no_veto(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.pull()
    shop.tracker.lag = 100
    shop.sync()
    assert shop.labels(item) == WALLET
    shop.pull()
    assert acts(shop, item) == []
    assert shop.state(item).ours == WALLET


@pytest.mark.paragraph(0)
def test_the_history_is_replayed_in_order_so_a_label_removed_and_put_back_is_a_persons(
    shop: Any,
) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:KR-1"])
    shop.tracker.person(item, add=["okr:KR-1"])
    shop.tracker.person(item, remove=["okr:aligned"])
    shop.pull()
    assert origin(shop, item, "okr:KR-1") is Origin.THEIRS
    assert acts(shop, item)[-1] == ("link", "KR-1")


@pytest.mark.paragraph(0)
def test_without_a_history_presence_and_absence_speak(shop_without_history: Any) -> None:
    shop = shop_without_history
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-3"], remove=["okr:KR-1"])
    shop.pull()
    assert sorted(acts(shop, item)) == [("link", "KR-3"), ("veto", "KR-1")]
    assert origin(shop, item, "okr:KR-3") is Origin.THEIRS


@pytest.mark.paragraph(0)
def test_what_was_heard_before_is_not_heard_again(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-3"])
    shop.pull()
    shop.say(people.unlink, item, "KR-3", "no")
    shop.tracker.person(item, remove=["okr:aligned"])
    shop.pull()
    assert acts(shop, item) == [("link", "KR-3"), ("unlink", "KR-3")]


@pytest.mark.paragraph(0)
def test_a_change_between_read_and_history_is_heard_rightly_in_the_end(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:aligned"])
    todo = [lambda: shop.tracker.person(item, add=["okr:KR-3"], remove=["okr:KR-1"])]
    shop.tracker.meanwhile = lambda op: todo.pop()() if op == "histories" and todo else None
    shop.pull()
    shop.pull()
    state = shop.state(item)
    assert (acts(shop, item)[-1], origin(shop, item, "okr:KR-3")) == (
        ("link", "KR-3"),
        Origin.THEIRS,
    )
    assert state.row("okr:KR-1") is None
    assert "KR-1" in shop.judged(item).judgement.own.vetoes
    assert "KR-3" not in shop.judged(item).judgement.own.vetoes


@pytest.mark.paragraph(1)
def test_a_link_label_on_an_item_seen_without_it_is_a_persons_word(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-1"])
    shop.sync()
    assert origin(shop, item, "okr:KR-1") is Origin.THEIRS
    assert shop.labels(item) == {"okr:KR-1", "okr:aligned"}
    shop.goals.kill("H-1")
    shop.mapping.rules = []
    shop.sync()
    assert "okr:KR-1" in shop.labels(item)


@pytest.mark.paragraph(1)
def test_a_label_that_came_with_the_item_is_found_and_weighs_as_a_rule(shop: Any) -> None:
    item = shop.tracker.create(title="nothing", labels=["okr:KR-1"])
    shop.sync()
    assert origin(shop, item, "okr:KR-1") is Origin.FOUND
    assert acts(shop, item) == []
    assert shop.labels(item) == {"okr:KR-1", "okr:aligned"}


@pytest.mark.paragraph(1)
def test_an_exempting_rule_beats_a_found_label_and_the_label_stays(shop: Any) -> None:
    item = shop.tracker.create(title="upkeep", labels=["okr:KR-1"])
    shop.sync()
    assert shop.labels(item) == {"okr:KR-1", "okr:exempt"}


@pytest.mark.paragraph(1)
def test_the_labels_of_a_clone_are_found_and_its_verdict_is_foreign(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    clone = shop.tracker.clone(item)
    shop.sync()
    assert shop.labels(clone) == WALLET
    assert shop.state(clone).ours == frozenset()
    assert shop.state(clone).foreign == {"okr:aligned"}


@pytest.mark.paragraph(1)
def test_beside_a_verdict_of_somebody_elses_we_write_none_and_take_ours_away(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, add=["okr:stale"])
    shop.sync()
    assert shop.labels(item) == {"okr:H-1", "okr:KR-1", "okr:stale"}
    assert shop.judged(item).wish.withheld[0][0] == "okr:aligned"
    assert shop.state(item).foreign == {"okr:stale"}
    shop.goals.kill("H-1")
    shop.sync()
    assert "okr:stale" in shop.labels(item)
    shop.tracker.person(item, remove=["okr:stale"])
    shop.sync()
    assert shop.state(item).foreign == frozenset()
    assert "okr:stale" in shop.state(item).ours


@pytest.mark.paragraph(1)
def test_a_person_on_our_account_who_adds_a_label_is_a_person(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.bot(item, add=["okr:KR-3"])
    shop.sync()
    assert origin(shop, item, "okr:KR-3") is Origin.THEIRS


@pytest.mark.paragraph(1, 15)
def test_a_person_on_our_account_puts_back_what_somebody_took_before_we_looked(shop: Any) -> None:
    """Our write was used up by its own entry, although it was gone when the intent closed."""
    item = shop.tracker.create(title="wallet")
    shop.pull()
    shop.tracker.faults.put(Fault(kind=FaultKind.LOST_AFTER, on="apply"))
    todo = [lambda: shop.tracker.person(item, remove=["okr:KR-1"])]
    once = lambda op: todo.pop()() if op == "read" and shop.labels(item) and todo else None  # noqa: E731
    shop.tracker.meanwhile = once
    shop.sync()
    assert not todo
    shop.sync()
    assert "KR-1" in shop.judged(item).judgement.own.vetoes
    shop.tracker.bot(item, add=["okr:KR-1"])
    shop.sync()
    assert origin(shop, item, "okr:KR-1") is Origin.THEIRS


@pytest.mark.paragraph(1, 14)
def test_a_person_on_our_account_adds_what_the_tracker_refused_us(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.pull()
    shop.tracker.faults.put(Fault(kind=FaultKind.REFUSED, on="apply"))
    made = shop.sync()
    assert [why for _, why in made.applied.refused] == ["said no"]
    shop.tracker.bot(item, add=["okr:KR-1"])
    shop.pull()
    assert origin(shop, item, "okr:KR-1") is Origin.THEIRS


@pytest.mark.paragraph(2)
@pytest.mark.parametrize("label", ["okr:H-1", "okr:KR-1"])
def test_a_label_of_ours_that_a_person_takes_away_is_not_put_back(shop: Any, label: str) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=[label])
    for _ in range(3):
        shop.sync()
        assert label not in shop.labels(item)


@pytest.mark.paragraph(2)
def test_a_found_label_that_is_gone_is_vetoed_too(shop: Any) -> None:
    item = shop.tracker.create(title="search", labels=["okr:KR-3"])
    shop.sync()
    shop.tracker.person(item, remove=["okr:KR-3"])
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}


@pytest.mark.paragraph(2)
def test_a_veto_stops_what_others_would_inherit_through_the_item(shop: Any) -> None:
    epic = shop.tracker.create(title="wallet")
    story = shop.tracker.create(title="a", parent=shop.tracker.items[epic].ref)
    task = shop.tracker.create(title="b", parent=shop.tracker.items[story].ref)
    shop.sync()
    assert shop.labels(task) == WALLET
    shop.tracker.person(story, remove=["okr:H-1"])
    shop.sync()
    shop.sync()
    assert (shop.labels(story), shop.labels(task)) == ({"okr:unaligned"}, {"okr:unaligned"})
    assert shop.labels(epic) == WALLET


@pytest.mark.paragraph(2)
@pytest.mark.parametrize("how", ["label", "link", "unveto"])
def test_a_veto_is_lifted_by_the_label_by_link_or_by_unveto(shop: Any, how: str) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:H-1"])
    shop.sync()
    match how:
        case "label":
            shop.tracker.person(item, add=["okr:H-1"])
        case "link":
            shop.say(people.link, item, "H-1", "really")
        case _:
            shop.say(people.unveto, item, "H-1", "really")
    shop.sync()
    assert shop.labels(item) == WALLET


@pytest.mark.paragraph(2)
def test_the_newest_word_wins_whatever_the_tracker_s_clock_says(shop: Any) -> None:
    """A tracker whose clock is ahead does not make a person's command old."""
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:H-1"])
    shop.pull()
    shop.clock.at -= shop.tracker.tick * 600
    shop.say(people.link, item, "H-1", "really")
    assert "H-1" in shop.judged(item).judgement.goals


@pytest.mark.paragraph(2)
def test_one_of_two_spellings_that_goes_is_no_veto_and_is_not_written_again(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, add=["okr:kr-1"])
    shop.sync()
    shop.tracker.person(item, remove=["okr:KR-1"])
    for _ in range(2):
        shop.sync()
        assert shop.labels(item) == {"okr:kr-1", "okr:aligned"}
    assert shop.judged(item).judgement.own.vetoes == frozenset()


@pytest.mark.paragraph(3)
def test_a_verdict_taken_away_is_not_written_while_it_is_the_verdict(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:aligned"])
    for _ in range(3):
        shop.sync()
        assert shop.labels(item) == {"okr:H-1", "okr:KR-1"}


@pytest.mark.paragraph(3)
def test_a_mute_ends_when_the_verdict_changes_also_if_it_returns(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:aligned"])
    shop.sync()
    good = shop.goals.hypotheses
    shop.goals.kill("H-1")
    shop.sync()
    assert "okr:stale" in shop.labels(item)
    shop.goals.hypotheses = good
    shop.sync()
    assert "okr:aligned" in shop.labels(item)


@pytest.mark.paragraph(3)
def test_looking_at_another_day_ends_no_mute(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:aligned"])
    shop.sync()
    shop.plan(as_of=shop.clock.at.date().replace(year=2030))
    shop.sync()
    assert "okr:aligned" not in shop.labels(item)


@pytest.mark.paragraph(2)
def test_an_unveto_needs_a_veto(shop: Any) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    with pytest.raises(Exception, match="nobody vetoed"):
        shop.say(people.unveto, item, "H-1", "")
    assert [act.kind for act in shop.state(item).acts if act.kind is ActKind.UNVETO] == []
