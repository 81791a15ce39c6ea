"""OKR116: one function owns an objective that is likely to need several.

Said only where all teams of the objective state their `functions:` and name one and the same, and
where they serve customers outside. A team that serves colleagues alone may well do it alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import objectives, teams_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okrsync.core.goals import Goals, Team
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    for objective in objectives(given.goals):
        teams = teams_named(objective, given.goals)
        if not teams or not all(team.functions for team in teams):
            continue
        functions = {each.casefold(): each for team in teams for each in team.functions}
        if len(functions) == 1 and not _only_colleagues(teams, given.goals):
            (function,) = functions.values()
            yield Hit(
                goal=objective,
                message=f"{objective.id} is owned by one function alone: {function}",
                action="ask who else must move for it, and share the objective with them",
            )


def _only_colleagues(teams: Sequence[Team], goals: Goals) -> bool:
    roles = {
        name.casefold(): customer.role
        for customer in goals.customers
        for name in (customer.id, customer.name, *customer.also)
    }
    served = [roles.get(each.casefold()) for team in teams for each in team.customers]
    return bool(served) and all(role == "colleague" for role in served)


RULE = Rule(
    code="OKR116",
    name="single-function-objective",
    summary="An objective for customers belongs to all the functions that must move for it.",
    why="""\
Customers meet the whole company and not its departments. An objective that one function owns ends
at the hand-over to the next one, and so does everybody's interest in it.
""",
    bad="""\
teams:
  - {id: campaigns, name: Campaigns, customers: [shopper], functions: [marketing]}
objectives:
  - id: O-RETURN
    title: Sending something back feels as safe as buying it
    team: campaigns
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Who fears a return does not order a second time"}]
    key_results:
      - {id: KR-RETURN, statement: "Shoppers who return without writing to us: 40% to 70%"}
""",
    good="""\
teams:
  - {id: campaigns, name: Campaigns, customers: [shopper], functions: [marketing]}
  - {id: returns, name: Returns, customers: [shopper], functions: [support, logistics]}
objectives:
  - id: O-RETURN
    title: Sending something back feels as safe as buying it
    teams: [campaigns, returns]
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Who fears a return does not order a second time"}]
    key_results:
      - {id: KR-RETURN, statement: "Shoppers who return without writing to us: 40% to 70%"}
""",
    fix="""\
Share the objective (`teams: [a, b]`), or complete `functions:` if the team unites more crafts than
it says.
""",
    configuration="""\
Severity (advice by default). Silent for teams that state no `functions:`.
""",
    severity=Severity.ADVICE,
    check=_check,
)
