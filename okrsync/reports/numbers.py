"""Shares of open work and their trend, from the daily snapshots of all work in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okrsync.core.vocabulary import Verdict
from okrsync.reports.value import Alignment, Point, Share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from okrsync.reports.subject import Subject

    Numbers = Mapping[str, Any]
    Counted = tuple[date, Numbers]

COMPANY = ""
"""Stands for the whole in the snapshots."""
_JUDGED = (Verdict.ALIGNED, Verdict.WEAK, Verdict.STALE, Verdict.UNALIGNED)


def alignment(subject: Subject, now: Counted | None, before: Counted | None) -> Alignment:
    """Return how much of the open work reaches an outcome, and how much did before."""
    if now is None:
        return Alignment()
    estimate = _share(subject, now[1].get("estimates", {}))
    return Alignment(
        items=_share(subject, now[1]["verdicts"]),
        estimate=estimate if estimate.judged else None,
        items_before=None if before is None else _share(subject, before[1]["verdicts"]),
        counted_before=None if before is None else before[0],
    )


def trend(subject: Subject, counted: Sequence[Counted]) -> tuple[Point, ...]:
    """Return the share on each of these days, oldest first, where anything was open."""
    shares = {day: _share(subject, numbers["verdicts"]).percent for day, numbers in counted}
    known = ((day, percent) for day, percent in sorted(shares.items()) if percent is not None)
    return tuple(Point(day, percent) for day, percent in known)


def open_for(hypothesis: str, now: Counted | None) -> int:
    """Return how many open items name a hypothesis."""
    efforts: Numbers = {} if now is None else now[1]["hypotheses"]
    effort = efforts.get(hypothesis, {})
    return int(effort.get("todo", 0) + effort.get("doing", 0))


def _share(subject: Subject, by_owner: Mapping[str, Mapping[str, float]]) -> Share:
    owners: Iterable[str] = (COMPANY,) if subject.whole else subject.teams
    counts = [by_owner.get(owner, {}) for owner in owners]
    of = {verdict: sum(each.get(verdict.value, 0) for each in counts) for verdict in Verdict}
    return Share(
        aligned=of[Verdict.ALIGNED],
        judged=sum(of[verdict] for verdict in _JUDGED),
        exempt=of[Verdict.EXEMPT],
    )
