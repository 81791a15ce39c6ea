"""KR211: every key result of an objective is a task.

Each of them draws KR201 as well. What somebody overruled (`kind:`, a waiver of KR201) is no task
here either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.lint.parts import kind_of
from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import key_results, listed, objectives
from okrsync.lint.rules.examples import with_key_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    for objective in objectives(given.goals):
        krs = key_results(objective)
        told = [kind_of(kr, given) for kr in krs]
        if krs and all(each.kind is Kind.TASK for each in told):
            read = [each.confidence for each in told if each.confidence is not None]
            yield Hit(
                goal=objective,
                message=f"{objective.id} is only a task list: {listed(kr.id for kr in krs)}",
                action="replace at least one of them by what people will do differently",
                confidence=min(read, default=None),
            )


RULE = Rule(
    code="KR211",
    name="only-a-task-list",
    summary="An objective has at least one key result that is no task.",
    why="""\
An objective whose key results are all tasks is a plan under another name. It can be finished to the
last line without anybody being better off, and nobody would know.
""",
    bad=with_key_results(
        '- {id: KR-LAUNCH, statement: "Launch the new payment page"}',
        '- {id: KR-TRAIN, statement: "Train the support team"}',
    ),
    good=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}'
    ),
    fix="""\
Read the tasks as guesses: we believe that if we do this, these people will do that. What stands
behind "that" is the key result, and the tasks go to a hypothesis.
""",
    configuration="Severity (error by default). `kind:` on a key result overrules the reader.",
    severity=Severity.ERROR,
    check=_check,
)
