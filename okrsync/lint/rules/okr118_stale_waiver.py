"""OKR118: a waiver that silences nothing, or whose last day is over.

Only waivers of rules that were tried are judged: those for rules about work items, or left out by
a selection, may well be needed. A waiver of this rule itself is not judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Rule, Severity, Stranger
from okrsync.lint.waivers import expired, waived_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import Customer, Cycle, Goals, Team, Waiver
    from okrsync.lint.rule import LintInput, Subject


def _check(given: LintInput) -> Iterator[Hit]:
    for waiver in given.waivers:
        if waiver.code not in given.tried:
            continue
        used = waiver.code in given.hits.get(waived_id(given.goals, waiver), ())
        if expired(waiver, given.today):
            yield _hit(waiver, given.goals, f"ended on {waiver.until}", still=used)
        elif not used:
            yield _hit(waiver, given.goals, "silences nothing", still=False)


def _hit(waiver: Waiver, goals: Goals, told: str, *, still: bool) -> Hit:
    return Hit(
        goal=_subject(waiver, goals),
        message=f"the waiver of {waiver.code} for {waiver.goal} {told}",
        action="mend what it was for, or give it a new last day" if still else "take it out",
        other=waiver.code,
        place=waiver.place if waiver.place.file else None,
    )


def _subject(waiver: Waiver, goals: Goals) -> Subject:
    named: list[Team | Customer | Cycle] = [*goals.teams, *goals.customers, *goals.cycles]
    fold = waiver.goal.casefold()
    other = next((each for each in named if each.id.casefold() == fold), None)
    return goals.goal(waiver.goal) or other or Stranger(waiver.goal, waiver.place)


RULE = Rule(
    code="OKR118",
    name="stale-waiver",
    summary="A waiver silences something, and its last day is still to come.",
    why="""\
A waiver is a promise: we know, and here is why it may stand. One that outlives its reason hides the
next mistake of the same kind.
""",
    bad="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - id: KR-PAY
        statement: "Shoppers who pay without calling support: 62% to 80%"
        waive: [{code: KR205, reason: "The baseline is being measured"}]
""",
    good="""\
objectives:
  - id: O-CHECKOUT
    title: Paying is the easiest part of the visit
    team: checkout
    cycle: 2026-Q4
    parents: [{id: KR-REPEAT, because: "Shoppers who had to call us come back half as often"}]
    key_results:
      - id: KR-PAY
        statement: "Shoppers who pay without calling support: 62% to 80%"
""",
    fix="Remove the waiver, or, if it is still needed, give it a new reason and a new last day.",
    configuration="Severity only.",
    severity=Severity.WARNING,
    check=_check,
    last=True,
)
