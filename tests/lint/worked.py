"""Work for the lint tests: written as in the examples of the rules, judged by the real core."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from okrsync.core.goals import KeyResult, Objective
from okrsync.core.judge import Court, Judgement, judge
from okrsync.core.ledger import (
    Act,
    ActKind,
    Dispute,
    ItemState,
    Origin,
    Row,
    Vanishing,
    VanishingKind,
)
from okrsync.core.mapping import Mapping
from okrsync.core.matching import Matcher
from okrsync.core.names import Names
from okrsync.core.outlook import Outlook
from okrsync.core.signals import OwnWord, own_word
from okrsync.core.vocabulary import Vocabulary
from okrsync.core.work import Category, ItemRef, WorkItem
from okrsync.core.written import Written
from okrsync.lint.work import Ground
from okrsync.wording import kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingType

    from okrsync.core.goals import Goals
    from okrsync.lint.rule import Reader

LONG_AGO = date(2026, 9, 1)


@dataclass(frozen=True)
class Example:
    item: WorkItem
    state: ItemState
    judgement: Judgement
    above: tuple[WorkItem, ...] = ()
    words: tuple[OwnWord, ...] = ()
    alone: bool = False


def moment(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def ground_of(goals: Goals, reader: Reader, today: date, told: list[dict[str, Any]]) -> Ground:
    krs = [goal for goal in goals.by_fold.values() if isinstance(goal, KeyResult)]
    outlook = Outlook(goals, today, 2, {kr.id: kind_of(kr, reader, ()) for kr in krs})
    vocabulary = Vocabulary()
    names = Names(goals, vocabulary)
    court = Court(outlook, Matcher(Mapping(), goals, vocabulary), names, Written(names))
    gone = [one["gone"] for one in told if "gone" in one]
    return Ground(
        court=court,
        now=moment(today),
        carried=tuple(gone),
        held=dict.fromkeys(gone, 1),
        vanished=tuple(_vanishing(one) for one in told if "undefined" in one),
    )


def with_gone(goals: Goals, told: list[dict[str, Any]]) -> Goals:
    """Keep goals in force that vanished from the files."""
    gone = [Objective(id=one["gone"], title="Gone") for one in told if "gone" in one]
    return replace(goals, by_fold={**goals.by_fold, **{g.id.casefold(): g for g in gone}})


def read_work(text: str) -> list[dict[str, Any]]:
    return YAML(typ="safe").load(text) or []


def judged(told: list[dict[str, Any]], ground: Ground) -> list[Example]:
    items = {one["key"]: _item(one) for one in told}
    words: dict[str, OwnWord] = {}
    states = {one["key"]: _state(one, items[one["key"]], ground) for one in told}
    chains = {key: _above(item, items) for key, item in items.items()}
    court = ground.court
    for key, item in items.items():
        words[key] = own_word(
            item, states[key], chains[key], matcher=court.matcher, written=court.written
        )
    return [
        Example(
            item,
            states[key],
            judge(words[key], [words[up.key] for up in chains[key]], court),
            chains[key],
            tuple(words[up.key] for up in chains[key]),
        )
        for key, item in items.items()
    ]


def _item(one: MappingType[str, Any]) -> WorkItem:
    key = one["key"]
    status = one.get("status", "todo")
    resolved = one.get("resolved")
    parent = one.get("parent")
    labels = [*one.get("labels", ()), *one.get("found", ()), *one.get("foreign", ())]
    return WorkItem(
        ref=ItemRef("jira", key),
        key=key,
        scope=one.get("scope", key.rpartition("-")[0]),
        title=one["title"],
        type=one.get("type", "Story"),
        status=status,
        category=Category(status),
        created=moment(one.get("created", LONG_AGO)),
        updated=moment(one.get("created", LONG_AGO)) + timedelta(days=1),
        labels=frozenset(labels),
        parent=ItemRef("jira", parent) if parent else None,
        components=tuple(one.get("components", ())),
        due=one.get("due"),
        estimate=one.get("estimate"),
        resolved=None if resolved is None else moment(resolved),
        url=f"https://jira.example.com/browse/{key}",
    )


def _state(one: MappingType[str, Any], item: WorkItem, ground: Ground) -> ItemState:
    at = moment(LONG_AGO)
    until = ground.now + timedelta(days=3)
    acts = [Act(at=at, kind=ActKind.LINK, goal=goal) for goal in one.get("links", ())]
    acts += [Act(at=at, kind=ActKind.VETO, goal=goal) for goal in one.get("vetoes", ())]
    return ItemState(
        ref=item.ref,
        rows=tuple(Row(label=x, origin=Origin.FOUND, since=at) for x in one.get("found", ())),
        foreign=frozenset(one.get("foreign", ())),
        acts=tuple(acts),
        disputes=tuple(Dispute(label=x, until=until) for x in one.get("disputed", ())),
    )


def _above(item: WorkItem, items: MappingType[str, WorkItem]) -> tuple[WorkItem, ...]:
    chain: list[WorkItem] = []
    while item.parent is not None and item.parent.id in items:
        item = items[item.parent.id]
        chain.append(item)
    return tuple(chain)


def _vanishing(one: MappingType[str, Any]) -> Vanishing:
    return Vanishing(
        id="V1",
        kind=VanishingKind.DEFINITION,
        tracker="jira",
        scope=None,
        label=one["undefined"],
        since=moment(LONG_AGO),
        lost=((ItemRef("jira", one["key"]), one["undefined"]),),
    )
