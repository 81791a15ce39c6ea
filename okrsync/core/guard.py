"""Ask before much changes (LABELS.md 11): limits over a plan, as numbers in, reasons out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

FLOOR = 20
"""Below this many losing items a share says nothing."""


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """The edits that are limited together."""

    tracker: str
    scope: str
    cause: str
    """``work`` or ``goals``: what alone brought the change about."""


@dataclass(slots=True)
class Tally:
    """What a plan would do, counted while it is made."""

    labels: Counter[Group] = field(default_factory=Counter)
    """Labels added or removed."""
    losing: Counter[Group] = field(default_factory=Counter)
    """Items that would lose or swap a label."""
    scope_items: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Items considered, by tracker and scope."""

    def count(self, group: Group, *, labels: int, loses: bool) -> None:
        """Take one edit in."""
        self.labels[group] += labels
        if loses:
            self.losing[group] += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much may change without anybody being asked."""

    max_changes: int = 500
    max_change_percent: float = 30


def refusals(
    tally: Tally,
    limits: Limits,
    *,
    spent: Mapping[tuple[str, str], int],
    approved: Collection[str],
) -> dict[Group, str]:
    """Return the groups that must wait, each with the reason; the rest may go on.

    *spent* counts, by tracker and cause, the labels changed in the last 24 hours; *approved* are
    the trackers that somebody once allowed us to write to.
    """
    waiting = dict(_over_limit(tally, limits, spent))
    for group in sorted(tally.losing):
        why = _over_share(tally, limits, group)
        if why:
            waiting[group] = why
    for group in sorted(tally.labels):
        if group.tracker not in approved:
            waiting[group] = f"nothing was ever written to {group.tracker}; the first time asks"
    return waiting


def _over_limit(
    tally: Tally, limits: Limits, spent: Mapping[tuple[str, str], int]
) -> Iterator[tuple[Group, str]]:
    totals: Counter[tuple[str, str]] = Counter()
    for group, labels in tally.labels.items():
        totals[group.tracker, group.cause] += labels
    for group in sorted(tally.labels):
        total = totals[group.tracker, group.cause]
        before = spent.get((group.tracker, group.cause), 0)
        if total + before > limits.max_changes:
            why = (
                f"{total} labels would change on {group.tracker}, after {before} in the last "
                f"24 hours; the limit is {limits.max_changes} (sync.max_changes)"
            )
            yield group, why


def _over_share(tally: Tally, limits: Limits, group: Group) -> str:
    losing = tally.losing[group]
    items = tally.scope_items[group.tracker, group.scope]
    if losing < FLOOR or not items or losing * 100 <= limits.max_change_percent * items:
        return ""
    return (
        f"{losing} of {items} items in {group.scope} would lose or swap a label "
        f"({losing * 100 // items} %); the limit is {limits.max_change_percent:g} % "
        "(sync.max_change_percent)"
    )
