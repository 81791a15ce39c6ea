"""KR210: a key result is measured by the work that was closed.

Tickets of customers are no work of ours: "support tickets per order" is what customers do. So it
asks for a share, a number or points of tickets, stories, epics or a backlog, and for a word that
they are done.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import standing
from okrsync.lint.rules.examples import with_key_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import KeyResult
    from okrsync.lint.rule import LintInput

_SURE = 0.85

_WORK = (
    r"(?:jira |linear |planned |open |sprint |backlog |roadmap |project |user |of |our |the |all )*"
    r"(?:tickets|stories|story points|epics|backlog(?: items)?|sprint (?:goals|commitments)"
    r"|roadmap(?: items)?|work items|subtasks|sub-tasks|deliverables|milestones)"
)
_DONE = (
    r"(?:are |is |were |have been )?(?:burn(?:ed|t) down|closed|completed?|delivered|done|finished"
    r"|implemented|shipped)"
)
_COUNTED = r"(?:%|\bper ?cent|\bpercentage|\bshare|\bproportion|\bnumber|\bcount|\ball|\d)"
_PATTERNS = (
    re.compile(rf"{_COUNTED}(?: of)? {_WORK} {_DONE}\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:close|complete|deliver|finish|burn down) \d[\d.,]*%? (?:of )?{_WORK}\b",
        re.IGNORECASE,
    ),
    re.compile(rf"^{_WORK} {_DONE}\b", re.IGNORECASE),
    re.compile(
        r"\b(?:completion|progress) of (?:the |our )?(?:epic|backlog|roadmap|project plan)\b",
        re.IGNORECASE,
    ),
)
_OF_CUSTOMERS = re.compile(
    r"\b(?:support|customer|help ?desk|service ?desk|incident|patient|guest)\b.{0,20}\btickets"
    r"|\btickets\b.{0,30}\b(?:within|in under|per|from customers)\b",
    re.IGNORECASE,
)


def _check(given: LintInput) -> Iterator[Hit]:
    for _, kr in standing(given.goals):
        words = _ticket_count(kr)
        if words is not None:
            yield Hit(
                goal=kr,
                message=f'{kr.id} counts progress from tickets: "{words}"',
                action="measure what changes for people when these tickets are done",
                confidence=_SURE,
            )


def _ticket_count(kr: KeyResult) -> str | None:
    unit = kr.by_how_much.unit if kr.by_how_much and kr.by_how_much.unit else ""
    for text in (kr.text, unit):
        if not _OF_CUSTOMERS.search(text):
            for pattern in _PATTERNS:
                if found := pattern.search(text):
                    return found[0].strip()
    return None


RULE = Rule(
    code="KR210",
    name="progress-from-tickets",
    summary="Closed tickets are no progress of a key result.",
    why="""\
All tickets can be done and nothing be better. Tickets are guesses about what might help; counting
them measures how busy we were.
""",
    bad=with_key_results(
        "- id: KR-DONE",
        "  who: shopper",
        "  does_what: pay without calling support",
        "  by_how_much: {from: 0, to: 90, unit: percent of tickets done}",
    ),
    good=with_key_results(
        "- id: KR-PAY",
        "  who: shopper",
        "  does_what: pay without calling support",
        "  by_how_much: {from: 62, to: 80, unit: percent}",
    ),
    fix="""\
Ask what the tickets are for. The behaviour that they should change is the key result; the tickets
serve a hypothesis about it.
""",
    configuration="Severity, or a waiver on the key result.",
    severity=Severity.WARNING,
    check=_check,
)
