"""Whatever goals say, a database and OKR files give it back."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from okrsync.core.goalcheck import build
from okrsync.core.goaldiff import difference
from okrsync.core.goaledits import same
from okrsync.core.goals import (
    Belief,
    ByHowMuch,
    CheckIn,
    Customer,
    Cycle,
    Decision,
    Evidence,
    Goals,
    GoalStatus,
    Hypothesis,
    KeyResult,
    Kind,
    Level,
    Objective,
    ParentLink,
    Strategy,
    Team,
    Unit,
    Value,
    Waiver,
)
from okrsync_sql.goals import open_goals
from okrsync_yaml.export import write_goals
from okrsync_yaml.goals import goals_of

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=15)
names = texts.map(str.strip).filter(bool)
maybe = st.none() | names
words = st.lists(names, max_size=2).map(tuple)
days = st.dates(date(1900, 1, 1), date(2999, 12, 31))
maybe_days = st.none() | days
numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
shares = st.none() | st.floats(0, 1)
spans = st.none() | st.integers(0, 90_000)
ids = st.text(string.ascii_letters + string.digits + "._-", min_size=1, max_size=4).map(
    lambda word: f"G{word}"
)


def choice(*given_words: str):
    return st.none() | st.sampled_from(given_words)


waivers = st.builds(Waiver, code=st.just("KR205"), reason=names, goal=st.just(""), until=maybe_days)
check_ins = st.builds(
    CheckIn, date=days, value=numbers, confidence=shares, note=texts, decision=texts
)
evidence = st.builds(
    Evidence,
    date=days,
    says=st.sampled_from(["for", "against", "unclear"]),
    source=texts,
    note=texts,
)
decisions = st.builds(
    Decision,
    choice=st.sampled_from(["persevere", "pivot", "kill"]),
    date=days,
    because=texts,
    until=maybe_days,
    saved=texts,
)
measures = st.builds(ByHowMuch, baseline=numbers, target=numbers, unit=maybe)


def several(things, most=2):
    return st.lists(things, max_size=most).map(tuple)


@st.composite
def whole_goals(draw) -> Goals:
    """Build goals that refer to each other as goals may."""
    fresh = iter(draw(st.lists(ids, min_size=12, max_size=12, unique_by=str.casefold)))
    teams = [
        Team(id=f"t{n}", name=draw(names), makes=draw(texts), functions=draw(words))
        for n in range(draw(st.integers(1, 2)))
    ]
    cycle = Cycle(id="c", starts=draw(maybe_days), ends=draw(maybe_days), check_in_days=draw(spans))
    customer = Customer(id="u", name=draw(names), also=draw(words), journey=draw(words))
    strategies = [
        Strategy(
            id=f"s{n}",
            mission=draw(texts),
            starts=draw(maybe_days),
            value_map=(Value(id=f"v{n}", value=draw(texts), customers=draw(words)),),
        )
        for n in range(draw(st.integers(0, 2)))
    ]
    objectives: list[Objective] = []
    for _ in range(draw(st.integers(0, 3))):
        objectives.append(_objective(draw, next(fresh), fresh, teams, objectives))
    krs = [kr.id for objective in objectives for kr in objective.key_results]
    hypotheses = [_hypothesis(draw, next(fresh), krs) for _ in range(draw(st.integers(0, 2)))]
    belief = Belief(
        id=next(fresh),
        text=draw(names),
        objectives=tuple(objective.id for objective in objectives[:1]),
        evidence=draw(several(evidence)),
    )
    goals, problems = build(
        strategies=strategies,
        customers=[customer],
        journey=draw(words),
        units=[Unit(id="n", name=draw(names))],
        teams=teams,
        cycles=[cycle],
        objectives=objectives,
        hypotheses=hypotheses,
        beliefs=[belief],
    )
    assert goals is not None, problems
    return goals


def _objective(draw, goal_id, fresh, teams, above) -> Objective:
    level = draw(st.sampled_from(Level))
    parents = tuple(ParentLink(id=o.id, because=draw(texts)) for o in above[:1])
    return Objective(
        id=goal_id,
        title=draw(names),
        level=level,
        teams=(draw(st.sampled_from(teams)).id,) if level is Level.TEAM else (),
        unit="n" if level is Level.UNIT else None,
        cycle=draw(st.sampled_from(["", "c"])),
        problem=draw(texts),
        parents=parents,
        owner=draw(maybe),
        status=draw(st.sampled_from(GoalStatus)),
        waive=tuple(_owned(w, goal_id) for w in draw(several(waivers, 1))),
        key_results=tuple(
            _key_result(draw, next(fresh), goal_id) for _ in range(draw(st.integers(0, 2)))
        ),
    )


def _key_result(draw, goal_id, objective) -> KeyResult:
    measure = draw(st.none() | measures)
    return KeyResult(
        id=goal_id,
        objective=objective,
        statement=draw(maybe),
        who=draw(maybe),
        does_what=draw(maybe),
        by_how_much=None if measure == ByHowMuch() else measure,
        kind=draw(st.none() | st.sampled_from(Kind)),
        indicator=draw(choice("leading", "lagging")),
        journey=draw(maybe),
        measured_by=draw(choice("usage", "finance")),
        time_to_effect_days=draw(spans),
        expects=draw(words),
        guardrails=draw(words),
        check_ins=draw(several(check_ins)),
        waive=tuple(_owned(w, goal_id) for w in draw(several(waivers, 1))),
    )


def _hypothesis(draw, goal_id, krs) -> Hypothesis:
    return Hypothesis(
        id=goal_id,
        serves=(draw(st.sampled_from(krs)),) if krs else (),
        statement=draw(maybe),
        we_believe=draw(maybe),
        for_whom=draw(maybe),
        will=draw(maybe),
        cycle=draw(choice("c")),
        started=draw(maybe_days),
        until=draw(maybe_days),
        confidence=draw(shares),
        stop_if=draw(texts),
        evidence=draw(several(evidence)),
        decisions=draw(several(decisions)),
        previously=(f"OLD-{goal_id}",),
    )


def _owned(waiver: Waiver, goal_id: str) -> Waiver:
    return Waiver(code=waiver.code, reason=waiver.reason, goal=goal_id, until=waiver.until)


trying = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@trying
@given(goals=whole_goals())
def test_files_that_were_written_load_to_the_same_goals(goals):
    files = write_goals(goals)
    assert list(files) == sorted(files)
    assert same(goals_of(files), goals)


@trying
@given(goals=whole_goals())
def test_a_database_gives_back_what_it_was_given(sql_url, goals):
    database = open_goals({"url": sql_url}, None)
    database.replace(goals)
    assert same(database.read().goals, goals)


@trying
@given(goals=whole_goals(), other=whole_goals())
def test_there_is_no_difference_exactly_between_the_same_goals(goals, other):
    assert difference(goals, goals).none
    assert difference(goals, other).none is same(goals, other)


def test_owners_whose_objectives_do_not_stand_together_keep_the_order():
    def company(goal_id: str) -> Objective:
        return Objective(id=goal_id, title="T", level=Level.COMPANY)

    mine = Objective(id="B", title="T", teams=("t",))
    goals, problems = build(
        teams=[Team(id="t", name="T")], objectives=[company("A"), mine, company("C")]
    )
    assert goals is not None, problems
    assert list(write_goals(goals)) == [
        "01-strategy.yaml",
        "02-company.yaml",
        "03-t.yaml",
        "04-company.yaml",
    ]


@pytest.mark.parametrize(
    "word", ["null", "true", "2026", "007", "1e3", "- x", "# x", "*a", "{", "'"]
)
def test_words_that_yaml_takes_for_something_else_stay_words(word):
    goals, problems = build(beliefs=[Belief(id="B", text=word)])
    assert goals is not None, problems
    assert same(goals_of(write_goals(goals)), goals)
