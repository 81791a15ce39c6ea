"""OKR108: a team is called what it delivers.

Only deliverables whose name leaves no doubt count: an app, a website, a migration, a project. A
team named after a part of the journey (Checkout, Search) or a craft (Platform) is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.lint.rule import LintInput

_SURE = 0.8

_DELIVERABLE = re.compile(
    r"(?:(?:iphone|ipad|ios|android|mobile|web|desktop|native|customer|partner|driver)\s+apps?"
    r"|\bapps?|\bchat ?bot|\bdashboards?|\bhome ?page|\blanding pages?|\bnewsletter|\bweb ?site"
    r"|\b(?:customer|partner|supplier|self[- ]service) portal|\bredesign|\brelaunch"
    r"|\b(?:cloud|crm|erp|data|sap|\w+) migration|\b(?:crm|erp|sap) (?:introduction|rollout)"
    r"|\bproject|\brollout|\bv\d+|\b2\.0)(?:\s+(?:team|squad|crew|group))?$",
    re.IGNORECASE,
)


def _check(given: LintInput) -> Iterator[Hit]:
    for team in given.goals.teams:
        found = _DELIVERABLE.search(team.name.strip())
        if found:
            yield Hit(
                goal=team,
                message=f'team {team.id} is named after what it delivers: "{team.name}"',
                action="name it after the people it serves or what they get done",
                confidence=_SURE,
            )


RULE = Rule(
    code="OKR108",
    name="team-named-after-its-deliverable",
    summary="A team is named after whom it serves, not after what it builds.",
    why="""\
The iPhone app team must deliver an iPhone app, whatever its customers need: its name decided. The
mobile commerce team may find that they need something else.
""",
    bad="""\
teams:
  - {id: mobile, name: iPhone app team, customers: [shopper]}
objectives:
  - id: O-MOBILE
    title: Paying is the easiest part of the visit
    team: mobile
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
""",
    good="""\
teams:
  - {id: mobile, name: Mobile commerce, customers: [shopper]}
objectives:
  - id: O-MOBILE
    title: Paying is the easiest part of the visit
    team: mobile
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
""",
    fix="""\
Change `name:`; the id may stay, so that nothing else has to change. Good names are a part of the
journey, a group of customers, or what these get done.
""",
    configuration="""\
Severity, also for one team (`lint.teams`). It is about a team and no goal, so it is waived in the
settings: `lint.waivers: [{code: OKR108, goal: TEAM, reason: …}]`.
""",
    severity=Severity.WARNING,
    check=_check,
)
