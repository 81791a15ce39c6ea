"""A plain classifier of words and letters, to compare the reader with: softmax regression."""

from __future__ import annotations

import math
import random
import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = re.compile(r"\w+|%")
_ROUNDS = 10
_STEP = 0.5
_LETTERS = 4


class NgramClassifier:
    """Knows nothing but which words, pairs of words and runs of letters go with which kind."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._kinds = tuple(kinds)
        self._weights: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(self._kinds))

    def fit(self, texts: Sequence[str], kinds: Sequence[str]) -> None:
        """Learn by stochastic gradient descent, rare kinds by longer steps; always the same way."""
        rows = [
            (_features(text), self._kinds.index(kind))
            for text, kind in zip(texts, kinds, strict=True)
        ]
        rarity = [len(kinds) / len(self._kinds) / max(kinds.count(kind), 1) for kind in self._kinds]
        chance = random.Random(0)
        for _ in range(_ROUNDS):
            chance.shuffle(rows)
            for features, truth in rows:
                self._learn(features, truth, _STEP * rarity[truth])

    def read(self, text: str) -> str:
        """Return the likeliest kind."""
        odds = self._odds(_features(text))
        return self._kinds[odds.index(max(odds))]

    def _learn(self, features: list[str], truth: int, step: float) -> None:
        odds = self._odds(features)
        size = step / math.sqrt(len(features) or 1)
        for feature in features:
            weights = self._weights[feature]
            for kind, chance in enumerate(odds):
                weights[kind] += size * ((kind == truth) - chance)

    def _odds(self, features: list[str]) -> list[float]:
        scale = 1 / math.sqrt(len(features) or 1)
        sums = [0.0] * len(self._kinds)
        for feature in features:
            for kind, weight in enumerate(self._weights.get(feature, ())):
                sums[kind] += weight * scale
        powers = [math.exp(each - max(sums)) for each in sums]
        return [power / sum(powers) for power in powers]


def _features(text: str) -> list[str]:
    words = _WORD.findall(text.lower())
    pairs = [f"{a} {b}" for a, b in pairwise(words)]
    spaced = f" {' '.join(words)} "
    letters = [spaced[at : at + _LETTERS] for at in range(len(spaced) - _LETTERS + 1)]
    return list({*words, *pairs, *(f"#{run}" for run in letters)})
