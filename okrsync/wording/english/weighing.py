"""Weighs the grammar's verdict against everything else that the text shows.

A softmax regression: each feature adds its weight for each kind, the grammar adds a vote for its
own. Where both agree the grammar's words are shown as the reason, otherwise those that weighed
the most. The confidence is a probability, calibrated on writers whose examples were left out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.features import features
from okrsync.wording.english.weights import KINDS, weights

if TYPE_CHECKING:
    from okrsync.wording.english.openings import Opening
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence
    from okrsync.wording.english.verdict import Verdict
    from okrsync.wording.english.weights import Weights

VOTE = 200
"""What the grammar's word weighs, in the hundredths of the weights: it knows rules, not texts."""
SHARPNESS = 0.8
"""By what the sums are stretched so that confidence is how often a kind is right."""
PLAINLY = 0.6
"""From here on the grammar is sure of a task: the verb says so, no measure stands beside it."""
DOUBT = 30
"""How many times doubt of a task counts without that: false alarms cost more than missed ones."""
_MOST_REASONS = 3


def weigh(s: Sentence, verdict: Verdict, opened: Opening | None, found: list[Amount]) -> Verdict:
    """Return the verdict after weighing: of the likeliest kind, as sure as it is likely."""
    if verdict.kind not in KINDS:
        return verdict
    shown = _weights_shown(s, opened, found)
    sums = _add_up(shown)
    sums[KINDS.index(verdict.kind)] += VOTE
    best = max(range(len(KINDS)), key=sums.__getitem__)
    agreed = replace(verdict, confidence=_confidence(verdict, sums, best))
    if KINDS[best] is not verdict.kind:
        at = _weightiest(s, shown, best)
        return replace(agreed, kind=KINDS[best], at=at, clause=None, term=None)
    return agreed if verdict.at else replace(agreed, at=_weightiest(s, shown, best))


def _weights_shown(
    s: Sentence, opened: Opening | None, found: list[Amount]
) -> list[tuple[Weights, int, int]]:
    """Return the weights of the features, each of which counts once, and where it stands."""
    table = weights()
    shown = {name: (first, last) for name, first, last in features(s, opened, found)}
    return [
        (weight, first, last)
        for name, (first, last) in shown.items()
        if (weight := table.get(name)) is not None
    ]


def _add_up(shown: list[tuple[Weights, int, int]]) -> list[int]:
    bias = weights().get("bias") or (0,) * len(KINDS)
    return [sum(column) for column in zip(bias, *(weight for weight, _, _ in shown), strict=True)]


def _confidence(verdict: Verdict, sums: list[int], best: int) -> float:
    powers = [math.exp(SHARPNESS * (each - sums[best]) / 100) for each in sums]
    chance = 1 / sum(powers)
    plain = verdict.kind is Kind.TASK and verdict.confidence >= PLAINLY
    if KINDS[best] is Kind.TASK and not plain:
        chance = max(0.0, 1 - DOUBT * (1 - chance))
    return round(chance, 3)


def _weightiest(
    s: Sentence, shown: list[tuple[Weights, int, int]], best: int
) -> tuple[tuple[int, int], ...]:
    """Return the words that spoke most for a kind and against the others, as they stand."""
    spoke: dict[int, float] = defaultdict(float)
    for weight, first, last in shown:
        for at in range(first, last):
            if s.tokens[at].is_word:
                spoke[at] += (weight[best] - sum(weight) / len(weight)) / (last - first)
    ranked = sorted(spoke, key=lambda at: (-spoke[at], at))[:_MOST_REASONS]
    return tuple((at, at + 1) for at in sorted(ranked) if spoke[at] > 0)
