"""HY301: a hypothesis lacks the thing, the people or the change of behaviour.

Fields win over what is read from a sentence; a part that stands in another field's words is there.
Killed hypotheses are left in peace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.parts import missing_of
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.examples import with_hypotheses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput

_SURE = 0.75

_ASKED = {
    "thing": "what is built or done",
    "people": "for whom",
    "change": "what they will do differently",
}


def _check(given: LintInput) -> Iterator[Hit]:
    for hypothesis in given.goals.hypotheses:
        missing = () if hypothesis.killed else missing_of(hypothesis, given)
        if missing:
            asked = " and ".join(_ASKED[part] for part in missing)
            yield Hit(
                goal=hypothesis,
                message=f'{hypothesis.id} does not say {asked}: "{hypothesis.text}"',
                action="complete it: we believe that if we build this for these people, they "
                "will do that",
                confidence=_SURE if hypothesis.statement else None,
            )


RULE = Rule(
    code="HY301",
    name="malformed",
    summary="A hypothesis names the thing, the people, and what they will do differently.",
    why="""\
Only a guess that says what people will do can turn out wrong. "We believe in a new app" cannot, and
so it is never stopped. That revenue will grow is not what people do either.
""",
    bad=with_hypotheses(
        '- {id: H-TAP, statement: "We believe in one-tap payment", serves: [KR-PAY], '
        "cycle: 2026-Q4}"
    ),
    good=with_hypotheses(
        "- id: H-TAP",
        '  statement: "We believe that if we offer one tap, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2026-Q4",
    ),
    fix="""\
Write one sentence, "We believe that if we build *this* for *these people*, they will *do that*", or
the fields `we_believe:`, `for:` and `will:`.
""",
    configuration="Severity, or a waiver on the hypothesis.",
    severity=Severity.WARNING,
    check=_check,
)
