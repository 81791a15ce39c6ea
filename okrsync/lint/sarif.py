"""Findings as SARIF 2.1.0, which code hosts and editors read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from okrsync.lint.rule import Severity
from okrsync.lint.rules import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from okrsync.core.place import Place, Problem
    from okrsync.lint.rule import Finding, Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
UNUSABLE = "unusable"
"""What a mistake that keeps goals from being used is called where every result needs a rule."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}


def as_sarif(
    findings: Sequence[Finding], problems: Sequence[Problem], *, version: str
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
    result = _result(finding.code, index, _LEVELS[finding.severity], told, finding.place)
    words = f"{finding.code}\0{finding.goal}\0{finding.message}"
    result["partialFingerprints"] = {"okrsync/v1": _digest(words)}
    if finding.confidence is not None:
        result["rank"] = round(finding.confidence * 100, 1)
    return result


def _of_problem(problem: Problem, index: int) -> dict[str, Any]:
    hint = f" ({problem.hint})" if problem.hint else ""
    return _result(UNUSABLE, index, "error", f"{problem.message}{hint}", problem.place)


def _result(rule: str, index: int, level: str, text: str, place: Place) -> dict[str, Any]:
    return {
        "ruleId": rule,
        "ruleIndex": index,
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": _location(place)}],
    }


def _location(place: Place) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(place.file)}}
    if place.line:
        location["region"] = {"startLine": place.line, "startColumn": place.column}
    return location


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]
