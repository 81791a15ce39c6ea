"""Reports as plain text and as Markdown: the same lines in two dialects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from okrsync.reports import notice_words, phrases
from okrsync.reports.texts import right_to_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.reports.key_results import KeyResultLine
    from okrsync.reports.notice_words import Sentence
    from okrsync.reports.value import Notice, Report, Section

ISOLATE, END = "\u2068", "\u2069"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&])")
BAR = 20


class Dialect(Protocol):
    """How a kind of plain text shows things."""

    def heading(self, text: str, level: int) -> str:
        """Show a heading."""

    def told(self, text: str) -> str:
        """Show what other people wrote."""

    def ours(self, text: str) -> str:
        """Show a sentence of ours, with commands between backticks."""

    def strong(self, text: str) -> str:
        """Show what other people wrote and the eye should find."""

    def link(self, text: str, url: str | None) -> str:
        """Show a name that leads somewhere."""

    def together(self, *lines: str) -> str:
        """Show lines of one thing, each on a line of its own."""


class Text:
    """Plain text, as in the text part of a mail."""

    def heading(self, text: str, level: int) -> str:
        """Show a heading."""
        return f"{self.told(text)}\n{'=' * len(text)}" if level == 1 else text.upper()

    def told(self, text: str) -> str:
        """Show what other people wrote, so that its direction stays its own."""
        return f"{ISOLATE}{text}{END}" if right_to_left(text) else text

    def ours(self, text: str) -> str:
        """Show a sentence of ours."""
        return self.told(text)

    def strong(self, text: str) -> str:
        """Show a name."""
        return self.told(text)

    def link(self, text: str, url: str | None) -> str:
        """Show a name and where it leads."""
        return f"{self.told(text)} <{url}>" if url else self.told(text)

    def together(self, *lines: str) -> str:
        """Show lines below each other."""
        return "\n".join(lines)


class Markdown:
    """Markdown, in which nothing that other people wrote is markup."""

    def heading(self, text: str, level: int) -> str:
        """Show a heading."""
        return f"{'#' * level} {self.told(text)}"

    def told(self, text: str) -> str:
        """Show what other people wrote."""
        return _SPECIAL.sub(r"\\\1", text)

    def ours(self, text: str) -> str:
        """Show a sentence of ours."""
        shown = (f"`{p}`" if command else self.told(p) for command, p in phrases.pieces(text))
        return "".join(shown)

    def strong(self, text: str) -> str:
        """Show a name."""
        return f"**{self.told(text)}**"

    def link(self, text: str, url: str | None) -> str:
        """Show a name that leads somewhere."""
        return f"[{self.told(text)}](<{url}>)" if url else f"**{self.told(text)}**"

    def together(self, *lines: str) -> str:
        """Show lines below each other; two spaces keep them from running into one."""
        return "  \n".join(lines)


def plain(report: Report, dialect: Dialect) -> str:
    """Return the whole report."""
    return "\n".join(_lines(report, dialect)) + "\n"


def _lines(report: Report, d: Dialect) -> Iterator[str]:
    title = f"Weekly alignment of {phrases.name(report)}, {phrases.week(report)}"
    yield d.heading(title, 1)
    yield d.told(phrases.cycle_told(report))
    yield ""
    yield d.together(*_answer(report, d))
    yield from _first_steps(report, d)
    yield from _outcomes(report, d)
    yield from _changes(report, d)
    yield from _decisions(report, d)
    yield from _warnings(report, d)
    yield from _stop(report, d)
    yield from _freshness(report, d)


def _answer(report: Report, d: Dialect) -> Iterator[str]:
    yield f"{d.strong(phrases.answer(report))} {phrases.answer_told(report)}"
    told = [phrases.change_told(report), phrases.beside_told(report.alignment)]
    yield " · ".join(each for each in told if each)
    yield phrases.key_results_told(report)
    yield phrases.warnings_told(report)
    if report.freshness.troubles:
        yield phrases.trouble_told(report)
    if len(report.trend) > 1:
        yield f"Trend: {phrases.trend_told(report.trend)}"


def _first_steps(report: Report, d: Dialect) -> Iterator[str]:
    yield from ("", d.heading("First this week", 2), "")
    if not report.first_steps:
        yield phrases.NOTHING_FIRST
    for place, notice in enumerate(report.first_steps, 1):
        told = notice_words.step(notice, report)
        said = f"{place}. {_sentence(told, notice.url, d)}{_of(notice.teams, d)}"
        yield d.together(said, f"   → {d.ours(notice_words.action_in_short(notice))}")


def _of(teams: str, d: Dialect) -> str:
    return f" ({d.told(teams)})" if teams else ""


def _outcomes(report: Report, d: Dialect) -> Iterator[str]:
    yield from ("", d.heading("Key results", 2), "", phrases.key_results_told(report))
    for objective in report.objectives:
        owners = f" ({d.told(objective.owners)})" if objective.owners else ""
        yield from ("", f"{d.strong(objective.title)}{owners} {d.told(objective.id)}")
        for line in objective.key_results:
            yield d.together(*_key_result(line, report, d))
    hidden = phrases.key_results_hidden(report)
    if hidden:
        yield from ("", d.ours(hidden))


def _key_result(line: KeyResultLine, report: Report, d: Dialect) -> Iterator[str]:
    indicator = f" ({line.indicator})" if line.indicator else ""
    yield f"- {d.strong(line.id)}{indicator}: {d.told(line.text)}"
    movement = phrases.movement_told(line, report)
    yield f"  {_bar(line)}{d.told(phrases.measure_told(line))}{f' · {movement}' * bool(movement)}"
    yield f"  {phrases.MARKS[line.standing]} {phrases.standing_told(line)}"


def _bar(line: KeyResultLine) -> str:
    if line.way is None:
        return ""
    full = round(line.way * BAR)
    return f"{'█' * full}{'░' * (BAR - full)} "


def _changes(report: Report, d: Dialect) -> Iterator[str]:
    changes = report.changes
    yield from ("", d.heading("What changed", 2), "")
    if not changes.goals and not changes.flows:
        yield phrases.nothing_changed(report)
    for change in changes.goals:
        why = f" – {d.told(change.why)}" if change.why else ""
        yield f"- {d.strong(change.goal)}: {d.told(change.what)}{why}"
    if changes.goals_in_all > len(changes.goals):
        yield f"- {phrases.goal_changes_hidden(report)}"
    for flow in changes.flows:
        yield f"- {phrases.flow_told(flow)}"
    if changes.items:
        yield from ("", phrases.items_told(changes), "")
    for item in changes.items:
        told = d.told(phrases.item_change_told(item))
        yield f'- {d.link(item.key, item.url)} "{d.told(item.title)}": {told}; {d.told(item.why)}'


def _decisions(report: Report, d: Dialect) -> Iterator[str]:
    yield from ("", d.heading("Decisions due", 2), "")
    if not report.due:
        yield "None."
    yield from _notices(report.decisions, d)
    if report.reflect.shown:
        yield from ("", d.heading("Pause and reflect: busy, and not moving", 3), "")
        yield from _notices(report.reflect, d)
        yield from ("", " ".join(phrases.QUESTIONS))


def _warnings(report: Report, d: Dialect) -> Iterator[str]:
    yield from ("", d.heading("Warnings", 2))
    for title, section in notice_words.sections(report):
        yield from ("", d.heading(f"{title}: {section.total}", 3))
        if section.total:
            yield ""
        yield from _notices(section, d)


def _notices(section: Section, d: Dialect) -> Iterator[str]:
    for notice in section.shown:
        yield d.together(*_notice(notice, d))
    more = notice_words.more(section)
    if more:
        yield f"- {d.ours(more)}"


def _notice(notice: Notice, d: Dialect) -> Iterator[str]:
    told = notice_words.sentence(notice)
    yield f"- {_sentence(told, notice.url, d)} ({d.told(notice_words.aside(notice))})"
    if notice.action:
        yield f"  → {d.ours(notice.action)}"


def _sentence(told: Sentence, url: str | None, d: Dialect) -> str:
    name = d.link(told.name, url)
    title = f' "{d.told(told.title)}"' if told.title else ""
    return f"{d.ours(told.before)}{name}{title}{d.ours(told.after)}"


def _stop(report: Report, d: Dialect) -> Iterator[str]:
    yield from ("", d.heading("What to stop", 2), "")
    if told := notice_words.stop_told(report):
        yield told
    yield from _notices(report.stop, d)
    if report.lessons:
        yield from ("", d.heading("What we learnt", 2), "")
    for lesson in report.lessons:
        said = f"  {d.told(notice_words.lesson_told(lesson))}"
        yield d.together(f"- {d.strong(lesson.id)}: {d.told(lesson.text)}", said)
    if more := notice_words.lessons_hidden(report):
        yield f"- {more}"


def _freshness(report: Report, d: Dialect) -> Iterator[str]:
    yield from ("", d.heading("How fresh this is", 2), "")
    yield phrases.freshness_told(report.freshness)
    for trouble in report.freshness.troubles:
        yield f"- {d.ours(trouble)}"
    if more := phrases.troubles_hidden(report.freshness):
        yield f"- {more}"
    yield ""
    yield phrases.FOOTER
