"""KR206: a key result measures the product or the organisation's machinery, and no people.

Said on every level. Language is read; below the reader's threshold nothing is said. `kind: system`
is taken at its word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.lint.parts import kind_told
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import quoted, standing
from okrsync.lint.rules.examples import with_key_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    for _, kr in standing(given.goals):
        told = kind_told(kr, given)
        if told.kind is Kind.SYSTEM:
            yield Hit(
                goal=kr,
                message=f"{kr.id} measures the system{quoted(told.because)} and nobody's behaviour",
                action="name the human behind it: who does what differently when it is better?",
                confidence=told.confidence,
            )


RULE = Rule(
    code="KR206",
    name="measures-the-system",
    summary="A key result measures what people do, not what a system does.",
    why="""\
99.9% uptime has a percent sign and is still no key result: it may be reached while nobody uses the
thing. Behind each such number is a human who waits, trusts, gives up or calls. Measure them; keep
the number as a guardrail.
""",
    bad=with_key_results('- {id: KR-UPTIME, statement: "API uptime from 99.5% to 99.9%"}'),
    good=with_key_results(
        "- id: KR-RETRY",
        '  statement: "Shoppers who pay without trying twice: 81% to 95%"',
        '  guardrails: ["API uptime stays above 99.9%"]',
    ),
    fix="""\
Ask who notices when the number is bad, and what they do then: shoppers who try again, engineers who
wait for a build, riders who miss a train. Colleagues are people, too.
""",
    configuration="""\
Severity, also for one team (`lint.teams: {platform: {KR206: advice}}`). `kind: outcome` on the key
result, or a waiver of KR206, overrules the reader everywhere.
""",
    severity=Severity.WARNING,
    check=_check,
)
