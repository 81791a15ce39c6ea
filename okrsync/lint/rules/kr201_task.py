"""KR201: a key result that the team ticks off by its own work.

Language is read; below the reader's threshold nothing is said. `kind: task` is taken at its word.
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
        if told.kind is Kind.TASK:
            yield Hit(
                goal=kr,
                message=f"{kr.id} is a task{quoted(told.because)}: done or not, whatever anybody "
                "does then",
                action="say who will do what differently once it is done, and by how much",
                confidence=told.confidence,
            )


RULE = Rule(
    code="KR201",
    name="task",
    summary="A key result is an outcome and no task.",
    why="""\
A thing launched, held, written or migrated is an output. It may be finished on time and help
nobody, and the key result would still say success. A number does not change that: twelve posts
are twelve tasks.
""",
    bad=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}',
        '- {id: KR-LAUNCH, statement: "Launch the new payment page by the end of November"}',
    ),
    good=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}',
        '- {id: KR-FIRST, statement: "Shoppers who pay at the first try: 71% to 90%"}',
    ),
    fix="""\
Ask: once it is done, who does what differently, and how would we see it? That is the key result.
What was written is a ticket, or the thing a hypothesis builds. `okrsync coach` helps with words.
""",
    configuration="""\
Severity. `kind: outcome` on the key result, or a waiver of KR201, overrules the reader everywhere,
also in the verdict on work.
""",
    severity=Severity.WARNING,
    check=_check,
)
