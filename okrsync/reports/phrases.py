"""The sentences that every form of a report shares, so that no two of them say different things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okrsync.core.goals import Level
from okrsync.core.numerals import number
from okrsync.reports.key_results import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from okrsync.reports.key_results import KeyResultLine
    from okrsync.reports.value import (
        Alignment,
        Changes,
        Flow,
        Freshness,
        ItemChange,
        Point,
        Report,
    )

MARKS = {
    Standing.LIKELY: "●",
    Standing.UNSURE: "◐",
    Standing.UNLIKELY: "▲",
    Standing.NOT_SAID: "○",
    Standing.SILENT: "○",
}
"""A shape for each standing, so that none is told by its colour alone."""

QUESTIONS = (
    "What have we done?",
    "What worked, and what did not?",
    "What do we know now?",
    "What do we need to find out?",
)
NOTHING_FIRST = "Nothing has to be decided, stopped or mended."
FOOTER = "Teams and tickets, never people. No progress here is counted from tickets."
_COMMAND = re.compile(r"`([^`]*)`")


def name(report: Report) -> str:
    """Name whom it is about."""
    about = report.about
    return "the company" if about.level is Level.COMPANY else about.name or about.id


def week(report: Report) -> str:
    """Name the week."""
    return f"week {int(report.period[-2:])}, {report.period[:4]}"


def day(at: date) -> str:
    """Tell a day, such as 3 Nov."""
    return f"{at.day} {at:%b}"


def moment(at: datetime) -> str:
    """Tell a moment where the organisation is."""
    return f"{day(at)} {at.year}, {at:%H:%M} {at:%Z}".rstrip()


def subject(report: Report) -> str:
    """Return the subject of a mail: the answer first."""
    told = [counted(report.due, "decision") + " due"] if report.due else []
    if report.warnings.new.total:
        told.append(counted(report.warnings.new.total, "new warning"))
    rest = f": {', '.join(told)}" if told else ""
    number_of_week = week(report).partition(",")[0]
    return f"{_answer_in_short(report)}{rest} - {name(report)}, {number_of_week}"


def answer(report: Report) -> str:
    """Return the share, in a word."""
    items = report.alignment.items
    return "?" if items is None or items.percent is None else f"{items.percent}%"


def answer_told(report: Report) -> str:
    """Say what the share is of."""
    items = report.alignment.items
    if items is None:
        return "not all work has been read, so its share is not known"
    if items.percent is None:
        return "nothing is open that should reach an outcome"
    aligned, judged = number(items.aligned), counted(int(items.judged), "item")
    return f"of open work reaches an outcome: {aligned} of {judged}"


def change_told(report: Report) -> str:
    """Say how the share moved."""
    change = report.alignment.change
    if change is None:
        return "Nothing earlier to compare with"
    moved = f"{'▲ up' if change > 0 else '▼ down'} {counted(abs(change), 'point')}"
    return f"{moved if change else 'No change'} since {_since_told(report)}"


def beside_told(alignment: Alignment) -> str:
    """Say the same by estimate, and what counts in neither."""
    told = []
    if alignment.estimate is not None:
        told.append(f"{alignment.estimate.percent}% by estimate")
    if alignment.items is not None and alignment.items.exempt:
        told.append(f"{counted(int(alignment.items.exempt), 'item')} exempt and not counted")
    return " · ".join(told)


def warnings_told(report: Report) -> str:
    """Count what people have to look at."""
    warnings = report.warnings
    told = [] if report.first else [f"{warnings.new.total} new", f"{warnings.fixed.total} fixed"]
    told.append(f"{warnings.persisting.total} {'open' if report.first else 'persisting'}")
    return f"Warnings: {', '.join(told)}"


def key_results_told(report: Report) -> str:
    """Say how the key results stand, the worst first."""
    if not report.standings:
        return "No key result is under way"
    told = (f"{MARKS[each.standing]} {each.count} {each.standing}" for each in report.standings)
    above = " above, none of its own" if report.borrowed else ""
    return f"{counted(report.key_results_in_all, 'key result')}{above}: {', '.join(told)}"


def trouble_told(report: Report) -> str:
    """Warn that not all can be relied on; nothing where it can."""
    many = report.freshness.troubles_in_all
    return f"▲ {counted(many, 'problem')} with the data, told at the end" if many else ""


def cycle_told(report: Report) -> str:
    """Say where in the cycle people are."""
    if not report.cycle:
        return "between two cycles"
    return f"cycle {report.cycle}, day {report.cycle_day} of {report.cycle_days}"


def trend_told(points: tuple[Point, ...]) -> str:
    """Tell a trend in numbers."""
    return ", ".join(f"{day(point.day)} {point.percent}%" for point in points)


def measure_told(line: KeyResultLine) -> str:
    """Say from where a key result moves to where."""
    if line.baseline is None and line.target is None:
        return "no value yet" if line.now is None else f"now {_value(line.now, line.unit)}"
    sign = line.unit if line.unit == "%" else ""  # a word is said once, at the end
    now = "no value yet" if line.now is None else f"now {_value(line.now, sign)}"
    start = "no baseline" if line.baseline is None else _value(line.baseline, sign)
    target = "no target" if line.target is None else _value(line.target, line.unit)
    return f"{start} → {now} → {target}"


def movement_told(line: KeyResultLine, report: Report) -> str:
    """Say how the value moved since then; nothing where that is not known."""
    if line.now is None or line.value_before is None or line.now == line.value_before:
        return ""
    moved = line.now - line.value_before
    points = " points" if line.unit == "%" else ""
    return f"{'+' if moved > 0 else '-'}{number(abs(moved))}{points} since {day(report.since)}"


def standing_told(line: KeyResultLine) -> str:
    """Say how a key result stands."""
    if line.silent_days is None:
        return "no check-in yet"
    if line.standing is Standing.SILENT:
        return f"no check-in for {line.silent_days} days"
    told = "today" if not line.silent_days else _ago(line.silent_days)
    if line.confidence is None:
        return f"confidence not said, checked in {told}"
    return f"{line.standing.value}, confidence {line.confidence:.0%}, checked in {told}"


def flow_told(flow: Flow) -> str:
    """Say how many items are judged otherwise."""
    items = counted(flow.count, "item")
    if flow.before == flow.after:
        return f"{items}: still {flow.after}, for other goals"
    return f"{items}: {flow.before} → {flow.after}"


def items_told(changes: Changes) -> str:
    """Say which of the items that are judged otherwise follow."""
    shown, every = len(changes.items), changes.items_in_all
    return f"{shown} of these {every} items:" if shown < every else "In detail:"


def item_change_told(change: ItemChange) -> str:
    """Say what an item was and is now."""
    before, now = ", ".join(change.goals_before), ", ".join(change.goals)
    was = change.verdict_before + (f" ({before})" if before else "")
    return f"{was} → {change.verdict}{f' ({now})' if now else ''}"


def nothing_changed(report: Report) -> str:
    """Say that nothing is otherwise, or why that is not known."""
    if report.first:
        return "This is the first report; the next one tells what changed."
    return "Nothing about goals, links or verdicts."


def key_results_hidden(report: Report) -> str:
    """Say how many key results are not shown; nothing where all are."""
    shown = sum(len(objective.key_results) for objective in report.objectives)
    hidden = report.key_results_in_all - shown
    return (
        f"Shown are those that stand worst; {hidden} more in `okrsync okrs tree`" if hidden else ""
    )


def goal_changes_hidden(report: Report) -> str:
    """Say how many changes of goals are not shown; nothing where all are."""
    changes = report.changes
    hidden = changes.goals_in_all - len(changes.goals)
    return f"and {counted(hidden, 'more change')} of goals" if hidden else ""


def freshness_told(freshness: Freshness) -> str:
    """Say how old the data are."""
    if freshness.as_of is None:
        return "Not everything has been read yet."
    counted = f"; work counted on {day(freshness.counted)}" if freshness.counted else ""
    return f"Trackers read up to {moment(freshness.as_of)}{counted}."


def troubles_hidden(freshness: Freshness) -> str:
    """Say how many troubles are not shown; nothing where all are."""
    hidden = freshness.troubles_in_all - len(freshness.troubles)
    return f"and {counted(hidden, 'more problem')}" if hidden else ""


def pieces(told: str) -> Iterator[tuple[bool, str]]:
    """Cut a text at its backticks; yield whether a piece is a command, and the piece."""
    for place, piece in enumerate(_COMMAND.split(told)):
        if piece:
            yield place % 2 == 1, piece


def counted(count: int, word: str) -> str:
    """Return so many of something."""
    return f"{number(count)} {word}" if count == 1 else f"{number(count)} {word}s"


def with_unit(told: str, unit: str) -> str:
    """Return a number with its unit."""
    return f"{told}{unit}" if unit == "%" else f"{told} {unit}".rstrip()


def joined(*sentences: str) -> str:
    """Return what people wrote in several places as one text."""
    told = [each.strip() for each in sentences if each.strip()]
    ended = [each if each[-1] in ".!?…" else f"{each}." for each in told[:-1]]
    return " ".join([*ended, *told[-1:]])


def _answer_in_short(report: Report) -> str:
    items, change = report.alignment.items, report.alignment.change
    if items is None:
        return "Not all work has been read"
    if items.percent is None:
        return "No open work should reach an outcome"
    moved = f" ({change:+d})" if change else ""
    return f"{items.percent}% of work reaches an outcome{moved}"


def _since_told(report: Report) -> str:
    counted_on = report.alignment.counted_before
    if counted_on is not None and counted_on != report.since:
        return day(counted_on)
    since = day(report.since)
    return f"the last report, of {since}" if report.follows else f"{since}, a week ago"


def _value(value: float, unit: str) -> str:
    return with_unit(number(value), unit)


def _ago(days: int) -> str:
    return "yesterday" if days == 1 else f"{days} days ago"
