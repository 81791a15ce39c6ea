"""PF503: a team works on more key results at once than it can.

Counted are key results that its items in progress name, themselves or through a hypothesis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import listed
from okrsync.lint.rules.examples import WORKED_ON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    if given.work is None:
        return
    limit = given.limits.key_results_at_once
    for team in given.goals.teams:
        counts = given.work.at_once.get(team.id)
        if counts is not None and len(counts) > limit:
            by_little = sorted(counts, key=lambda kr: (counts[kr], kr))
            yield Hit(
                goal=team,
                message=f"team {team.id} works on {len(counts)} key results at once (at most "
                f"{limit}): {listed(sorted(counts), most=6)}",
                action=f"finish or pause some of it, perhaps what is for {by_little[0]}",
            )


_FOUR = "".join(
    f"""
  - id: O-{number}
    title: Errands are easy, part {number}
    level: company
    cycle: 2027
    strategy: [S-SHOP]
    key_results:
      - {{id: KR-{number}, statement: "Shoppers who come back in week {number}: 31% to 40%"}}
"""
    for number in ("ONE", "TWO", "THREE")
)

RULE = Rule(
    code="PF503",
    name="spread-thin",
    summary="A team works on few key results at once.",
    why="""\
Four things at once are finished later than one after the other, and each is learnt from last. Few
goals at a time is what goals are for.
""",
    bad=WORKED_ON.replace("hypotheses:", _FOUR.lstrip("\n") + "\nhypotheses:", 1),
    bad_work="""\
- {key: PAY-1, title: Pay with one tap, status: doing, links: [KR-PAY]}
- {key: PAY-2, title: First, status: doing, links: [KR-ONE]}
- {key: PAY-3, title: Second, status: doing, links: [KR-TWO]}
- {key: PAY-4, title: Third, status: doing, links: [KR-THREE]}
""",
    good=WORKED_ON,
    good_work="- {key: PAY-1, title: Pay with one tap, status: doing, links: [KR-PAY]}\n",
    fix="Stop starting: finish one, or say which of them waits.",
    configuration="""\
`lint.thresholds.PF503`: key results at once (default 3); severity, also for single teams; a waiver
in the settings, with the team's id.
""",
    severity=Severity.WARNING,
    check=_check,
    reads=Reads.WORK,
)
