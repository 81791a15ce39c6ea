"""Findings, and mistakes that keep goals from being used, as people and programs read them.

One function a format; each yields lines or makes plain values, and none prints.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okrsync.lint.rule import Severity
from okrsync.lint.rules import rule_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okrsync.core.place import Place, Problem
    from okrsync.lint.rule import Age, Finding
    from okrsync.lint.work import Brief


def as_full(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a finding with what to do about it below, and one line that sums up."""
    counts: Counter[Severity] = Counter()
    for finding in findings:
        counts[finding.severity] += 1
        yield _line(finding)
        yield f"    do: {finding.action}"
        if finding.item is not None:
            yield f'    see: "{finding.item.title}" {finding.item.url or ""}'.rstrip()
        if finding.age is not None:
            yield f"    {_told_age(finding.age)}"
    yield _summed_up(counts)


def as_concise(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield one line a finding and one that sums up."""
    counts: Counter[Severity] = Counter()
    for finding in findings:
        counts[finding.severity] += 1
        yield _line(finding)
    yield _summed_up(counts)


def as_statistics(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield how often each rule spoke, the loudest first."""
    for code, name, count in statistics(findings):
        yield f"{count:>6}  {code}  {name}"


def statistics(findings: Iterable[Finding]) -> list[tuple[str, str, int]]:
    """Return code, name and count of each rule that spoke, the loudest first."""
    counts = Counter(finding.code for finding in findings)
    return [
        (code, _name(code), count)
        for code, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def as_github(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield workflow commands that GitHub shows beside the lines of a change."""
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
    for finding in findings:
        title = f"{finding.code} {_name(finding.code)}"
        told = f"{finding.message} (do: {finding.action})"
        if finding.item is not None and finding.item.url:
            told = f"{told} {finding.item.url}"
        yield _workflow(levels[finding.severity], finding.place, title, told)


def problems_as_text(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield one line a mistake, and one that sums up if there are any."""
    told = list(problems)
    for problem in told:
        hint = f" ({problem.hint})" if problem.hint else ""
        yield f"{problem.place}: error: {problem.message}{hint}"
    if told:
        many = "s" if len(told) > 1 else ""
        yield f"{len(told)} mistake{many}; nothing can be used until mended"


def problems_as_github(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield workflow commands for mistakes."""
    for problem in problems:
        hint = f" ({problem.hint})" if problem.hint else ""
        yield _workflow("error", problem.place, "unusable", f"{problem.message}{hint}")


def summary(findings: Iterable[Finding]) -> str:
    """Return the findings counted in one line."""
    return _summed_up(Counter(finding.severity for finding in findings))


def _summed_up(counts: Counter[Severity]) -> str:
    told = [_counted(counts[severity], severity) for severity in Severity if counts[severity]]
    return ", ".join(told) or "no findings"


def as_values(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Return a JSON object for each finding.

    A line of 0 means the whole file, and no file that it is about work. `goal` is the id of what it
    is about, of an item its key. The first day is null where no store remembers.
    """
    return [
        {
            "code": finding.code,
            "name": _name(finding.code),
            "severity": finding.severity.value,
            "message": finding.message,
            "confidence": finding.confidence and round(finding.confidence, 2),
            **_position(finding.place),
            "goal": finding.goal,
            "action": finding.action,
            "teams": list(finding.teams),
            "item": _item(finding.item),
            **_age(finding.age),
        }
        for finding in findings
    ]


def problems_as_values(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """Return a JSON object for each mistake."""
    return [
        {"message": problem.message, **_position(problem.place), "hint": problem.hint}
        for problem in problems
    ]


def _line(finding: Finding) -> str:
    sure, age = finding.confidence, finding.age
    guessed = "" if sure is None else f" [{sure:.0%} sure]"
    new = " [new]" if age is not None and age.new else ""
    where = str(finding.place) if finding.place.file else finding.goal
    return f"{where}: {finding.code} {finding.severity}: {finding.message}{guessed}{new}"


def _told_age(age: Age) -> str:
    days = f"{age.days} day" if age.days == 1 else f"{age.days} days"
    return f"first seen {age.first_seen}, {days}"


def _item(item: Brief | None) -> dict[str, object] | None:
    if item is None:
        return None
    return {
        "tracker": item.ref.tracker,
        "id": item.ref.id,
        "key": item.key,
        "title": item.title,
        "scope": item.scope,
        "url": item.url,
    }


def _age(age: Age | None) -> dict[str, object]:
    if age is None:
        return {"first_seen": None, "days": None, "new": None}
    return {"first_seen": age.first_seen.isoformat(), "days": age.days, "new": age.new}


def _position(place: Place) -> dict[str, object]:
    return {"file": place.file, "line": place.line, "column": place.column}


def _name(code: str) -> str:
    rule = rule_named(code)
    return rule.name if rule else ""


def _workflow(level: str, place: Place, title: str, message: str) -> str:
    spot = f"file={_property(place.file)}," if place.file else ""
    spot += f"line={place.line},col={place.column}," if place.line else ""
    return f"::{level} {spot}title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _counted(count: int, severity: Severity) -> str:
    plural = "s" if count > 1 and severity is not Severity.ADVICE else ""
    return f"{count} {severity}{plural}"
