"""KR204: a key result says nowhere by how much.

Said of outcomes, and of impacts above the teams. Words for amounts ("double", "every", "none") are
targets, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.parts import has_target
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import standing
from okrsync.lint.rules.examples import with_key_results
from okrsync.lint.rules.outcomes import is_measured, sureness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    for objective, kr in standing(given.goals):
        if is_measured(objective, kr, given) and not has_target(kr, given):
            yield Hit(
                goal=kr,
                message=f'{kr.id} does not say by how much: "{kr.text}"',
                action="add where it stands today and where it should stand",
                confidence=sureness(kr, given),
            )


RULE = Rule(
    code="KR204",
    name="no-target",
    summary="A key result says by how much.",
    why="""\
"More" is reached by one. A target is what the team and the people who depend on it agree to call a
success, before they know how it went.
""",
    bad=with_key_results('- {id: KR-PAY, statement: "Shoppers pay without calling support"}'),
    good=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}'
    ),
    fix="""\
Add ": 62% to 80%", or with fields `by_how_much: {from: 62, to: 80, unit: percent}`. If nobody knows
where it stands today, finding that out is the first week's work.
""",
    configuration="Severity. `kind: unclear` on a key result keeps language rules away from it.",
    severity=Severity.WARNING,
    check=_check,
)
