"""HY307: a hypothesis was killed, and tickets for it still move.

Counted are items in progress that nothing live keeps going. Those still waiting are named as what
would be freed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.work import Amount
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import counted, is_or_are, listed, unlink_command
from okrsync.lint.rules.examples import KILLED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    if given.work is None:
        return
    for hypothesis in given.goals.hypotheses:
        effort = given.work.by_hypothesis.get(hypothesis.id)
        if not hypothesis.killed or effort is None or not effort.doing:
            continue
        some = "such as " if effort.doing > len(effort.moving) else ""
        moving = listed(item.key for item in effort.moving)
        waiting = f", {counted(effort.todo, 'more item')} waiting" if effort.todo else ""
        yield Hit(
            goal=hypothesis,
            message=f"{hypothesis.id} was killed on {hypothesis.newest_decision.date}, and "
            f"{counted(effort.doing, 'item')} for it {is_or_are(effort.doing)} still in progress "
            f"({some}{moving}){waiting}",
            action="stop them and use the time for something else: "
            f"{unlink_command(effort.moving[0], hypothesis.id)}",
            amount=Amount(effort.open),
        )


RULE = Rule(
    code="HY307",
    name="killed-and-moving",
    summary="Work for a killed hypothesis stops.",
    why="""\
To stop a guess is what testing it was for. If its work goes on, the decision was none, and what was
learnt saves nothing.
""",
    bad=KILLED,
    bad_work="""\
- {key: PAY-1, title: One tap on the phone, status: doing, links: [H-TAP]}
- {key: PAY-2, title: One tap on the watch, links: [H-TAP]}
""",
    good=KILLED,
    good_work="""\
- {key: PAY-1, title: One tap on the phone, status: cancelled, links: [H-TAP]}
""",
    fix="""\
Cancel the tickets, or unlink those that are good for something else and link them to that. Note
under `saved:` of the decision what it freed.
""",
    configuration="Severity, or a waiver on the hypothesis.",
    severity=Severity.WARNING,
    check=_check,
    reads=Reads.WORK,
)
