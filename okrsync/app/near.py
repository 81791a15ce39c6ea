"""Which goals an item may be meant for, from the nearest to it: to be offered, never assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Hypothesis, KeyResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.app.what_if import Trial
    from okrsync.core.outlook import Outlook


def near_goals(trial: Trial) -> Iterator[tuple[str, str]]:
    """Yield goals that are not in effect and what to do with each; those of live outcomes first."""
    outlook = trial.strategy.court.outlook
    seen = set(trial.judged.judgement.goals)
    others: list[tuple[str, str]] = []
    for goal, does in _told(trial):
        if goal in seen:
            continue
        seen.add(goal)
        if _leads_to_an_outcome(goal, outlook):
            yield goal, does
        else:
            others.append((goal, does))
    yield from others


def _told(trial: Trial) -> Iterator[tuple[str, str]]:
    judged, goals = trial.judged, trial.strategy.goals
    for signal in judged.judgement.own.signals:
        yield signal.goal, f"link it to {signal.goal}, which it names itself"
    for goal in judged.inherits:
        yield goal, f"link it to {goal}, which what is above it serves"
    for match in trial.matches(judged.judgement.own):
        for word in match.rule.serves:
            if (named := goals.goal(word)) is not None:
                yield named.id, f"link it to {named.id}, which the rule {match.rule.id} means"
    team = trial.strategy.court.matcher.team_of(judged.item)
    ordered: list[Hypothesis | KeyResult] = [*goals.hypotheses, *goals.key_results]
    for one in ordered:
        if team is not None and team in _teams(one, trial):
            yield one.id, f"if it serves a goal of its team, such as {one.id}, say so"
    for one in ordered:
        yield one.id, f"if it serves a goal, such as {one.id}, say so"


def _teams(goal: Hypothesis | KeyResult, trial: Trial) -> set[str]:
    outlook = trial.strategy.court.outlook
    led = [goal] if isinstance(goal, KeyResult) else outlook.served_by(goal.id)
    objectives = [outlook.objective_of(kr) for kr in led]
    return {team for one in objectives if one is not None for team in one.teams}


def _leads_to_an_outcome(goal: str, outlook: Outlook) -> bool:
    return any(outlook.is_live(kr) and outlook.counts(kr) for kr in outlook.leads_to(goal))
