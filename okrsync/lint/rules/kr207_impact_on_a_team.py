"""KR207: a team's key result is a result of the business.

The company's and a unit's may be. Language is read; below the reader's threshold nothing is said.
`kind: impact` is taken at its word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind, Level
from okrsync.lint.parts import kind_told
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import quoted, standing
from okrsync.lint.rules.examples import with_key_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    for objective, kr in standing(given.goals):
        told = kind_told(kr, given)
        if told.kind is Kind.IMPACT and objective.level is Level.TEAM:
            yield Hit(
                goal=kr,
                message=f"{kr.id} is an impact{quoted(told.because)}, which no team moves alone",
                action="measure what people do before it, and name it in `expects` or as a parent",
                confidence=told.confidence,
            )


RULE = Rule(
    code="KR207",
    name="impact-on-a-team",
    summary="A team's key result is what people do, not the business result that follows.",
    why="""\
Between making things and making money is what customers do. Revenue moves late and for many
reasons; a team that answers for it learns nothing from it. The company may well have it as a key
result, and the team says which behaviour should move it.
""",
    bad=with_key_results('- {id: KR-REVENUE, statement: "Grow online revenue from 4M to 5M"}'),
    good=with_key_results(
        "- id: KR-PAY",
        '  statement: "Shoppers who pay without calling support: 62% to 80%"',
        '  expects: ["Online revenue, watched by finance"]',
    ),
    fix="""\
Ask what customers do more, or less, shortly before the money moves, and take the part of it that
lies in the team's reach. The business result becomes the parent, or stands under `expects:`.
""",
    configuration="""\
Severity, also for one team (`lint.teams: {sales: {KR207: off}}`). `kind: outcome` on the key
result, or a waiver of KR207, overrules the reader everywhere.
""",
    severity=Severity.WARNING,
    check=_check,
)
