"""7: the verdict in full: which goals lead to which key results, and which of them are live.

The table weighs goals as values; what readers and waivers say goes through the store.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from okrsync.app import people
from okrsync.core.goalcheck import build
from okrsync.core.goals import (
    Belief,
    Cycle,
    Decision,
    Goals,
    GoalStatus,
    Hypothesis,
    KeyResult,
    Kind,
    Level,
    Objective,
    ParentLink,
    Team,
    Unit,
    Waiver,
)
from okrsync.core.outlook import Outlook
from okrsync.core.signals import Signal, SignalKind
from okrsync.core.weigh import weigh

Q3 = Cycle(id="Q3", starts=date(2026, 7, 1), ends=date(2026, 9, 30))
Q4 = Cycle(id="Q4", starts=date(2026, 10, 1), ends=date(2026, 12, 31))
Q1 = Cycle(id="Q1", starts=date(2027, 1, 1), ends=date(2027, 3, 31))
Q2 = Cycle(id="Q2", starts=date(2027, 4, 1), ends=date(2027, 6, 30))

KILL = (Decision(choice="kill", date=date(2026, 11, 1)),)
CHANGED_MIND = (*KILL, Decision(choice="persevere", date=date(2026, 11, 2)))


def kr(goal_id: str, kind: Kind = Kind.OUTCOME, **given: Any) -> KeyResult:
    return KeyResult(id=goal_id, objective="", statement="it moves", kind=kind, **given)


def of(goal_id: str, *key_results: KeyResult, **given: Any) -> Objective:
    under = tuple(replace(each, objective=goal_id) for each in key_results)
    plain: dict[str, Any] = {"title": goal_id, "teams": ("pay",), "cycle": "Q4"}
    return Objective(id=goal_id, key_results=under, **{**plain, **given})


def verdict(shop: Any, item: str) -> str:
    return str(shop.judged(item).judgement.verdict)


OBJECTIVES = [
    of("O", kr("out"), kr("task", Kind.TASK), kr("won", status=GoalStatus.ACHIEVED)),
    of("COMPANY", kr("revenue", Kind.IMPACT), level=Level.COMPANY, teams=()),
    of("UNIT", kr("unit-revenue", Kind.IMPACT), level=Level.UNIT, unit="west", teams=()),
    of("TEAM", kr("team-revenue", Kind.IMPACT), kr("uptime", Kind.SYSTEM)),
    of("DROPPED", kr("of-dropped"), status=GoalStatus.DROPPED),
    of("DONE", kr("of-done"), status=GoalStatus.ACHIEVED),
    of("O-past", kr("past", parents=(ParentLink(id="out"),)), cycle="Q3"),
    of("O-next", kr("next"), cycle="Q1"),
    of("O-later", kr("later"), cycle="Q2"),
    of("SOMEDAY", kr("some-day"), cycle="someday"),
    of("CHORES", kr("chore", Kind.TASK, parents=(ParentLink(id="out"),)), cycle="Q4"),
    of("EMPTY"),
]
HYPOTHESES = [
    Hypothesis(id="live", serves=("out",), cycle="Q4"),
    Hypothesis(id="always", serves=("out",)),
    Hypothesis(id="killed", serves=("out",), cycle="Q4", decisions=KILL),
    Hypothesis(id="revived", serves=("out",), cycle="Q4", decisions=CHANGED_MIND),
    Hypothesis(id="over", serves=("out",), cycle="Q3"),
    Hypothesis(id="coming", serves=("next",), cycle="Q1"),
    Hypothesis(id="for-the-dead", serves=("won",), cycle="Q4"),
    Hypothesis(id="for-a-task", serves=("task",), cycle="Q4"),
    Hypothesis(id="homeless", cycle="Q4"),
]
BELIEFS = [
    Belief(id="holds", text="x", status="holds", objectives=("O-past", "O")),
    Belief(id="unsure", text="x", status="unsure", objectives=("O",)),
    Belief(id="wrong", text="x", status="contradicted", objectives=("O",)),
    Belief(id="of-the-past", text="x", status="holds", objectives=("O-past",)),
]


def whole() -> Goals:
    """Put them together, as every source of goals does."""
    goals, problems = build(
        units=[Unit(id="west", name="West")],
        teams=[Team(id="pay", name="Pay")],
        cycles=[Q3, Q4, Q1, Q2, Cycle(id="someday")],
        objectives=OBJECTIVES,
        hypotheses=HYPOTHESES,
        beliefs=BELIEFS,
    )
    assert goals is not None, problems
    return goals


GOALS = whole()


def weighed(*goals: str, learning: bool = False, planning_cycles: int = 2) -> str:
    """Return the verdict on work that a rule links to these goals."""
    signals = [
        Signal(kind=SignalKind.RULE, goal=goal, because="a rule", learning=learning)
        for goal in goals
    ]
    verdict, _ = weigh(signals, Outlook(GOALS, date(2026, 11, 2), planning_cycles))
    return verdict.value


TABLE = [
    # an outcome, or an impact of the company or a unit
    (("out",), "aligned"),
    (("revenue",), "aligned"),
    (("unit-revenue",), "aligned"),
    # anything else that is live
    (("team-revenue",), "weak"),
    (("uptime",), "weak"),
    (("task",), "weak"),
    (("for-a-task",), "weak"),
    # a goal, and nothing live
    (("won",), "stale"),
    (("of-dropped",), "stale"),
    (("of-done",), "stale"),
    (("past",), "stale"),
    (("some-day",), "stale"),
    (("killed",), "stale"),
    (("over",), "stale"),
    (("for-the-dead",), "stale"),
    (("homeless",), "stale"),
    (("wrong",), "stale"),
    (("of-the-past",), "stale"),
    (("EMPTY",), "stale"),
    # the next cycle is within the window, the one after is not
    (("next",), "aligned"),
    (("coming",), "aligned"),
    (("later",), "stale"),
    # what leads where
    (("live",), "aligned"),
    (("always",), "aligned"),
    (("revived",), "aligned"),
    (("O",), "aligned"),
    (("TEAM",), "weak"),
    (("O-past",), "stale"),
    (("holds",), "aligned"),
    (("unsure",), "aligned"),
    # never a key result's parents
    (("chore",), "weak"),
    # one goal is enough
    (("won", "task", "out"), "aligned"),
    (("won", "task"), "weak"),
    (("wrong", "live"), "aligned"),
    (("killed", "over", "won"), "stale"),
]


@pytest.mark.paragraph(7)
@pytest.mark.parametrize(("goals", "told"), TABLE, ids=["+".join(goals) for goals, _ in TABLE])
def test_the_best_key_result_that_a_goal_leads_to_decides(
    goals: tuple[str, ...], told: str
) -> None:
    assert weighed(*goals) == told


@pytest.mark.paragraph(7)
@pytest.mark.parametrize(
    ("goal", "told"),
    [
        ("killed", "aligned"),
        ("over", "aligned"),
        ("for-the-dead", "stale"),
        ("for-a-task", "weak"),
        ("holds", "aligned"),
        ("wrong", "stale"),
    ],
)
def test_a_learning_link_leads_to_what_its_hypothesis_serves_or_its_belief_holds(
    goal: str, told: str
) -> None:
    assert weighed(goal, learning=True) == told


@pytest.mark.paragraph(7)
def test_the_planning_window_is_as_wide_as_it_is_set() -> None:
    assert weighed("next", planning_cycles=1) == "stale"
    assert weighed("later", planning_cycles=3) == "aligned"


TEXTS = {
    "task": "Launch the new checkout page",
    "system": "Cut API latency from 300 ms to 100 ms",
    "impact": "Increase annual revenue from 1 to 2 million EUR",
    "outcome": "Shoppers pay with the wallet, from 10% to 30%",
    "unclear": "Things move",
}


def reads(shop: Any, text: str, **given: Any) -> str:
    """Return the verdict on work for a key result that says *text*."""
    item = shop.tracker.create(title="search")
    shop.goals.key_result("KR-3", statement=text, **{"kind": None, **given})
    shop.pull()
    return verdict(shop, item)


@pytest.mark.paragraph(7)
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("task", "weak"),
        ("system", "weak"),
        ("impact", "weak"),
        ("outcome", "aligned"),
        ("unclear", "aligned"),
    ],
)
def test_where_nobody_says_the_kind_the_reader_does_and_unclear_counts_as_an_outcome(
    shop: Any, text: str, told: str
) -> None:
    assert reads(shop, TEXTS[text]) == told


@pytest.mark.paragraph(7)
def test_an_impact_that_the_reader_finds_counts_above_the_teams(shop: Any) -> None:
    company = replace(shop.goals.objectives[1], level=Level.COMPANY, teams=())
    shop.goals.objectives = [shop.goals.objectives[0], company]
    assert reads(shop, TEXTS["impact"]) == "aligned"


@pytest.mark.paragraph(7)
@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [("task", Kind.OUTCOME, "aligned"), ("outcome", Kind.TASK, "weak")],
)
def test_a_kind_in_the_goal_file_overrules_the_reader(
    shop: Any, text: str, kind: Kind, told: str
) -> None:
    assert reads(shop, TEXTS[text], kind=kind) == told


def waiver(code: str, **given: Any) -> Waiver:
    return Waiver(**{"code": code, "reason": "we know", "goal": "KR-3", **given})


WAIVED = [("task", "KR201"), ("system", "KR206"), ("impact", "KR207")]


@pytest.mark.paragraph(7)
@pytest.mark.parametrize(("text", "code"), WAIVED)
def test_a_finding_waived_in_the_goal_file_overrules_the_reader(
    shop: Any, text: str, code: str
) -> None:
    assert reads(shop, TEXTS[text], waive=(waiver(code),)) == "aligned"


@pytest.mark.paragraph(7)
@pytest.mark.parametrize(("text", "code"), WAIVED)
def test_a_finding_waived_in_the_settings_overrules_the_reader(
    shop: Any, text: str, code: str
) -> None:
    shop.restart(waivers=(waiver(code, goal="kr-3"),))
    assert reads(shop, TEXTS[text]) == "aligned"


@pytest.mark.paragraph(7)
@pytest.mark.parametrize(
    "other",
    [waiver("KR206"), waiver("KR201", until=date(2026, 11, 1)), waiver("KR201", goal="KR-1")],
    ids=["another finding", "expired", "another goal"],
)
def test_no_other_waiver_overrules_the_reader(shop: Any, other: Waiver) -> None:
    shop.restart(waivers=(other,))
    assert reads(shop, TEXTS["task"]) == "weak"


@pytest.mark.paragraph(7)
def test_a_waiver_does_not_overrule_the_kind_a_person_gave(shop: Any) -> None:
    told = reads(shop, TEXTS["task"], kind=Kind.TASK, waive=(waiver("KR201"),))
    assert told == "weak"


def rules_by_word(shop: Any, *words: str) -> None:
    """Put the rules in this order."""
    by_word = {rule.when.title_matches[0]: rule for rule in shop.mapping.rules}
    shop.mapping.rules = [by_word[word] for word in words]


@pytest.mark.paragraph(7)
@pytest.mark.parametrize(
    ("order", "told"),
    [(("upkeep", "search"), "exempt"), (("search", "upkeep"), "aligned")],
    ids=["before", "after"],
)
def test_an_exempting_rule_beats_only_the_mapping_rules_listed_after_it(
    shop: Any, order: tuple[str, ...], told: str
) -> None:
    rules_by_word(shop, *order)
    item = shop.tracker.create(title="search upkeep")
    shop.pull()
    assert verdict(shop, item) == told


@pytest.mark.paragraph(7)
def test_an_exempting_rule_beats_inheritance(shop: Any) -> None:
    epic = shop.tracker.create(title="wallet")
    item = shop.tracker.create(title="upkeep", parent=shop.tracker.items[epic].ref)
    shop.pull()
    assert verdict(shop, item) == "exempt"


@pytest.mark.paragraph(7)
def test_an_exemption_is_inherited_like_a_link(shop: Any) -> None:
    epic = shop.tracker.create(title="wallet")
    story = shop.tracker.create(title="upkeep", parent=shop.tracker.items[epic].ref)
    item = shop.tracker.create(title="a", parent=shop.tracker.items[story].ref)
    shop.pull()
    assert verdict(shop, item) == "exempt"


@pytest.mark.paragraph(7)
def test_an_exempting_rule_beats_found_labels(shop: Any) -> None:
    item = shop.tracker.create(title="upkeep", labels=["okr:KR-3"])
    shop.pull()
    assert verdict(shop, item) == "exempt"


@pytest.mark.paragraph(7)
@pytest.mark.parametrize("how", ["link", "label"])
def test_an_explicit_word_beats_an_exempting_rule_even_if_it_is_dead(shop: Any, how: str) -> None:
    item = shop.tracker.create(title="upkeep")
    shop.sync()
    if how == "link":
        shop.say(people.link, item, "H-1", "")
    else:
        shop.tracker.person(item, add=["okr:H-1"])
        shop.pull()
    assert verdict(shop, item) == "aligned"
    shop.goals.kill("H-1")
    assert verdict(shop, item) == "stale"


@pytest.mark.paragraph(7)
def test_a_vetoed_explicit_word_no_longer_beats_an_exempting_rule(shop: Any) -> None:
    item = shop.tracker.create(title="upkeep")
    shop.sync()
    shop.tracker.person(item, add=["okr:KR-3"])
    shop.sync()
    assert shop.labels(item) == {"okr:KR-3", "okr:aligned"}
    shop.tracker.person(item, remove=["okr:KR-3"])
    shop.sync()
    assert shop.labels(item) == {"okr:exempt"}


@pytest.mark.paragraph(7)
def test_what_is_inherited_from_an_explicit_word_and_vetoed_here_is_the_exemption(
    shop: Any,
) -> None:
    epic = shop.tracker.create(title="upkeep")
    item = shop.tracker.create(title="a", parent=shop.tracker.items[epic].ref)
    shop.sync()
    shop.say(people.link, epic, "KR-3", "not only upkeep")
    shop.sync()
    assert verdict(shop, item) == "aligned"
    shop.tracker.person(item, remove=["okr:KR-3"])
    shop.sync()
    assert (verdict(shop, epic), verdict(shop, item)) == ("aligned", "exempt")
