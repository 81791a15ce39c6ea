"""How much of the open work is mapped, by what, and where the largest unmapped clusters are."""

from __future__ import annotations

import re
import shlex
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.app.planning import judged_items
from okrsync.core.vocabulary import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.app.context import Context
    from okrsync.app.judging import Judged
    from okrsync.app.strategy import Strategy

_KEYS = {"project": "project", "epic": "parent", "component": "component", "label": "label"}
"""What unmapped work has in common -> the key of a rule that maps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Open work that nothing maps and that has one thing in common."""

    by: str
    """project, epic, component or label."""
    tracker: str
    name: str
    items: int
    command: str
    """Maps it, once the goal is filled in."""


@dataclass(slots=True, kw_only=True)
class Coverage:
    """All open work in numbers."""

    items: int = 0
    unmapped: int = 0
    by_signal: Counter[str] = field(default_factory=Counter)
    """The strongest signal; `inherited`, `exempt` and `none` where the item itself has none."""
    by_verdict: Counter[str] = field(default_factory=Counter)
    by_scope: defaultdict[tuple[str, str], Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    """Tracker and scope -> verdicts."""
    by_team: defaultdict[str | None, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    """Team -> verdicts; None where no team is known."""
    clusters: tuple[Cluster, ...] = ()
    """The largest of each sort, largest first."""


def coverage(ctx: Context, strategy: Strategy, *, largest: int = 5) -> Coverage:
    """Look at all open items; *largest* limits the clusters of each sort."""
    found = Coverage()
    shared: dict[str, Counter[tuple[str, str]]] = {sort: Counter() for sort in _KEYS}
    for judged in judged_items(ctx, strategy, list(ctx.scopes())):
        if judged.alone or judged.item.category.ended:
            continue
        verdict = judged.judgement.verdict.value
        found.items += 1
        found.by_verdict[verdict] += 1
        found.by_signal[_signal(judged)] += 1
        found.by_scope[judged.item.ref.tracker, judged.item.scope][verdict] += 1
        found.by_team[strategy.court.matcher.team_of(judged.item)][verdict] += 1
        if _is_unmapped(judged):
            found.unmapped += 1
            for sort, name in _in_common(judged, ctx):
                shared[sort][judged.item.ref.tracker, name] += 1
    found.clusters = tuple(_clusters(shared, strategy, largest))
    return found


def _signal(judged: Judged) -> str:
    judgement = judged.judgement
    if judgement.exempt is not None:
        return "exempt"
    if not judgement.signals:
        return "none"
    return "inherited" if judgement.source is not None else judgement.signals[0].kind.value


def _is_unmapped(judged: Judged) -> bool:
    judgement = judged.judgement
    return judgement.verdict is Verdict.UNALIGNED and not judgement.vetoed


def _in_common(judged: Judged, ctx: Context) -> Iterator[tuple[str, str]]:
    item = judged.item
    if item.projects:
        yield "project", item.projects[0]
    if item.parent is not None and judged.above:
        yield "epic", judged.above[0].key
    yield from (("component", name) for name in item.components)
    yield from (("label", name) for name in ctx.vocabulary.without(item.labels))


def _clusters(
    shared: dict[str, Counter[tuple[str, str]]], strategy: Strategy, largest: int
) -> Iterator[Cluster]:
    taken = {rule.id.casefold() for rule in strategy.mapping.rules}
    for sort, counts in shared.items():
        in_order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        for (tracker, name), items in in_order[:largest]:
            command = _command(_KEYS[sort], tracker, name, taken)
            yield Cluster(by=sort, tracker=tracker, name=name, items=items, command=command)


def _command(key: str, tracker: str, name: str, taken: set[str]) -> str:
    words = ["okrsync", "map", "add", _free_id(name, taken)]
    words += ["--when", f"tracker={tracker}", "--when", f"{key}={name}", "--serves", "GOAL"]
    return shlex.join(words)


def _free_id(name: str, taken: set[str]) -> str:
    plain = re.sub(r"\W+", "-", name.casefold()).strip("-") or "rule"
    found, number = plain, 1
    while found in taken:
        number += 1
        found = f"{plain}-{number}"
    return found
