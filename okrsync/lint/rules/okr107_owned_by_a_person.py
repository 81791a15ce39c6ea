"""OKR107: a goal has an `owner` that looks like a person.

An owner that is the id or name of a team or unit is none, nor is a single word: nobody can tell
"Anna" from a team of that name. Names are not looked up anywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okrsync.core.goalcheck import all_goals
from okrsync.core.goals import Belief
from okrsync.lint.rule import Hit, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Goals
    from okrsync.lint.rule import LintInput

_SURE = 0.8

_GROUP = re.compile(
    r"\b(?:academy|board|brand|care|chapter|cloud|commerce|committee|community|content|council"
    r"|crew|customer|data|delivery|department|design|desk|division|engineering|experience"
    r"|finance|group|growth|guild|hr|infrastructure|it|lab|labs|legal|logistics|marketing|mobile"
    r"|office|operations|ops|organi[sz]ation|payments?|people|platform|product|quality"
    r"|recruiting|research|sales|security|service|services|shop|squad|staff|store|studio|success"
    r"|support|talent|teams?|tech|technology|tribe|unit|web)\b",
    re.IGNORECASE,
)
_ONE_PERSONS_ROLE = re.compile(
    r"^(?:c[efimopt]o|cpto|vp\b.*|(?:head|director|vice president|svp|evp) of .+)$", re.IGNORECASE
)
_NAME_PART = (
    r"(?:[^\W\d_a-z]\.|[^\W\d_a-z](?:['’][^\W\d_a-z])?[^\W\d_A-Z]+(?:-[^\W\d_a-z][^\W\d_A-Z]+)?)"
)
_PARTICLE = r"(?:van|von|de|der|den|del|della|di|da|dos|la|le|ten|ter|bin|al|el)"
_PERSON = re.compile(rf"^{_NAME_PART}(?:,?\s+(?:{_PARTICLE}\s+)*{_NAME_PART}){{1,2}}$")
_MAIL = re.compile(r"^(?P<local>[^@\s]+)@[^@\s]+$")
_MAIL_NAME = re.compile(r"^[^\W\d_]+[._][^\W\d_]+(?:[._][^\W\d_]+)?\d*$")


def _check(given: LintInput) -> Iterator[Hit]:
    groups = _groups(given.goals)
    for goal in all_goals(given.goals):
        owner = None if isinstance(goal, Belief) else goal.owner
        if owner and owner.casefold() not in groups and _looks_like_a_person(owner.strip()):
            yield Hit(
                goal=goal,
                message=f"{goal.id} is owned by {owner!r}, who looks like a person",
                action="name the team; who is the contact belongs elsewhere",
                confidence=_SURE,
            )


def _groups(goals: Goals) -> frozenset[str]:
    teams = {word for team in goals.teams for word in (team.id, team.name)}
    units = {word for unit in goals.units for word in (unit.id, unit.name)}
    return frozenset(map(str.casefold, teams | units))


def _looks_like_a_person(owner: str) -> bool:
    if mail := _MAIL.match(owner):
        local = mail["local"]
        return bool(_MAIL_NAME.match(local)) and not _GROUP.search(re.sub(r"[._]", " ", local))
    if _ONE_PERSONS_ROLE.match(owner):
        return True
    return bool(_PERSON.match(owner)) and not _GROUP.search(owner)


RULE = Rule(
    code="OKR107",
    name="owned-by-a-person",
    summary="Goals belong to teams and not to a person.",
    why="""\
A goal of one person is an appraisal in disguise: it is chosen to be safe, and the others look
away. OKRs are reached by teams, and what is written about them speaks of teams.
""",
    bad="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    owner: Anna de Vries
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
""",
    good="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    owner: Checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - {id: KR-PAY, statement: "Shoppers who pay without calling support: 62% to 80%"}
""",
    fix="Write the team's id or name, or leave `owner:` out: the objective's `team:` says it.",
    configuration="""\
Severity. A team whose name looks like a person's (Ada Lovelace) is known once it stands under
`teams:` with that name.
""",
    severity=Severity.WARNING,
    check=_check,
)
