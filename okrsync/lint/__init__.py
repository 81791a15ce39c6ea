"""Judges goals and work against the method: one rule a file, one engine, waivers with a reason.

Pure. It reports and never repairs; work comes to it judged, one item at a time.
"""

from __future__ import annotations

from okrsync.lint.engine import Inspection, Policy, failing, lint
from okrsync.lint.rule import Finding, Limits, LintInput, Rule, Severity
from okrsync.lint.rules import ALL, rule_named
from okrsync.lint.waivers import waived_codes

__all__ = [
    "ALL",
    "Finding",
    "Inspection",
    "Limits",
    "LintInput",
    "Policy",
    "Rule",
    "Severity",
    "failing",
    "lint",
    "rule_named",
    "waived_codes",
]
