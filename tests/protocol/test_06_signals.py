"""6: which signal wins, what adds up, what is inherited, and what vetoes leave of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from okrsync.app import people
from okrsync.core.goalcheck import build
from okrsync.core.goals import Belief, Hypothesis
from okrsync.core.ledger import Origin
from okrsync.core.mapping import Condition, MappingRule
from okrsync.core.signals import SignalKind
from okrsync.errors import UsageError

if TYPE_CHECKING:
    from okrsync.core.work import ItemRef

ALIGNED_TO_KR3 = {"okr:KR-3", "okr:aligned"}
WALLET = {"okr:H-1", "okr:KR-1", "okr:aligned"}


def goals(shop: Any, item: str) -> tuple[str, ...]:
    found: tuple[str, ...] = shop.judged(item).judgement.goals
    return found


def ref(shop: Any, item: str) -> ItemRef:
    found: ItemRef = shop.tracker.items[item].ref
    return found


@pytest.mark.paragraph(6)
@pytest.mark.parametrize("how", ["link", "label"])
def test_an_explicit_word_beats_a_rule(shop: Any, how: str) -> None:
    item = shop.tracker.create(title="wallet")
    shop.sync()
    if how == "link":
        shop.say(people.link, item, "KR-3", "it is about search")
    else:
        shop.tracker.person(item, add=["okr:KR-3"])
    shop.sync()
    assert goals(shop, item) == ("KR-3",)
    assert shop.labels(item) == ALIGNED_TO_KR3


@pytest.mark.paragraph(6)
def test_several_explicit_words_add_up(shop: Any) -> None:
    item = shop.tracker.create(title="search")
    shop.sync()
    shop.say(people.link, item, "H-1", "")
    shop.tracker.person(item, add=["okr:KR-2"])
    shop.pull()
    assert goals(shop, item) == ("KR-2", "H-1")


@pytest.mark.paragraph(6)
def test_explicit_words_are_told_newest_first(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    for goal in ("KR-1", "KR-3", "KR-2"):
        shop.clock.advance(shop.tracker.tick)
        shop.say(people.link, item, goal, "")
    told = [signal.goal for signal in shop.judged(item).judgement.own.strongest]
    assert told == ["KR-2", "KR-3", "KR-1"]


@pytest.mark.paragraph(6)
def test_all_goals_of_the_first_rule_count_and_those_of_later_rules_do_not(shop: Any) -> None:
    first = MappingRule(
        id="both", when=Condition(title_matches=("wallet",)), serves=("KR-3", "KR-2")
    )
    shop.mapping.rules.insert(0, first)
    item = shop.tracker.create(title="wallet")
    shop.pull()
    assert goals(shop, item) == ("KR-2", "KR-3")


@pytest.mark.paragraph(6)
def test_a_rule_and_a_found_label_weigh_the_same_and_add_up(shop: Any) -> None:
    item = shop.tracker.create(title="wallet", labels=["okr:KR-3"])
    shop.sync()
    kinds = {signal.kind for signal in shop.judged(item).judgement.signals}
    assert kinds == {SignalKind.RULE, SignalKind.FOUND}
    assert shop.labels(item) == {*WALLET, "okr:KR-3"}


@pytest.mark.paragraph(6)
def test_the_strongest_signal_wins_even_if_its_goal_is_dead(shop: Any) -> None:
    item = shop.tracker.create(title="search")
    shop.sync()
    shop.goals.kill("H-1")
    shop.say(people.link, item, "H-1", "")
    assert goals(shop, item) == ("H-1",)
    assert shop.judged(item).judgement.verdict == "stale"


@pytest.mark.paragraph(6)
def test_the_newest_of_link_and_veto_wins_for_that_goal_alone(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-1", "okr:KR-3"])
    shop.sync()
    shop.tracker.person(item, remove=["okr:KR-1"])
    shop.sync()
    assert goals(shop, item) == ("KR-3",)
    shop.say(people.link, item, "KR-1", "after all")
    assert goals(shop, item) == ("KR-1", "KR-3")


@pytest.mark.paragraph(6)
def test_unlink_withdraws_a_link_that_nothing_else_names(shop: Any) -> None:
    item = shop.tracker.create(title="search")
    shop.sync()
    shop.say(people.link, item, "H-1", "")
    shop.say(people.unlink, item, "H-1", "")
    judgement = shop.judged(item).judgement
    assert (judgement.goals, judgement.own.vetoes) == (("KR-3",), frozenset())


@pytest.mark.paragraph(6)
@pytest.mark.parametrize("named_by", ["rule", "found", "parent"])
def test_unlink_vetoes_the_goal_if_another_signal_names_it(shop: Any, named_by: str) -> None:
    epic = shop.tracker.create(title="search")
    ways: dict[str, dict[str, Any]] = {
        "rule": {"title": "search"},
        "found": {"title": "nothing", "labels": ["okr:KR-3"]},
        "parent": {"title": "nothing", "parent": ref(shop, epic)},
    }
    item = shop.tracker.create(**ways[named_by])
    shop.sync()
    shop.say(people.link, item, "KR-3", "")
    shop.say(people.unlink, item, "KR-3", "")
    judgement = shop.judged(item).judgement
    assert (judgement.goals, judgement.own.vetoes) == ((), {"KR-3"})
    shop.sync()
    assert shop.labels(epic) == ALIGNED_TO_KR3


@pytest.mark.paragraph(6)
def test_an_unlinked_label_of_a_person_stays_on_the_item_and_no_longer_counts(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-3"])
    shop.sync()
    shop.say(people.unlink, item, "KR-3", "")
    for _ in range(2):
        shop.sync()
        assert shop.labels(item) == {"okr:KR-3", "okr:unaligned"}


@pytest.mark.paragraph(6)
def test_only_an_item_that_says_nothing_inherits_and_from_the_nearest_that_speaks(
    shop: Any,
) -> None:
    epic = shop.tracker.create(title="wallet")
    feature = shop.tracker.create(title="search", parent=ref(shop, epic))
    story = shop.tracker.create(title="a", parent=ref(shop, feature))
    task = shop.tracker.create(title="b", parent=ref(shop, story))
    speaking = shop.tracker.create(title="page", parent=ref(shop, story))
    shop.sync()
    assert shop.labels(task) == shop.labels(story) == ALIGNED_TO_KR3
    assert shop.judged(task).judgement.source.ref == ref(shop, feature)
    assert shop.labels(speaking) == {"okr:KR-2", "okr:weak"}


@pytest.mark.paragraph(6)
def test_what_holds_the_item_passes_on_what_it_says_after_the_parent_chain(shop: Any) -> None:
    project = shop.tracker.create(title="search", scope="", type="project")
    parent = shop.tracker.create(title="a")
    given = {"title": "b", "parent": ref(shop, parent), "containers": (ref(shop, project),)}
    item = shop.tracker.create(**given)
    shop.sync()
    assert shop.labels(item) == ALIGNED_TO_KR3
    assert shop.labels(project) == set()
    shop.tracker.change(parent, title="wallet")
    shop.sync()
    assert shop.labels(item) == WALLET


@pytest.mark.paragraph(6)
def test_parents_in_a_circle_end_somewhere(shop: Any) -> None:
    one = shop.tracker.create(title="a")
    two = shop.tracker.create(title="b", parent=ref(shop, one))
    shop.tracker.change(one, parent=ref(shop, two))
    shop.sync()
    assert shop.labels(one) == shop.labels(two) == {"okr:unaligned"}


@pytest.mark.paragraph(6)
def test_a_vetoed_goal_leaves_the_others_of_its_signal(shop: Any) -> None:
    both = MappingRule(id="r", when=Condition(title_matches=("wallet",)), serves=("H-1", "KR-3"))
    shop.mapping.rules = [both]
    item = shop.tracker.create(title="wallet")
    shop.sync()
    shop.tracker.person(item, remove=["okr:H-1"])
    shop.sync()
    assert shop.labels(item) == ALIGNED_TO_KR3


@pytest.mark.paragraph(6)
def test_a_signal_vetoed_whole_falls_through_neither_to_a_later_rule_nor_to_the_parent(
    shop: Any,
) -> None:
    epic = shop.tracker.create(title="wallet")
    item = shop.tracker.create(title="page search", parent=ref(shop, epic))
    shop.sync()
    shop.tracker.person(item, remove=["okr:KR-2"])
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}


@pytest.mark.paragraph(6)
def test_what_is_inherited_and_vetoed_whole_falls_through_to_nothing_further_up(shop: Any) -> None:
    epic = shop.tracker.create(title="wallet")
    story = shop.tracker.create(title="search", parent=ref(shop, epic))
    item = shop.tracker.create(title="a", parent=ref(shop, story))
    shop.sync()
    shop.tracker.person(item, remove=["okr:KR-3"])
    shop.sync()
    assert shop.labels(item) == {"okr:unaligned"}
    assert shop.labels(story) == ALIGNED_TO_KR3


@pytest.mark.paragraph(6)
def test_where_a_signal_is_vetoed_whole_an_exempting_rule_decides(shop: Any) -> None:
    item = shop.tracker.create(title="search upkeep")
    shop.sync()
    assert shop.labels(item) == ALIGNED_TO_KR3
    shop.tracker.person(item, remove=["okr:KR-3"])
    shop.sync()
    assert shop.labels(item) == {"okr:exempt"}


@pytest.mark.paragraph(6)
def test_the_primary_goal_is_the_first_in_the_order_of_the_goal_files(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    for goal in ("H-2", "KR-3", "O-1", "B-1"):
        shop.say(people.link, item, goal, "")
    assert goals(shop, item) == ("O-1", "KR-3", "H-2", "B-1")
    shop.goals.objectives.reverse()
    assert goals(shop, item) == ("KR-3", "O-1", "H-2", "B-1")


@pytest.mark.paragraph(6)
def test_two_goals_of_which_neither_is_above_the_other_are_no_error(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-1", "okr:KR-3"])
    made = shop.sync()
    assert made.exit_code == 0
    assert shop.labels(item) == {"okr:KR-1", "okr:KR-3", "okr:aligned"}


@pytest.mark.paragraph(6)
def test_an_unknown_id_is_no_signal_until_the_goal_exists(shop: Any) -> None:
    item = shop.tracker.create(title="search")
    shop.sync()
    shop.tracker.person(item, add=["okr:H-9"])
    shop.sync()
    assert shop.labels(item) == {*ALIGNED_TO_KR3, "okr:H-9"}
    assert shop.state(item).row("okr:H-9").origin is Origin.THEIRS
    shop.goals.hypotheses.append(Hypothesis(id="H-9", serves=("KR-1",), cycle="Q4"))
    shop.sync()
    assert shop.labels(item) == {"okr:H-9", "okr:KR-1", "okr:aligned"}


@pytest.mark.paragraph(6)
def test_teams_and_cycles_are_no_signals(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.sync()
    shop.tracker.person(item, add=["okr:pay", "okr:Q4"])
    shop.sync()
    assert shop.labels(item) == {"okr:pay", "okr:Q4", "okr:unaligned"}


@pytest.mark.paragraph(6)
def test_two_goals_never_answer_to_one_word_wherever_they_were_read() -> None:
    goals, problems = build(
        hypotheses=[Hypothesis(id="late")], beliefs=[Belief(id="LATE", text="x")]
    )
    assert goals is None
    assert [problem.message for problem in problems] == ["the goal id 'LATE' is given twice"]


def test_unlink_of_what_nothing_links_is_refused(shop: Any) -> None:
    item = shop.tracker.create(title="nothing")
    shop.pull()
    with pytest.raises(UsageError, match="nothing links"):
        shop.say(people.unlink, item, "KR-1", "no")
