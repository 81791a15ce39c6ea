"""What okrsync thinks of an item, and why (LABELS.md 6 to 8).

An item that says nothing itself inherits what its nearest ancestor says; vetoes subtract last,
and a signal that is vetoed whole falls through to nothing weaker.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from okrsync.core.goals import Belief, Goal, Hypothesis, KeyResult, Objective
from okrsync.core.signals import STRENGTH, OwnWord, Signal, SignalKind
from okrsync.core.vocabulary import Verdict
from okrsync.core.weigh import weigh

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okrsync.core.matching import Match, Matcher
    from okrsync.core.names import Names
    from okrsync.core.outlook import Outlook
    from okrsync.core.work import WorkItem
    from okrsync.core.written import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What okrsync thinks of one item, and why."""

    verdict: Verdict
    signals: tuple[Signal, ...]
    """In effect: of the strongest kind, less vetoes; in the order of the goal files."""
    because: str
    desired: frozenset[str]
    """The labels that would say so."""
    own: OwnWord
    source: WorkItem | None = None
    """The ancestor it was inherited from."""
    vetoed: tuple[str, ...] = ()
    """Goals that a signal named and a person took away."""
    exempt: str | None = None

    @property
    def goals(self) -> tuple[str, ...]:
        """The goals in effect, the primary one first."""
        return tuple(dict.fromkeys(signal.goal for signal in self.signals))


@dataclass(frozen=True, slots=True)
class Court:
    """Everything a judgement rests on beside the item: goals on a day, rules, words."""

    outlook: Outlook
    matcher: Matcher
    names: Names
    written: Written
    link_kinds: frozenset[str] = frozenset({"key_results", "hypotheses"})
    _weighed: dict[_Named, tuple[Verdict, str, frozenset[str]]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def weigh(self, signals: Sequence[Signal]) -> tuple[Verdict, str, frozenset[str]]:
        """Do as `weigh`, and add the labels that say so where no goal is vetoed.

        Many items name the same goals, and are answered from memory.
        """
        named = tuple([(signal.goal, signal.learning) for signal in signals])
        known = self._weighed.get(named)
        if known is None:
            verdict, reason = weigh(signals, self.outlook)
            labels = _labels(verdict, signals, frozenset(), self)
            known = self._weighed[named] = verdict, reason, labels
        return known


_Named = tuple[tuple[str, bool], ...]
"""The goals that signals name, and whether the work is learning."""


def judge(own: OwnWord, ancestors: Iterable[OwnWord], court: Court) -> Judgement:
    """Decide. *ancestors* are the words of what is above the item, nearest first."""
    if not own.silent:
        return _decide(own, own, own.vetoes, court, source=None)
    passed = own.vetoes
    for ancestor in ancestors:
        passed |= ancestor.vetoes
        if not ancestor.silent:
            return _decide(own, ancestor, passed, court, source=ancestor.item)
    return _verdict(own, (), court, because="nothing links it to a goal")


def _decide(
    own: OwnWord, word: OwnWord, vetoed: frozenset[str], court: Court, *, source: WorkItem | None
) -> Judgement:
    strongest = in_effect = word.strongest
    taken: tuple[str, ...] = ()
    if vetoed:
        in_effect = tuple(s for s in strongest if s.goal not in vetoed)
        taken = tuple(dict.fromkeys(s.goal for s in strongest if s.goal in vetoed))
    beats_exempt = strongest and STRENGTH[strongest[0].kind] < STRENGTH[SignalKind.RULE]
    if word.exempt is not None and not (beats_exempt and in_effect):
        return _exempt(own, word.exempt, court, source=source, vetoed=taken)
    if not in_effect:
        if word.fallback is not None:
            return _exempt(own, word.fallback, court, source=source, vetoed=taken)
        return _verdict(own, (), court, because=_all_vetoed(taken), source=source, vetoed=taken)
    if len(in_effect) > 1:
        order = court.names.goals.order
        in_effect = tuple(sorted(in_effect, key=lambda s: order.get(s.goal, 0)))
    return _verdict(own, in_effect, court, because=_because(in_effect), source=source, vetoed=taken)


def _because(signals: Sequence[Signal]) -> str:
    return "; ".join(dict.fromkeys([signal.because for signal in signals]))


def _all_vetoed(goals: Sequence[str]) -> str:
    return f"a person took away {' and '.join(goals)}"


def _exempt(
    own: OwnWord, match: Match, court: Court, *, source: WorkItem | None, vetoed: tuple[str, ...]
) -> Judgement:
    label = court.names.vocabulary.label(Verdict.EXEMPT)
    return Judgement(
        verdict=Verdict.EXEMPT,
        signals=(),
        because=_from(source, f"rule {match.rule.id}: {match.because}; {match.rule.exempt}"),
        desired=frozenset({label}),
        own=own,
        source=source,
        vetoed=vetoed,
        exempt=match.rule.exempt,
    )


def _from(source: WorkItem | None, because: str) -> str:
    return because if source is None else f"inherited from {source.key}: {because}"


def _verdict(
    own: OwnWord,
    signals: tuple[Signal, ...],
    court: Court,
    *,
    because: str,
    source: WorkItem | None = None,
    vetoed: tuple[str, ...] = (),
) -> Judgement:
    verdict, reason, labels = court.weigh(signals)
    words = f"{because}; {reason}" if reason else because
    return Judgement(
        verdict=verdict,
        signals=signals,
        because=_from(source, words),
        desired=_labels(verdict, signals, own.vetoes, court) if own.vetoes else labels,
        own=own,
        source=source,
        vetoed=vetoed,
    )


def _labels(
    verdict: Verdict, signals: Sequence[Signal], vetoed: frozenset[str], court: Court
) -> frozenset[str]:
    vocabulary = court.names.vocabulary
    labels = {vocabulary.label(verdict)}
    for signal in signals:
        if _kind_name(court.names.goals.goal(signal.goal)) in court.link_kinds:
            labels.add(vocabulary.label(signal.goal))
        if "key_results" in court.link_kinds:
            served = court.outlook.served_by(signal.goal)
            labels |= {vocabulary.label(kr.id) for kr in served if kr.id not in vetoed}
    return frozenset(labels)


def _kind_name(goal: Goal | None) -> str:
    match goal:
        case Objective():
            return "objectives"
        case KeyResult():
            return "key_results"
        case Hypothesis():
            return "hypotheses"
        case Belief():
            return "beliefs"
        case _:
            return ""
