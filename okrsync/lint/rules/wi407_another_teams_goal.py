"""WI407: a team's open item serves nothing but other teams' goals.

Advice. Goals of a unit or the company are above the team and fine, and so is work of a team that
nobody mapped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Level
from okrsync.lint.rule import Hit, Reads, Rule, Severity
from okrsync.lint.rules.common import link_command, listed
from okrsync.lint.rules.examples import WORKED_ON
from okrsync.lint.work import about, is_open, led_to

if TYPE_CHECKING:
    from okrsync.lint.rule import LintInput
    from okrsync.lint.work import Seen


def _each(given: LintInput, seen: Seen) -> tuple[Hit, ...]:
    if given.ground is None or not seen.judgement.signals or not is_open(seen.item):
        return ()
    court = given.ground.court
    team = court.matcher.team_of(seen.item)
    if team is None:
        return ()
    served = [court.outlook.objective_of(kr) for kr in led_to(seen, given)]
    owners = [o for o in served if o is not None]
    if not owners or any(o.level is not Level.TEAM or team in o.teams for o in owners):
        return ()
    others = list(dict.fromkeys(name for o in owners for name in o.teams))
    item = about(seen, given)
    hit = Hit(
        goal=item,
        message=f"{item.key} of team {team} serves only what team {listed(others)} is after",
        action=f"agree on it with them, or say what it does for {team}: {link_command(item)}",
        because_of=seen.judgement.goals,
        teams=(team,),
    )
    return (hit,)


RULE = Rule(
    code="WI407",
    name="another-teams-goal",
    summary="A team's work serves its own goals, or goals above it.",
    why="""\
Helping others is fine, and nobody sees it: the team that has the goal does not know that it is
helped, and the team that helps has less time for its own. It is better agreed on.
""",
    bad=WORKED_ON
    + """\
teams: [{id: search, name: Search, works_in: [{tracker: jira, scope: FIND}]}]
""",
    bad_work="- {key: FIND-1, title: Find saved cards, status: doing, links: [KR-PAY]}\n",
    good=WORKED_ON
    + """\
teams: [{id: search, name: Search, works_in: [{tracker: jira, scope: FIND}]}]
""",
    good_work="- {key: FIND-1, title: Find saved cards, status: doing, links: [KR-REPEAT]}\n"
    "- {key: PAY-1, title: Pay with one tap, status: doing, links: [KR-PAY]}\n",
    fix="Share the objective (`teams: [a, b]`), or link the item to what it serves above both.",
    configuration="Severity; a waiver on the goal, or in the settings with the item's key.",
    severity=Severity.ADVICE,
    each=_each,
    reads=Reads.ITEMS,
)
