"""The example company's Linear: growth (GRO) experiments, operations (OPS) keep the shop open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from okrsync_simulators.company.history import Life, Stage, live
from okrsync_simulators.company.linear_texts import LOOSE, PROJECTS, SUB_ISSUES

if TYPE_CHECKING:
    from collections.abc import Iterator

STATES = {
    Stage.WAITING: (("Backlog", "backlog"), ("Todo", "unstarted"), ("Triage", "triage")),
    Stage.RUNNING: (("In Progress", "started"), ("In Review", "started")),
    Stage.DONE: (("Done", "completed"),),
    Stage.DROPPED: (("Canceled", "canceled"), ("Duplicate", "duplicate")),
}
EXTRA_LABELS = ("", "", "", "Feature", "Feature", "needs design", "pilot")


@dataclass(frozen=True, slots=True)
class LinearSeedIssue:
    """One issue as it stands now; `parent_number` is a number in the same team."""

    team: str
    number: int
    title: str
    description: str
    state_name: str
    state_type: str
    labels: tuple[str, ...]
    project: str | None
    parent_number: int | None
    created: datetime
    updated: datetime
    completed: datetime | None
    canceled: datetime | None
    due: date | None
    estimate: float | None


def linear_seed(seed: int, now: datetime) -> list[LinearSeedIssue]:
    """Return the issues of both teams, the same for the same seed and moment."""
    random = Random(f"linear {seed}")
    return [issue for team in ("GRO", "OPS") for issue in _team(team, random, now)]


def _team(team: str, random: Random, now: datetime) -> Iterator[LinearSeedIssue]:
    number = 0
    for project in PROJECTS:
        if project.team != team:
            continue
        for title, description in project.issues:
            number += random.choice((1, 1, 1, 2))  # somebody deleted the one between
            issue = _issue(team, number, title, description, random=random, now=now)
            labels = tuple(sorted({*project.labels, *random.sample(EXTRA_LABELS, k=1)} - {""}))
            yield _with(issue, labels=labels, project=project.name)
            if random.random() < 0.6:
                number += 1
                sub = _issue(team, number, random.choice(SUB_ISSUES), "", random=random, now=now)
                yield _with(sub, labels=(), project=project.name, parent=issue.number)
    for entry in LOOSE:
        if entry.team == team:
            number += 1
            issue = _issue(team, number, entry.title, entry.description, random=random, now=now)
            yield _with(issue, labels=entry.labels, project=None)


def _issue(
    team: str, number: int, title: str, description: str, *, random: Random, now: datetime
) -> LinearSeedIssue:
    life = live(random, now)
    state_name, state_type = random.choice(STATES[life.stage])
    return LinearSeedIssue(
        team=team,
        number=number,
        title=title,
        description=description,
        state_name=state_name,
        state_type=state_type,
        labels=(),
        project=None,
        parent_number=None,
        created=life.created,
        updated=life.updated,
        completed=life.ended if life.stage is Stage.DONE else None,
        canceled=life.ended if life.stage is Stage.DROPPED else None,
        due=_due(life, random, now),
        estimate=random.choice((None, None, 1.0, 2.0, 3.0, 5.0, 8.0)),
    )


def _due(life: Life, random: Random, now: datetime) -> date | None:
    if life.ended or random.random() < 0.75:
        return None
    return (now + timedelta(days=random.randint(-10, 45))).date()


def _with(
    issue: LinearSeedIssue,
    *,
    labels: tuple[str, ...],
    project: str | None,
    parent: int | None = None,
) -> LinearSeedIssue:
    return replace(issue, labels=labels, project=project, parent_number=parent)
