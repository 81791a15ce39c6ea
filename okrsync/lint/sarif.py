"""Findings as SARIF 2.1.0, which code hosts and editors read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from okrsync.lint.rule import Severity
from okrsync.lint.rules import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okrsync.core.place import Place, Problem
    from okrsync.lint.rule import Finding, Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
UNUSABLE = "unusable"
"""What a mistake that keeps goals from being used is called where every result needs a rule."""

_IN_URLS = "%/:?#[]@!$&'()*+,;=-._~"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}


def as_sarif(
    findings: Iterable[Finding], problems: Iterable[Problem], *, version: str
) -> dict[str, Any]:
    """Return one run with every rule, and a result for each finding and each mistake."""
    rules = [_rule(rule) for rule in ALL] + [_unusable()]
    index = {rule["id"]: at for at, rule in enumerate(rules)}
    results = [_of_problem(problem, index[UNUSABLE]) for problem in problems]
    results += [_of_finding(finding, index[finding.code]) for finding in findings]
    driver = {"name": "okrsync", "semanticVersion": version, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": " ".join(rule.why.split())},
        "help": {"text": " ".join(rule.fix.split())},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _unusable() -> dict[str, Any]:
    return {
        "id": UNUSABLE,
        "name": "Unusable",
        "shortDescription": {"text": "Goals or mapping cannot be used until this is mended."},
        "defaultConfiguration": {"level": "error"},
    }


def _of_finding(finding: Finding, index: int) -> dict[str, Any]:
    told = f"{finding.message} (do: {finding.action})"
    result = _result(finding.code, index, _LEVELS[finding.severity], told)
    result["locations"] = [_location(finding)]
    result["partialFingerprints"] = {"okrsync/v2": _digest(_identity(finding))}
    if finding.confidence is not None:
        result["rank"] = round(finding.confidence * 100, 1)
    if finding.age is not None:
        result["baselineState"] = "new" if finding.age.new else "unchanged"
        result["properties"] = {"firstSeen": finding.age.first_seen.isoformat()}
    return result


def _identity(finding: Finding) -> str:
    """Tell what stays while words change: numbers in messages do every day."""
    about = str(finding.item.ref) if finding.item else finding.goal.casefold()
    return f"{finding.code}\0{about}\0{finding.other}"


def _location(finding: Finding) -> dict[str, Any]:
    """Return where people look: a line in a file, the item's page, and the name of either."""
    named: dict[str, Any] = {"logicalLocations": [{"name": finding.goal, "kind": "resource"}]}
    if finding.place.file:
        named["physicalLocation"] = _physical(finding.place)
    elif finding.item is not None and finding.item.url:
        page = quote(finding.item.url, safe=_IN_URLS)
        named["physicalLocation"] = {"artifactLocation": {"uri": page}}
    return named


def _of_problem(problem: Problem, index: int) -> dict[str, Any]:
    hint = f" ({problem.hint})" if problem.hint else ""
    result = _result(UNUSABLE, index, "error", f"{problem.message}{hint}")
    if problem.place.file:
        result["locations"] = [{"physicalLocation": _physical(problem.place)}]
    return result


def _result(rule: str, index: int, level: str, text: str) -> dict[str, Any]:
    return {
        "ruleId": rule,
        "ruleIndex": index,
        "level": level,
        "message": {"text": text},
    }


def _physical(place: Place) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(place.file)}}
    if place.line:
        location["region"] = {"startLine": place.line, "startColumn": place.column}
    return location


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]
