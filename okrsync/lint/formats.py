"""Findings as text, one line each, and as plain values for JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okrsync.lint.rule import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okrsync.lint.rule import Finding


def as_text(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield a line for each finding and one that sums up."""
    for finding in findings:
        yield (
            f"{finding.place}: {finding.code} {finding.severity}: {finding.message} "
            f"(do: {finding.action})"
        )
    yield summary(findings)


def summary(findings: Iterable[Finding]) -> str:
    """Return the findings counted in one line."""
    counts = Counter(finding.severity for finding in findings)
    told = [_counted(counts[severity], severity) for severity in Severity if counts[severity]]
    return ", ".join(told) or "no findings"


def as_values(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Return a JSON object for each finding; a line of 0 means the whole file."""
    return [
        {
            "code": finding.code,
            "severity": finding.severity.value,
            "message": finding.message,
            "file": finding.place.file,
            "line": finding.place.line,
            "column": finding.place.column,
            "goal": finding.goal,
            "action": finding.action,
        }
        for finding in findings
    ]


def _counted(count: int, severity: Severity) -> str:
    plural = "s" if count > 1 and severity is not Severity.ADVICE else ""
    return f"{count} {severity}{plural}"
