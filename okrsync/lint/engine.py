"""Runs rules over goals and work: hits become findings, as severe as a team wants, unless waived.

Order and content depend on the arguments alone. Items are looked at one by one as they pass, and
goals and numbers when all have passed; findings about items are not kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from okrsync.core.goals import (
    NOWHERE,
    Belief,
    Customer,
    Cycle,
    Goals,
    Hypothesis,
    KeyResult,
    Objective,
    Team,
)
from okrsync.lint.ladder import Ladder
from okrsync.lint.memo import Remembering
from okrsync.lint.policy import DEFAULT
from okrsync.lint.portfolio import Portfolio
from okrsync.lint.rule import Finding, Reads, Severity, Stranger
from okrsync.lint.waivers import all_waivers, waived_codes, waived_id
from okrsync.lint.work import Brief

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from okrsync.core.place import Place
    from okrsync.lint.policy import Policy
    from okrsync.lint.rule import Hit, LintInput, Rule, Subject
    from okrsync.lint.work import Seen


def lint(
    given: LintInput, *, rules: Sequence[Rule], policy: Policy = DEFAULT
) -> tuple[Finding, ...]:
    """Return what *rules* find in goals alone."""
    return Inspection(given, rules=rules, policy=policy).findings()


def failing(findings: Iterable[Finding], level: Severity) -> bool:
    """Whether any finding matters as much as *level*."""
    return any(finding.severity.at_least(level) for finding in findings)


class Inspection:
    """One run of the rules: items are looked at as they pass, then goals, then all in numbers."""

    def __init__(
        self, given: LintInput, *, rules: Sequence[Rule], policy: Policy = DEFAULT
    ) -> None:
        waivers = all_waivers(given.goals, policy.waivers)
        self._given = replace(
            given,
            reader=Remembering(given.reader),
            ladder=Ladder(given.goals),
            waivers=waivers,
            waived=waived_codes(given.goals, policy.waivers, given.today),
        )
        self._rules = rules
        self._policy = policy
        self._of_items = [(rule, rule.each) for rule in rules if rule.each is not None]
        self._work = Portfolio(self._given, given.ground) if given.ground else None
        self._waivable = {waived_id(given.goals, waiver) for waiver in waivers}
        self._codes: defaultdict[str, set[str]] = defaultdict(set)
        """Id -> codes found about it; of items only where a waiver might be used."""

    def look_at(self, seen: Seen) -> Iterator[Finding]:
        """Yield what the rules find about one item."""
        if self._work is not None:
            self._work.add(seen)
        for rule, each in self._of_items:
            if hits := each(self._given, seen):
                yield from self._reported(rule, hits)

    def findings(self, *, whole: bool = False) -> tuple[Finding, ...]:
        """Return what the rules find about goals, by place and code.

        With *whole* all work that there is was looked at, and rules about its absence speak too.
        """
        given = self._given
        if whole and self._work is not None:
            self._work.close()
            given = replace(given, work=self._work)
        tried = [rule for rule in self._rules if _can_be_tried(rule, given)]
        first = [rule for rule in tried if not rule.last]
        found = [each for rule in first for each in self._reported(rule, rule.check(given))]
        certain = self.tried(whole=whole) - {rule.code for rule in tried if rule.last}
        seen = replace(given, tried=certain, hits=self._hits())
        for rule in tried:
            if rule.last:
                found += self._reported(rule, rule.check(seen))
        return told_apart(sorted(found, key=_order))

    @property
    def work(self) -> Portfolio | None:
        """All work in numbers, so far."""
        return self._work

    def tried(self, *, whole: bool) -> frozenset[str]:
        """Return the codes of which it is known whether they find anything in goals.

        Of a rule that reads work that is so only if all of it was looked at.
        """
        if self._given.ground is None:
            certain = {Reads.GOALS}
        else:
            certain = set(Reads) if whole else {Reads.GOALS, Reads.LEDGER}
        return frozenset(rule.code for rule in self._rules if rule.reads in certain)

    def _hits(self) -> dict[str, frozenset[str]]:
        return {goal_id: frozenset(each) for goal_id, each in self._codes.items()}

    def _reported(self, rule: Rule, hits: Iterable[Hit]) -> Iterator[Finding]:
        for hit in hits:
            names = _waived_ids(hit)
            self._note(rule, hit, names)
            if any(rule.code in self._given.waived.get(name, ()) for name in names):
                continue
            teams = hit.teams or tuple(sorted(self._teams_of(hit.goal)))
            severity = self._policy.severity(rule, teams)
            if severity is not Severity.OFF:
                yield _finding(rule, hit, severity, teams)

    def _note(self, rule: Rule, hit: Hit, names: Sequence[str]) -> None:
        for name in names:
            if not isinstance(hit.goal, Brief) or name in self._waivable:
                self._codes[name].add(rule.code)

    def _teams_of(self, subject: Subject) -> frozenset[str]:
        return teams_of(subject, self._given.goals)


def told_apart(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Give numbers to findings of one rule about one thing that nothing else tells apart."""
    counts: Counter[tuple[str, str, str]] = Counter()
    told = []
    for finding in findings:
        key = (finding.code, finding.goal.casefold(), finding.other)
        counts[key] += 1
        number = counts[key]
        told.append(finding if number == 1 else replace(finding, other=f"{key[2]}#{number}"))
    return tuple(told)


def teams_of(subject: Subject, goals: Goals) -> frozenset[str]:
    """Return the teams that a subject concerns, directly or through what it serves."""
    match subject:
        case Objective():
            return frozenset(subject.teams)
        case KeyResult():
            return _teams_of_ids((subject.objective,), goals)
        case Hypothesis():
            return _teams_of_ids(subject.serves, goals)
        case Belief():
            return _teams_of_ids(subject.objectives, goals)
        case Team(id=own) | Brief(team=str(own)):
            return frozenset({own})
        case Brief() | Customer() | Cycle() | Stranger():
            return frozenset()


def _teams_of_ids(ids: Iterable[str], goals: Goals) -> frozenset[str]:
    found = [goal for goal_id in ids if (goal := goals.goal(goal_id)) is not None]
    return frozenset(team for goal in found for team in teams_of(goal, goals))


def _can_be_tried(rule: Rule, given: LintInput) -> bool:
    return rule.reads is not Reads.WORK or given.work is not None


def _waived_ids(hit: Hit) -> list[str]:
    """Return the ids under which somebody may have answered for it."""
    subject = hit.goal
    if isinstance(subject, Brief):
        return [subject.key.casefold(), *hit.because_of]
    is_goal = isinstance(subject, Objective | KeyResult | Hypothesis | Belief)
    return [subject.id if is_goal else subject.id.casefold()]


def _finding(rule: Rule, hit: Hit, severity: Severity, teams: tuple[str, ...]) -> Finding:
    subject = hit.goal
    item = subject if isinstance(subject, Brief) else None
    return Finding(
        code=rule.code,
        severity=severity,
        message=hit.message,
        place=hit.place or _place(subject),
        goal=subject.key if isinstance(subject, Brief) else subject.id,
        action=hit.action,
        confidence=hit.confidence,
        other=hit.other.casefold(),
        item=item,
        teams=teams,
        amount=hit.amount,
    )


def _place(subject: Subject) -> Place:
    return NOWHERE if isinstance(subject, Brief) else subject.place


def _order(finding: Finding) -> tuple[object, ...]:
    return (finding.place, finding.code, finding.goal, finding.message)
