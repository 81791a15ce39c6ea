"""The sentences about one finding, or a section of them, that every form of a report shares.

A finding's message mostly names what it is about. There the name becomes the link, and the title
follows it once, so that nothing is said twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from okrsync.reports.notices import NAME
from okrsync.reports.phrases import counted, day
from okrsync.reports.texts import clean

if TYPE_CHECKING:
    from okrsync.reports.value import Lesson, Notice, Report, Section

COMPANY = "company"
CHOICES = {"kill": "Stopped", "pivot": "Turned"}
_FROM_COMMAND = re.compile(r":\s*`okrsync [^`]*`.*")
_COMMAND = re.compile(r",?\s*`okrsync [^`]*`")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said about a subject, around its name."""

    before: str
    name: str
    title: str
    """Between quotation marks after the name; empty where the message says it."""
    after: str


def sentence(notice: Notice) -> Sentence:
    """Return a finding as a sentence that can stand alone."""
    found = re.search(rf"(?<![\w-]){re.escape(notice.subject)}(?![\w-])", notice.message)
    lead = "No longer: " if notice.gone else ""
    title = "" if notice.title in notice.message else notice.title
    if found is None:
        name = "The company" if notice.subject == COMPANY else notice.subject
        return Sentence(lead, name, title, f": {notice.message}")
    before, after = notice.message[: found.start()], notice.message[found.end() :]
    if not lead:
        before = before[:1].upper() + before[1:]
    return Sentence(f"{lead}{before}", notice.subject, title, after)


def step(notice: Notice, report: Report) -> Sentence:
    """Return the same to stand before the list of key results, which says what they are."""
    lines = (line for objective in report.objectives for line in objective.key_results)
    text = next((line.text for line in lines if line.id == notice.subject), "")
    return sentence(replace(notice, title=clean(text, NAME)) if text else notice)


def action_in_short(notice: Notice) -> str:
    """Return the action without its command, which stands further down."""
    return _COMMAND.sub("", _FROM_COMMAND.sub("", notice.action))


def aside(notice: Notice) -> str:
    """Say whom it concerns, by which rule, and since when it is known."""
    return ", ".join(each for each in (notice.teams, notice.code, _age(notice)) if each)


def sections(report: Report) -> list[tuple[str, Section]]:
    """Return the parts that warnings are told in; in a first report nothing is new."""
    warnings = report.warnings
    if report.first:
        return [("Open", warnings.persisting)]
    since = f"since {day(report.since)}"
    return [
        (f"New {since}", warnings.new),
        (f"Fixed {since}", warnings.fixed),
        ("Persisting", warnings.persisting),
    ]


def more(section: Section) -> str:
    """Say how many are not shown here."""
    told = []
    if section.elsewhere:
        told.append(f"{section.elsewhere} told in other parts")
    if section.more:
        gone = all(each.gone for each in section.shown)
        told.append(f"{section.more} more{'' if gone else ' in `okrsync check --work`'}")
    return " and ".join(told)


def stop_told(report: Report) -> str:
    """Say how much work could stop, or that none of it is large."""
    stop = report.stop
    if not stop.total:
        return "No large effort goes on that serves no goal."
    if not stop.amount.items:
        return ""
    efforts, items = counted(stop.total, "effort"), counted(stop.amount.items, "open item")
    return f"{efforts} with {items} in all, the largest first."


def lesson_told(lesson: Lesson) -> str:
    """Say what a decision was for."""
    told = [f"{CHOICES[lesson.choice]} on {day(lesson.day)}"]
    if lesson.because:
        told.append(f"because {_within(lesson.because)}")
    ends = [f"It saved {_within(lesson.saved)}."] if lesson.saved else []
    if lesson.frees:
        ends.append(f"{counted(lesson.frees, 'open item')} may stop with it.")
    return " ".join([f"{' '.join(told)}.", *ends])


def lessons_hidden(report: Report) -> str:
    """Say how many lessons are not shown; nothing where all are."""
    hidden = report.lessons_in_all - len(report.lessons)
    return f"and {counted(hidden, 'older lesson')}" if hidden else ""


def _age(notice: Notice) -> str:
    if notice.gone:
        days = counted(notice.days, "day") if notice.days else "less than a day"
        return f"was open for {days}"
    return f"open for {counted(notice.days, 'day')}" if notice.days else "first seen today"


def _within(told: str) -> str:
    """Return a sentence to stand within another; an abbreviation keeps its capitals."""
    small = told[:1].lower() + told[1:] if told[1:2].islower() or told[1:2] == " " else told
    return small.rstrip(".")
