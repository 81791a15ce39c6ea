"""KR209: a key result restates an epic or ticket that exists.

Compared are the words that carry both texts, without verbs of making; hardly one of them may be
missing on either side. A key result that says who does what by how much restates nothing: then the
epic was named after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import standing
from okrsync.lint.rules.examples import with_key_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput

_SURE = 0.9


def _check(given: LintInput) -> Iterator[Hit]:
    if given.work is None:
        return
    for _, kr in standing(given.goals):
        found = given.work.titles.restated.get(kr.id)
        if found is not None:
            yield Hit(
                goal=kr,
                message=f'{kr.id} restates {found.item.key} "{found.item.title}"',
                action=f"ask what people will do once {found.item.key} is done, make that the key "
                "result, and let the ticket be one guess at it",
                confidence=_SURE,
            )


_EPIC = """\
- {key: PAY-1, title: New checkout page, type: Epic, status: doing, links: [KR-PAY]}
"""

RULE = Rule(
    code="KR209",
    name="reverse-engineered",
    summary="A key result is no ticket that was there already.",
    why="""\
Plans are often made first and goals afterwards, to fit. Then the goal is reached when the plan is
carried out, whatever comes of it, and nothing can be learnt on the way.
""",
    bad=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}',
        '- {id: KR-PAGE, statement: "Launch the new checkout page"}',
        tested=True,
    ),
    bad_work=_EPIC,
    good=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}',
        tested=True,
    ),
    good_work=_EPIC,
    fix="""\
Keep the ticket and change the key result: who will do what differently, and by how much, if the
ticket was worth it? Link the ticket to that, through a hypothesis.
""",
    configuration="Severity, or a waiver on the key result. Only `okrsync check --work` tries it.",
    severity=Severity.WARNING,
    check=_check,
    reads=Reads.WORK,
)
