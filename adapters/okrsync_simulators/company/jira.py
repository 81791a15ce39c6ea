"""The example company's Jira: checkout works in PAY, the web team in WEB."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from okrsync_simulators.company.history import Life, Stage, ago, between, live
from okrsync_simulators.company.jira_texts import EPICS, LOOSE, LOOSE_LABELS, SUB_TASKS, Epic
from okrsync_simulators.people import PEOPLE, Account

if TYPE_CHECKING:
    from collections.abc import Iterator

STATUSES = {
    Stage.WAITING: ("Backlog", "To Do"),
    Stage.RUNNING: ("In Progress", "In Review"),
    Stage.DONE: ("Done",),
    Stage.DROPPED: ("Done",),
}
DROPPED_AS = ("Won't Do", "Duplicate", "Cannot Reproduce")
TEAMS = {"PAY": "Checkout", "WEB": "Storefront"}


@dataclass(frozen=True, slots=True)
class LabelChange:
    """Somebody added and removed labels."""

    at: datetime
    account: Account
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JiraSeedIssue:
    """One issue as it stands now; `label_changes` lead from its first labels to `labels`."""

    project: str
    number: int
    type: str
    title: str
    description: str
    status: str
    resolution: str | None
    labels: tuple[str, ...]
    components: tuple[str, ...]
    parent_number: int | None
    created: datetime
    updated: datetime
    resolved: datetime | None
    due: date | None
    story_points: float | None
    team: str | None
    label_changes: tuple[LabelChange, ...]


def jira_seed(seed: int, now: datetime) -> list[JiraSeedIssue]:
    """Return the issues of both projects, the same for the same seed and moment."""
    random = Random(f"jira {seed}")
    return [issue for project in TEAMS for issue in _project(project, random, now)]


def _project(project: str, random: Random, now: datetime) -> Iterator[JiraSeedIssue]:
    number = 0
    for epic in EPICS:
        if epic.project == project:
            for issue in _epic(epic, number, random, now):
                number = issue.number
                yield issue
    for entry in LOOSE:
        if entry.project == project:
            number += random.choice((1, 1, 1, 2))  # somebody deleted the one between
            issue = _issue(project, number, entry.type, entry.title, random=random, now=now)
            yield _labelled(
                replace(
                    issue,
                    description=entry.description,
                    components=(entry.component,) if entry.component else (),
                    team="Platform" if entry.component == "platform" else TEAMS[project],
                ),
                entry.labels,
                random,
            )


def _epic(epic: Epic, number: int, random: Random, now: datetime) -> Iterator[JiraSeedIssue]:
    top = _issue(epic.project, number + 1, "Epic", epic.title, random=random, now=now)
    created = ago(random, now, 160, 200)
    updated = between(random, created, now)
    top = replace(top, created=created, updated=updated, story_points=None)
    top = replace(top, status="In Progress", resolution=None, resolved=None)
    yield replace(top, labels=epic.labels, components=(epic.component,), label_changes=())
    number = top.number
    for title, description in epic.stories:
        number += 1
        story = _issue(epic.project, number, "Story", title, random=random, now=now)
        story = replace(
            story,
            description=description,
            components=(epic.component,) if random.random() < 0.7 else (),
            parent_number=top.number,
        )
        yield _labelled(story, epic.labels if random.random() < 0.6 else (), random)
        if random.random() < 0.7:
            number += 1
            task = random.choice(SUB_TASKS)
            sub = _issue(epic.project, number, "Sub-task", task, random=random, now=now)
            yield replace(sub, parent_number=story.number, story_points=None, team=None)


def _issue(
    project: str, number: int, type_: str, title: str, *, random: Random, now: datetime
) -> JiraSeedIssue:
    life = live(random, now)
    return JiraSeedIssue(
        project=project,
        number=number,
        type=type_,
        title=title,
        description="",
        status=random.choice(STATUSES[life.stage]),
        resolution=_resolution(life, random),
        labels=(),
        components=(),
        parent_number=None,
        created=life.created,
        updated=life.updated,
        resolved=life.ended,
        due=_due(life, random, now),
        story_points=random.choice((None, 1.0, 2.0, 3.0, 5.0, 8.0)),
        team=TEAMS[project],
        label_changes=(),
    )


def _resolution(life: Life, random: Random) -> str | None:
    if life.ended is None:
        return None
    return random.choice(DROPPED_AS) if life.stage is Stage.DROPPED else "Done"


def _due(life: Life, random: Random, now: datetime) -> date | None:
    if life.ended or random.random() < 0.8:
        return None
    return (now + timedelta(days=random.randint(-14, 60))).date()


def _labelled(issue: JiraSeedIssue, labels: tuple[str, ...], random: Random) -> JiraSeedIssue:
    """Give the issue its labels, and to some a history of people who changed their minds."""
    if random.random() < 0.6:
        return replace(issue, labels=tuple(sorted(labels)))
    extra = random.choice(LOOSE_LABELS)
    first = between(random, issue.created, issue.updated)
    changes = [LabelChange(first, random.choice(PEOPLE), add=(extra,))]
    final = {*labels, extra}
    if random.random() < 0.3:
        second = between(random, first, issue.updated)
        changes.append(LabelChange(second, random.choice(PEOPLE), remove=(extra,)))
        final = set(labels)
    return replace(issue, labels=tuple(sorted(final)), label_changes=tuple(changes))
