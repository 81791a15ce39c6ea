"""The sentences that every form of a report shares, so that no two of them say different things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okrsync.core.goals import Level
from okrsync.reports.value import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from okrsync.reports.value import (
        Alignment,
        Flow,
        Freshness,
        ItemChange,
        KeyResultLine,
        Lesson,
        Notice,
        Point,
        Report,
        Section,
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
FOOTER = "Teams and tickets, never people. No progress here is counted from tickets."
CHOICES = {"kill": "Stopped", "pivot": "Turned"}
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
    told = [_counted(report.due, "decision") + " due"] if report.due else []
    if report.warnings.new.total:
        told.append(_counted(report.warnings.new.total, "new warning"))
    percent, change = answer(report), report.alignment.change
    moved = f" ({change:+d})" if change else ""
    rest = f": {', '.join(told)}" if told else ""
    return f"{percent} of work reaches an outcome{moved}{rest} - {name(report)}, {week(report)}"


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
    return f"of open work reaches an outcome: {items.aligned:g} of {items.judged:g} items"


def change_told(report: Report) -> str:
    """Say how the share moved."""
    change = report.alignment.change
    if change is None:
        return "There is no earlier week to compare with."
    if change == 0:
        return f"as much as on {day(report.since)}"
    points = "point" if abs(change) == 1 else "points"
    return f"{'▲ up' if change > 0 else '▼ down'} {abs(change)} {points} since {day(report.since)}"


def beside_told(alignment: Alignment) -> str:
    """Say the same by estimate, and what counts in neither."""
    told = []
    if alignment.estimate is not None:
        told.append(f"{alignment.estimate.percent}% by estimate")
    if alignment.items is not None and alignment.items.exempt:
        told.append(f"{_counted(int(alignment.items.exempt), 'item')} exempt and not counted")
    return " · ".join(told)


def warnings_told(report: Report) -> str:
    """Count what people have to look at."""
    warnings = report.warnings
    told = [] if report.first else [f"{warnings.new.total} new", f"{warnings.fixed.total} fixed"]
    told.append(f"{warnings.persisting.total} {'open' if report.first else 'persisting'}")
    return f"Warnings: {', '.join(told)}"


def cycle_told(report: Report) -> str:
    """Say where in the cycle people are."""
    if not report.cycle:
        return "between two cycles"
    return f"day {report.cycle_day} of {report.cycle_days} of {report.cycle}"


def trend_told(points: tuple[Point, ...]) -> str:
    """Tell a trend in numbers."""
    return ", ".join(f"{day(point.day)} {point.percent}%" for point in points)


def measure_told(line: KeyResultLine) -> str:
    """Say from where a key result moves to where."""
    unit = line.unit if line.unit == "%" else f" {line.unit}".rstrip()
    if line.baseline is None and line.target is None:
        return "no value noted yet" if line.now is None else f"now {line.now:g}{unit}"
    now = "no value yet" if line.now is None else f"now {line.now:g}"
    start = "no baseline" if line.baseline is None else f"{line.baseline:g}"
    target = "no target" if line.target is None else f"{line.target:g}{unit}"
    return f"{start} → {now} → {target}"


def movement_told(line: KeyResultLine) -> str:
    """Say how the value moved since the week before; nothing where that is not known."""
    if line.now is None or line.value_before is None or line.now == line.value_before:
        return ""
    return f"{line.now - line.value_before:+g} this week"


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
    items = _counted(flow.count, "item")
    if flow.before == flow.after:
        return f"{items}: still {flow.after}, for other goals"
    return f"{items}: {flow.before} → {flow.after}"


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
    return f"and {_counted(hidden, 'more key result')} (`okrsync okrs tree`)" if hidden else ""


def sections(report: Report) -> list[tuple[str, Section]]:
    """Return the parts that warnings are told in; in a first report nothing is new."""
    warnings = report.warnings
    if report.first:
        return [("Open", warnings.persisting)]
    return [
        ("New", warnings.new),
        ("Fixed", warnings.fixed),
        ("Persisting", warnings.persisting),
    ]


def lesson_told(lesson: Lesson) -> str:
    """Say what a decision was for."""
    told = [f"{CHOICES[lesson.choice]} on {day(lesson.day)}"]
    if lesson.because:
        told.append(f"because {lesson.because[0].lower()}{lesson.because[1:].rstrip('.')}")
    ends = [f"It saved {lesson.saved.rstrip('.')}."] if lesson.saved else []
    if lesson.frees:
        ends.append(f"{_counted(lesson.frees, 'open item')} may stop with it.")
    return " ".join([f"{' '.join(told)}.", *ends])


def more_told(section: Section) -> str:
    """Say how many are not shown here."""
    told = []
    if section.elsewhere:
        told.append(f"{section.elsewhere} told above")
    if section.more:
        told.append(f"{section.more} more in `okrsync check --work`")
    return " and ".join(told)


def title_of(notice: Notice) -> str:
    """Return an item's title, unless the message says it as well."""
    return "" if notice.title in notice.message else notice.title


def is_named_before(notice: Notice) -> bool:
    """Tell whether the subject's name stands before the message, or the message names it enough."""
    begins = notice.message.startswith(f"{notice.subject} ")
    return notice.url is not None or begins or notice.subject not in notice.message


def message_of(notice: Notice) -> str:
    """Return the message, to follow the subject's name and title."""
    if not is_named_before(notice):
        return step_of(notice)
    rest = notice.message.removeprefix(f"{notice.subject} ")
    joint = "" if rest != notice.message and not title_of(notice) else ": "
    return f"{joint or ' '}{rest}"


def step_of(notice: Notice) -> str:
    """Return the message as a sentence of its own."""
    return notice.message[:1].upper() + notice.message[1:]


def age_told(notice: Notice) -> str:
    """Say since when something is there."""
    return "since today" if notice.days == 0 else f"for {_counted(notice.days, 'day')}"


def freshness_told(freshness: Freshness) -> str:
    """Say how old the data are."""
    if freshness.as_of is None:
        return "Not everything has been read yet."
    counted = f"; work counted on {day(freshness.counted)}" if freshness.counted else ""
    return f"Trackers read up to {moment(freshness.as_of)}{counted}."


def pieces(told: str) -> Iterator[tuple[bool, str]]:
    """Cut a text at its backticks; yield whether a piece is a command, and the piece."""
    for place, piece in enumerate(_COMMAND.split(told)):
        if piece:
            yield place % 2 == 1, piece


def _ago(days: int) -> str:
    return "yesterday" if days == 1 else f"{days} days ago"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
