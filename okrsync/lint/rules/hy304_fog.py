"""HY304: a later cycle is planned as fully as an earlier one.

Only planning ahead is looked at: the earlier cycle runs or is to come, the later one is to come.
Counted by team, over cycles of one level, and without killed hypotheses; one finding a team.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from okrsync.core.goals import KeyResult, Objective
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.examples import with_hypotheses

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from okrsync.core.goals import Cycle, Goals, Hypothesis
    from okrsync.lint.rule import LintInput

_Planned = tuple["Cycle", "list[Hypothesis]"]


def _check(given: LintInput) -> Iterator[Hit]:
    for (team, _), cycles in _by_team_and_level(given).items():
        ordered = sorted(cycles.values(), key=lambda each: str(each[0].starts))
        for (earlier, now), (later, then) in pairwise(ordered):
            ahead = later.starts is not None and later.starts > given.today
            if ahead and len(then) >= len(now):
                whose = f"team {team} has" if team else "there are"
                yield Hit(
                    goal=then[0],
                    message=f"{whose} as many hypotheses for {later.id} ({len(then)}) as for "
                    f"{earlier.id} ({len(now)})",
                    action="keep the few that will surely matter, and guess again when you know "
                    "more",
                    other=team,
                    teams=(team,) if team else (),
                )
                break


def _by_team_and_level(given: LintInput) -> Mapping[tuple[str, str], dict[str, _Planned]]:
    """Return for each team and level the cycles that are not over, with what they hold."""
    cycles = {cycle.id: cycle for cycle in _not_over(given)}
    planned: defaultdict[tuple[str, str], dict[str, _Planned]] = defaultdict(dict)
    for hypothesis in given.goals.hypotheses:
        cycle = cycles.get(hypothesis.cycle or "")
        if cycle is not None and not hypothesis.killed:
            for team in _teams(hypothesis, given.goals):
                held = planned[team, cycle.level]
                held.setdefault(cycle.id, (cycle, []))[1].append(hypothesis)
    return planned


def _not_over(given: LintInput) -> Iterator[Cycle]:
    for cycle in given.goals.cycles:
        if cycle.starts and cycle.ends and given.today <= cycle.ends:
            yield cycle


def _teams(hypothesis: Hypothesis, goals: Goals) -> Sequence[str]:
    """Return the teams whose goals it serves; an empty name stands for the levels above."""
    teams: dict[str, None] = {}
    for goal_id in hypothesis.serves:
        kr = goals.goal(goal_id)
        objective = goals.goal(kr.objective) if isinstance(kr, KeyResult) else None
        if isinstance(objective, Objective):
            teams.update(dict.fromkeys(objective.teams or ("",)))
    return list(teams) or [""]


RULE = Rule(
    code="HY304",
    name="fog",
    summary="The further out a cycle is, the fewer hypotheses it holds.",
    why="""\
In fog one sees five steps, and after them the next five. A later quarter that is planned as fully
as this one is a promise nobody can keep, made by people who will know more by then.
""",
    bad=with_hypotheses(
        "- id: H-TAP",
        '  statement: "We believe that if we offer one tap, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2026-Q4",
        "- id: H-SPLIT",
        '  statement: "We believe that if we offer rates, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2027-Q1",
    ),
    good=with_hypotheses(
        "- id: H-TAP",
        '  statement: "We believe that if we offer one tap, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2026-Q4",
        "- id: H-SAVE",
        '  statement: "We believe that if we keep cards, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2026-Q4",
        "- id: H-SPLIT",
        '  statement: "We believe that if we offer rates, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2027-Q1",
    ),
    fix="""\
Keep the ideas, and leave their `cycle:` out until the one before has taught you something.
""",
    configuration="Severity, also for one team, or a waiver on the first hypothesis of that cycle.",
    severity=Severity.WARNING,
    check=_check,
)
