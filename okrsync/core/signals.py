"""What an item says at its own level: every signal, and who took goals away (LABELS.md 6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from okrsync.core.ledger import Act, ActKind, ItemState, Origin, Voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okrsync.core.matching import Match, Matcher
    from okrsync.core.names import Names
    from okrsync.core.work import WorkItem
    from okrsync.core.written import Named, Written


class SignalKind(StrEnum):
    """Where a belief about an item comes from, strongest first."""

    EXPLICIT = "explicit"
    FIELD = "field"
    MENTION = "mention"
    RULE = "rule"
    FOUND = "found"


STRENGTH = {
    SignalKind.EXPLICIT: 0,
    SignalKind.FIELD: 1,
    SignalKind.MENTION: 2,
    SignalKind.RULE: 3,
    SignalKind.FOUND: 3,
}
"""Smaller is stronger; a mapping rule and a found label weigh the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One reason to believe that an item serves a goal."""

    kind: SignalKind
    goal: str
    because: str
    learning: bool = False
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWord:
    """What an item says at its own level, before anything is inherited."""

    item: WorkItem
    signals: tuple[Signal, ...]
    """All of them, strongest first."""
    exempt: Match | None
    """The exempting rule that is the first rule to match."""
    fallback: Match | None
    """The first exempting rule that matches at all; it decides where signals are vetoed whole."""
    vetoes: frozenset[str]
    """Goal ids."""

    @property
    def silent(self) -> bool:
        """Whether nothing at all speaks here, so that the item inherits."""
        return not self.signals and self.exempt is None

    @property
    def strongest(self) -> tuple[Signal, ...]:
        """The signals of the strongest kind, explicit ones newest first."""
        if len(self.signals) < 2:
            return self.signals
        best = STRENGTH[self.signals[0].kind]
        return tuple([s for s in self.signals if STRENGTH[s.kind] == best])


def own_word(
    item: WorkItem,
    state: ItemState,
    above: Sequence[WorkItem],
    *,
    matcher: Matcher,
    written: Written,
) -> OwnWord:
    """Collect an item's own signals; *above* are its ancestors, nearest first."""
    matches = matcher.matching(matcher.facts(item, above))
    first = next(matches, None)
    signals = tuple(_signals(item, state, first, written))
    exempt = first if first is not None and first.rule.exempt is not None else None
    return OwnWord(
        item=item,
        signals=signals,
        exempt=exempt,
        fallback=exempt or (_exempting(matches) if signals else None),
        vetoes=vetoes(state, written.names),
    )


def _signals(
    item: WorkItem, state: ItemState, first: Match | None, written: Written
) -> Iterator[Signal]:
    """Yield them strongest first; most items have none of most kinds."""
    if state.acts:
        yield from _explicit(state, written.names)
    if item.fields:
        yield from _named(SignalKind.FIELD, written.in_field(item))
    if written.mentions is not None:
        yield from _named(SignalKind.MENTION, written.in_prose(item))
    if first is not None:
        yield from _of_rule(first, written.names)
    if state.rows:
        yield from _found(state, written.names)


def _exempting(matches: Iterable[Match]) -> Match | None:
    return next((match for match in matches if match.rule.exempt is not None), None)


def newest_acts(state: ItemState, names: Names) -> dict[str, Act]:
    """Return the newest act about each existing goal, by goal id."""
    newest: dict[str, Act] = {}
    for act in state.acts:
        goal = names.goal_id(act.goal)
        if goal is not None:
            newest[goal] = act
    return newest


def vetoes(state: ItemState, names: Names) -> frozenset[str]:
    """Return the goals that a person took away from the item."""
    if not state.acts:
        return frozenset()
    newest = newest_acts(state, names)
    return frozenset(goal for goal, act in newest.items() if act.kind is ActKind.VETO)


def _explicit(state: ItemState, names: Names) -> Iterator[Signal]:
    linked = [
        (act, goal) for goal, act in newest_acts(state, names).items() if act.kind is ActKind.LINK
    ]
    for act, goal in sorted(linked, key=lambda pair: pair[0].at, reverse=True):
        yield Signal(kind=SignalKind.EXPLICIT, goal=goal, because=_said(act))


def _said(act: Act) -> str:
    if act.voice is Voice.LABEL:
        return f"a person put its label on the item on {act.at:%Y-%m-%d}"
    reason = f": {act.because}" if act.because else ""
    return f"linked by hand on {act.at:%Y-%m-%d}{reason}"


def _named(kind: SignalKind, found: Iterable[Named]) -> Iterator[Signal]:
    return (Signal(kind=kind, goal=each.goal, because=each.because) for each in found)


def _of_rule(match: Match, names: Names) -> Iterator[Signal]:
    if match.rule.exempt is not None:
        return
    for word in match.rule.serves:
        goal = names.goal_id(word)
        if goal is not None:
            yield Signal(
                kind=SignalKind.RULE,
                goal=goal,
                because=f"rule {match.rule.id}: {match.because}",
                learning=match.rule.learning,
                rule=match.rule.id,
            )


def _found(state: ItemState, names: Names) -> Iterator[Signal]:
    for row in state.rows:
        goal = names.of_row(row) if row.origin is Origin.FOUND else None
        if goal is not None:
            yield Signal(
                kind=SignalKind.FOUND, goal=goal, because=f"it came with the label {row.label}"
            )
