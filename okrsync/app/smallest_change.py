"""The smallest change that would alter an item's verdict: tried on the judge before it is named.

A word about the one item is smaller than a rule, which takes other items too, and a rule smaller
than a goal. Where an item is not aligned, what would make it so comes first, if anything does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from okrsync.app.near import near_goals
from okrsync.app.people import said, unlinked
from okrsync.app.revivals import revivals
from okrsync.core.ledger import ActKind
from okrsync.core.vocabulary import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from okrsync.app.judging import Judged
    from okrsync.app.what_if import Trial
    from okrsync.core.mapping import MappingRule
    from okrsync.core.signals import OwnWord


class Reach(StrEnum):
    """What else a change may alter, from the least."""

    ITEM = "item"
    RULE = "rule"
    GOAL = "goal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody could do, and what the verdict would be then."""

    reach: Reach
    does: str
    steps: tuple[str, ...]
    """Each an exact command, or an edit with its place."""
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class _Try:
    reach: Reach
    does: str
    steps: tuple[str, ...]
    judge: Callable[[], Verdict]


def smallest_changes(trial: Trial) -> tuple[Change, ...]:
    """Return the smallest change of each reach that alters the verdict, the smallest first."""
    now = trial.judged.judgement.verdict
    if now in {Verdict.ALIGNED, Verdict.EXEMPT}:
        return tuple(_first_of_each(trial, frozenset(Verdict) - {now}))
    better = tuple(_first_of_each(trial, frozenset({Verdict.ALIGNED})))
    return better or tuple(_first_of_each(trial, frozenset(Verdict) - {now}))


def _first_of_each(trial: Trial, wanted: frozenset[Verdict]) -> Iterator[Change]:
    done: set[Reach] = set()
    for one in _tries(trial):
        if one.reach not in done and (verdict := one.judge()) in wanted:
            done.add(one.reach)
            yield Change(reach=one.reach, does=one.does, steps=one.steps, verdict=verdict)


def _tries(trial: Trial) -> Iterator[_Try]:
    """Yield what could be done, from the smallest."""
    yield from _unvetoes(trial)
    yield from _unlinks(trial)
    yield from _links(trial)
    yield from _rules(trial)
    for revival in revivals(trial.judged.judgement.goals, trial.strategy.court.outlook):
        judge = partial(trial.with_goals, revival.goals)
        yield _Try(Reach.GOAL, revival.does, revival.steps, judge)


def _unvetoes(trial: Trial) -> Iterator[_Try]:
    judged = trial.judged
    for goal in sorted(judged.judgement.own.vetoes):
        lifted = said(trial.ctx, judged.state, ActKind.UNVETO, goal)
        step = f"okrsync unveto {trial.name} {goal}"
        judge = partial(trial.with_state, lifted)
        yield _Try(Reach.ITEM, f"lift the veto of {goal}", (step,), judge)
    for word in judged.words:
        for goal in sorted(word.vetoes):
            words = [_without(goal, each) if each is word else each for each in judged.words]
            does = f"lift the veto of {goal} on {word.item.key}, which is above it"
            step = f"okrsync unveto {trial.called(word.item)} {goal}"
            yield _Try(Reach.ITEM, does, (step,), partial(trial.with_above, words))


def _without(goal: str, word: OwnWord) -> OwnWord:
    return replace(word, vetoes=word.vetoes - {goal})


def _unlinks(trial: Trial) -> Iterator[_Try]:
    """Say that it does not serve what it is believed to: one goal, all, and what then speaks."""
    goals = trial.judged.judgement.goals
    for some in dict.fromkeys([*((goal,) for goal in goals), goals, _one_after_the_other(trial)]):
        steps = tuple(f"okrsync unlink {trial.name} {goal} --because …" for goal in some)
        does = f"say that it does not serve {' and '.join(some)}"
        if some:
            judge = partial(_verdict_without, trial, some)
            yield _Try(Reach.ITEM, does, steps, judge)


def _one_after_the_other(trial: Trial) -> tuple[str, ...]:
    """Return what must be unlinked until the verdict is another: a goal may hide the next."""
    judged, done = trial.judged, tuple[str, ...]()
    while fresh := [goal for goal in judged.judgement.goals if goal not in done]:
        judged = _without_goals(trial, judged, fresh)
        done += tuple(fresh)
        if judged.judgement.verdict is not trial.judged.judgement.verdict:
            break
    return done


def _verdict_without(trial: Trial, goals: Sequence[str]) -> Verdict:
    return _without_goals(trial, trial.judged, goals).judgement.verdict


def _without_goals(trial: Trial, judged: Judged, goals: Sequence[str]) -> Judged:
    """Judge as if each of these were unlinked, one command after the other."""
    for goal in goals:
        judged = trial.judge(unlinked(trial.ctx, judged.state, judged, goal))
    return judged


def _links(trial: Trial) -> Iterator[_Try]:
    for goal, does in near_goals(trial):
        linked = said(trial.ctx, trial.judged.state, ActKind.LINK, goal)
        step = f"okrsync link {trial.name} {goal} --because …"
        judge = partial(trial.with_state, linked)
        yield _Try(Reach.ITEM, does, (step,), judge)


def _rules(trial: Trial) -> Iterator[_Try]:
    """Let a later rule that applies come first, or drop the rule that decides."""
    word = trial.speaking
    applying = [] if word is None else [match.rule for match in trial.matches(word)]
    decides = _deciding(trial, applying)
    if decides is None:
        return
    rules = trial.strategy.mapping.rules
    for other in applying[applying.index(decides) + 1 :]:
        does = f"let the rule {other.id}, which applies too, come before {decides.id}"
        step = f"okrsync map move {other.id} --before {decides.id}"
        judge = partial(trial.with_rules, _moved(rules, other, before=decides))
        yield _Try(Reach.RULE, does, (step,), judge)
    fewer = [rule for rule in rules if rule.id != decides.id]
    does = f"drop the rule {decides.id}"
    step = f"okrsync map rm {decides.id}"
    yield _Try(Reach.RULE, does, (step,), partial(trial.with_rules, fewer))


def _deciding(trial: Trial, applying: Sequence[MappingRule]) -> MappingRule | None:
    """Return the rule that the verdict rests on, if it rests on one."""
    judgement, word = trial.judged.judgement, trial.speaking
    if judgement.exempt is not None and word is not None:
        match = word.exempt or word.fallback
        return None if match is None else match.rule
    named = {signal.rule for signal in judgement.signals if signal.rule is not None}
    return next((rule for rule in applying if rule.id in named), None)


def _moved(
    rules: Sequence[MappingRule], rule: MappingRule, *, before: MappingRule
) -> list[MappingRule]:
    others = [each for each in rules if each.id != rule.id]
    at = next(n for n, each in enumerate(others) if each.id == before.id)
    return [*others[:at], rule, *others[at:]]
