"""OKR102: a parent is named, and nobody said why this goal should move it.

It asks for words, and does not judge whether the story is a good one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import key_results, objectives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import KeyResult, Objective, ParentLink
    from okrsync.lint.rule import LintInput

_WORD = re.compile(r"[^\W\d_]{2,}")
_PLACEHOLDERS = re.compile(
    r"because|explain|fill|fixme|here|in|it|later|na|none|nothing|obvious|obviously|see|story|tba"
    r"|tbd|the|this|to|todo|unknown|why|x+"
)


def _check(given: LintInput) -> Iterator[Hit]:
    for objective in objectives(given.goals):
        goals: tuple[Objective | KeyResult, ...] = (objective, *key_results(objective))
        for goal in goals:
            yield from (_hit(goal, each) for each in goal.parents if not _tells_something(each))


def _tells_something(parent: ParentLink) -> bool:
    told = parent.because.casefold().replace(parent.id.casefold(), "")
    return any(not _PLACEHOLDERS.fullmatch(word) for word in _WORD.findall(told))


def _hit(goal: Objective | KeyResult, parent: ParentLink) -> Hit:
    return Hit(
        goal=goal,
        message=f"{goal.id} does not say why it should move its parent {parent.id}",
        action="write in `because` what will happen between the two",
        other=parent.id,
        place=parent.place if parent.place.file else None,
    )


RULE = Rule(
    code="OKR102",
    name="parent-without-story",
    summary="A parent needs a story that says why this goal should move that one.",
    why="""\
A link without a reason is a line in a chart. The story is what people can doubt, test and improve;
without it a goal hangs below another because somebody drew it there.
""",
    bad="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "TBD"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
""",
    good="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
""",
    fix="""\
Say in `because:`, in a sentence a colleague would believe, how a change here becomes a change
there. If none comes to mind, it is the wrong parent.
""",
    configuration="Severity only.",
    severity=Severity.WARNING,
    check=_check,
)
