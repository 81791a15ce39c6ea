"""OKR117: a team said twice in a row that it will not get there, and decided nothing.

Check-ins without a confidence do not count. A decision is a word in `decision:` of either check-in,
or a decision on a hypothesis of the key result since then. Only while the cycle is under way.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from okrsync.lint.rule import Hit, Rule, Severity
from okrsync.lint.rules.common import pursued

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okrsync.core.goals import CheckIn, Goals, KeyResult, Objective
    from okrsync.lint.rule import LintInput


def _check(given: LintInput) -> Iterator[Hit]:
    limit = given.limits.off_track_below
    for objective, kr, _ in pursued(given.goals, given.today):
        last_two = _last_two(kr)
        off_track = len(last_two) == 2 and all(_confidence(each) < limit for each in last_two)
        if off_track and not _decided(objective, kr, last_two, given.goals):
            told = " and ".join(f"{_confidence(each):g}" for each in last_two)
            yield Hit(
                goal=kr,
                message=f"{kr.id} is off track twice in a row (confidence {told}) and no decision "
                "followed",
                action="decide: what do we stop, change, or need to find out?",
                place=last_two[-1].place if last_two[-1].place.file else None,
            )


def _last_two(kr: KeyResult) -> list[CheckIn]:
    told = [each for each in kr.check_ins if each.confidence is not None]
    return sorted(told, key=lambda each: each.date)[-2:]


def _confidence(check_in: CheckIn) -> float:
    return 1.0 if check_in.confidence is None else check_in.confidence


def _decided(objective: Objective, kr: KeyResult, last_two: list[CheckIn], goals: Goals) -> bool:
    since = last_two[0].date
    if any(each.decision.strip() for each in kr.check_ins if each.date >= since):
        return True
    return any(
        decision.date >= since
        for hypothesis in goals.hypotheses
        if not {objective.id, kr.id}.isdisjoint(hypothesis.serves)
        for decision in hypothesis.decisions
    )


RULE = Rule(
    code="OKR117",
    name="off-track-without-decision",
    summary="Who is off track twice in a row decides something.",
    why="""\
Knowing that it will not work is worth something only if it changes what happens next. To stop, to
change course, or to take a week and find out are all good decisions; waiting is none.
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
        check_ins:
          - {date: 2026-10-12, value: 62, confidence: 0.3}
          - {date: 2026-10-19, value: 61, confidence: 0.2}
hypotheses:
  - id: H-TAP
    statement: "We believe that if we offer one tap, shoppers will pay without calling support"
    serves: [KR-PAY]
    cycle: 2026-Q4
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
        check_ins:
          - {date: 2026-10-12, value: 62, confidence: 0.3}
          - {date: 2026-10-19, value: 61, confidence: 0.2, decision: "A week of listening to calls"}
hypotheses:
  - id: H-TAP
    statement: "We believe that if we offer one tap, shoppers will pay without calling support"
    serves: [KR-PAY]
    cycle: 2026-Q4
""",
    fix="""\
Write what you decided under `decision:` of the check-in, or decide on a hypothesis that serves the
key result (persevere, pivot, kill).
""",
    configuration="`lint.thresholds.OKR117`: below this confidence it is off track (default 0.4).",
    severity=Severity.WARNING,
    check=_check,
    day=date(2026, 10, 20),
)
