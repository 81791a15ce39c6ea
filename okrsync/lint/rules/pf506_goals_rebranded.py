"""PF506: most key results of a team restate its backlog.

Counted are key results of which KR209 names the ticket, and nobody answered for that. Two at least.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from okrsync.core.goals import GoalStatus
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import listed, standing, teams_named
from okrsync.lint.rules.examples import with_key_results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput

_RESTATES = "KR209"


def _check(given: LintInput) -> Iterator[Hit]:
    if given.work is None:
        return
    held: defaultdict[str, list[str]] = defaultdict(list)
    for objective, kr in standing(given.goals):
        if objective.status is kr.status is GoalStatus.LIVE:
            for team in teams_named(objective, given.goals):
                held[team.id].append(kr.id)
    for team in given.goals.teams:
        krs = held[team.id]
        copied = [kr for kr in krs if _restates(kr, given)]
        if len(copied) > 1 and len(copied) * 2 > len(krs):
            yield Hit(
                goal=team,
                message=f"{len(copied)} of {len(krs)} key results of team {team.id} restate its "
                f"backlog: {listed(copied)}",
                action="put the backlog aside and ask whose life should be easier by the end of "
                "the cycle, and how one would see it",
            )


def _restates(kr_id: str, given: LintInput) -> bool:
    found = _RESTATES in given.hits.get(kr_id, ())
    return found and _RESTATES not in given.waived.get(kr_id, ())


_BACKLOG = """\
- {key: PAY-1, title: New checkout page, type: Epic, status: doing, links: [KR-PAY]}
- {key: PAY-2, title: Wallet integration, type: Epic, status: doing, links: [KR-PAY]}
"""

RULE = Rule(
    code="PF506",
    name="goals-rebranded",
    summary="A team's goals are more than its backlog under another name.",
    why="""\
When a backlog is called OKRs, everybody has filled in the form and nothing has changed: the list is
worked off as before, and what it does to anybody is still not asked.
""",
    bad=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}',
        '- {id: KR-PAGE, statement: "Launch the new checkout page"}',
        '- {id: KR-WALLET, statement: "Ship the wallet integration"}',
        tested=True,
    ),
    bad_work=_BACKLOG,
    good=with_key_results(
        '- {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}',
        tested=True,
    ),
    good_work=_BACKLOG,
    fix="Begin from customers: who, and what would they do differently? Tickets come last.",
    configuration="Severity, also for single teams; a waiver in the settings, with the team's id.",
    severity=Severity.WARNING,
    check=_check,
    reads=Reads.WORK,
    last=True,
)
