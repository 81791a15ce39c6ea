"""OKR106: an objective or key result names the thing to be built.

Careful on purpose. It speaks where a title opens with making a thing, where a text calls a thing
new, where a goal repeats what one of its own hypotheses builds, and, where work is known, where it
holds the title of an epic or project. A key result that is a task is told by KR201 and not again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okrsync.core.goals import Kind, Objective
from okrsync.lint.parts import kind_of
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import key_results, objectives
from okrsync.lint.words import contains_in_a_row, content_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Hypothesis, KeyResult
    from okrsync.lint.rule import LintInput

_SURE = 0.8
"""A pattern of words is right about this often."""

_THINGS = (
    r"(?:app|application|beta|chatbot|checkout page|dashboard|data warehouse|feature|homepage"
    r"|landing page|microservice|mobile app|module|mvp|platform|plugin|portal|prototype|redesign"
    r"|release|sdk|api|tool|toolkit|user interface|web ?app|web ?shop|website|widget|wizard)s?"
)
_NEW_THING = re.compile(
    rf"\b(?:new|redesigned|rebuilt)\s(?:[\w-]+\s){{0,2}}{_THINGS}\b", re.IGNORECASE
)
_MAKING = re.compile(
    rf"^(?:build|create|design|develop|deliver|introduce|publish|redesign)\b"
    rf"(?:\s[\w'’-]+){{0,5}}?\s{_THINGS}\b(?!\s(?:and|team|group|culture))",
    re.IGNORECASE,
)
_LAUNCHING = re.compile(
    r"^(?:deploy|implement|launch|migrate|release|rewrite|roll out|ship)\s"
    r"(?!(?:\w+\s){0,3}(?:careers?|culture|markets?|mindset|ourselves)\b)"
    r"(?!into\b|faster\b|sooner\b|more often\b)\S+(?:\s\S+){0,5}",
    re.IGNORECASE,
)


def _check(given: LintInput) -> Iterator[Hit]:
    built = _built_by_goal(given)
    for objective in objectives(given.goals):
        goals: list[Objective | KeyResult] = [objective]
        goals += (kr for kr in key_results(objective) if not _is_task(kr, given))
        for goal in goals:
            solution = _named(goal, built.get(goal.id, ()))
            real = given.work.titles.named.get(goal.id) if given.work else None
            if solution is not None:
                yield _hit(goal, f'"{solution}"')
            elif real is not None:
                yield _hit(goal, f'"{real.title}", which {real.item.key} builds')


def _is_task(kr: KeyResult, given: LintInput) -> bool:
    return kind_of(kr, given).kind is Kind.TASK


def _built_by_goal(given: LintInput) -> dict[str, list[str]]:
    """Return for each goal, and for the objective above it, what its hypotheses build."""
    built: dict[str, list[str]] = {}
    for hypothesis in given.goals.hypotheses:
        if hypothesis.we_believe and not _is_the_behaviour(hypothesis):
            for goal_id in hypothesis.serves:
                goal = given.goals.goal(goal_id)
                above = getattr(goal, "objective", goal_id)
                for each in {goal.id if goal else goal_id, above}:
                    built.setdefault(each, []).append(hypothesis.we_believe)
    return built


def _is_the_behaviour(hypothesis: Hypothesis) -> bool:
    """Whether the thing is told in the words of what people will do."""
    thing = set(content_words(hypothesis.we_believe or ""))
    return thing <= set(content_words(hypothesis.will or ""))


def _named(goal: Objective | KeyResult, built: list[str] | tuple[()]) -> str | None:
    patterns = (_MAKING, _LAUNCHING, _NEW_THING) if isinstance(goal, Objective) else (_NEW_THING,)
    for pattern in patterns:
        if found := pattern.search(goal.text):
            return found[0]
    words = content_words(goal.text)
    for thing in built:
        piece = content_words(thing)
        if len(piece) > 1 and contains_in_a_row(words, piece):
            return thing
    return None


def _hit(goal: Objective | KeyResult, solution: str) -> Hit:
    return Hit(
        goal=goal,
        message=f"{goal.id} names a solution: {solution}",
        action="say what people will be able to do or do differently, and move the thing to a "
        "hypothesis",
        confidence=_SURE,
    )


RULE = Rule(
    code="OKR106",
    name="solution-in-the-goal",
    summary="Objectives and key results name no feature, product or project to build.",
    why="""\
A goal that names its solution has decided what to build before anybody tried it. If the thing
turns out not to help, the team still has to finish it, because it is the goal. Without the thing
in it the goal leaves the team free to find something better.
""",
    bad="""\
objectives:
  - id: O-CHECKOUT
    title: Launch the new checkout app
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
""",
    good="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
hypotheses:
  - id: H-APP
    we_believe: a checkout app
    for: shoppers
    will: pay without calling support
    serves: [KR-PAY]
    cycle: 2026-Q4
""",
    fix="""\
Ask what people would do differently if the thing were a success, and make that the goal. The thing
itself becomes a hypothesis that serves it: one guess among several.
""",
    configuration="""\
Severity. If the name is no solution to you (it is what your customers call you), waive it on the
goal with that reason.
""",
    severity=Severity.WARNING,
    check=_check,
    reads=Reads.MORE_WITH_WORK,
)
