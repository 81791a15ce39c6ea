"""HY309: all work for a hypothesis is done, time has passed, and nobody knows what it did.

The measuring window is the longest `time_to_effect` of the key results it serves, from the day the
last ticket was done. Any evidence and any decision is an answer; cancelled tickets are not done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import GoalStatus, KeyResult
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import counted, decide_command, evidence_command
from okrsync.lint.rules.examples import WORKED_ON, with_hypotheses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Hypothesis
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    if given.work is None:
        return
    for hypothesis in given.goals.hypotheses:
        effort = given.work.by_hypothesis.get(hypothesis.id)
        if hypothesis.evidence or hypothesis.decisions or effort is None:
            continue
        if effort.open or effort.last_done is None or _pointless(hypothesis, given):
            continue
        waited, window = (given.today - effort.last_done).days, _window(hypothesis, given)
        if waited > window:
            yield Hit(
                goal=hypothesis,
                message=f"all work for {hypothesis.id} ({counted(effort.done, 'item')}) was done "
                f"by {effort.last_done}, {waited} days ago, and nobody noted what came of it",
                action="did anybody use it, and how do we know? Note it, "
                f"{evidence_command(hypothesis)}, and {decide_command(hypothesis)}",
            )


def _window(hypothesis: Hypothesis, given: LintInput) -> int:
    told = [
        kr.time_to_effect_days
        for kr in _served(hypothesis, given)
        if kr.time_to_effect_days is not None
    ]
    return max(told, default=given.limits.window_days)


def _served(hypothesis: Hypothesis, given: LintInput) -> list[KeyResult]:
    found = (given.goals.goal(goal_id) for goal_id in hypothesis.serves)
    return [goal for goal in found if isinstance(goal, KeyResult)]


def _pointless(hypothesis: Hypothesis, given: LintInput) -> bool:
    served = _served(hypothesis, given)
    return bool(served) and all(kr.status is GoalStatus.DROPPED for kr in served)


RULE = Rule(
    code="HY309",
    name="shipped-not-learned",
    summary="What was shipped for a hypothesis is looked at afterwards.",
    why="""\
Shipping is where testing begins. If nobody looks whether people use it, and whether they do what
was hoped, the next guess is no better than this one.
""",
    bad=WORKED_ON,
    bad_work="- {key: PAY-1, title: One tap, status: done, links: [H-TAP], resolved: 2026-08-10}\n",
    good=with_hypotheses(
        "- id: H-TAP",
        '  statement: "We believe that if we offer one tap, shoppers will pay without calling '
        'support"',
        "  serves: [KR-PAY]",
        "  cycle: 2026-Q4",
        "  evidence: [{date: 2026-09-18, says: unclear, source: pilot, note: One in nine tapped}]",
    ),
    good_work="- {key: PAY-1, title: One tap, status: done, links: [H-TAP], resolved: 2026-08-10}\n"
    "- {key: PAY-2, title: Ask those who did not tap, status: doing, links: [H-TAP]}\n",
    fix="""\
Look: usage, five conversations, the calls that did not come. Note it as evidence, also if it says
nothing clearly, and decide to persevere, pivot or kill.
""",
    configuration="""\
`time_to_effect:` on the key results; `lint.thresholds.HY309`: the measuring window where none says
(default 4w); severity; a waiver on the hypothesis.
""",
    severity=Severity.WARNING,
    check=_check,
    reads=Reads.WORK,
)
