"""Fits the weights of the English reader to the examples of this project, always the same way.

Softmax regression by stochastic gradient descent with a step of its own for each weight, drawn
towards zero so that a feature counts by how often it was right. `python bench/fit_reader.py`
writes the weights; with --stale it only tells whether they belong to the examples, by exit code;
with --check it tells how well each file of examples is read by weights fitted to the others,
which is how a new organisation will fare.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from judge import macro_f1

from okrsync.core.goals import Kind
from okrsync.wording.english import weights as shipped
from okrsync.wording.english.features import features
from okrsync.wording.english.openings import opening
from okrsync.wording.english.quantities import amounts
from okrsync.wording.english.sentence import sentence_of
from okrsync.wording.english.weights import KINDS, fitted_to

ENGLISH = Path(shipped.__file__).parent
FILE = ENGLISH / "data" / "weights.tsv"
ROUNDS = 25
STEP = 0.3
DRAW = 20.0
"""How strongly weights are drawn towards zero."""
RARE = 2
"""In how many texts a feature must be seen to get a weight."""


class Example(NamedTuple):
    """A text as its features, the index of its kind, and the file it stands in."""

    text: str
    names: tuple[str, ...]
    kind: int
    file: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument("--stale", action="store_true", help="fail if the weights are of others")
    doing.add_argument("--check", action="store_true", help="leave out one file at a time")
    told = parser.parse_args()
    examples = read_examples()
    if told.stale:
        return int(fitted_to() != digest(examples))
    if told.check:
        check(examples)
        return 0
    FILE.write_text(as_text(examples), "utf-8")
    print(f"{FILE}: {FILE.stat().st_size:,} bytes from {len(examples)} examples")
    return 0


def digest(examples: list[Example]) -> str:
    """Return the digest of all that decides about the weights."""
    told = [(ROUNDS, STEP, DRAW, RARE), *((example.kind, example.names) for example in examples)]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def read_examples() -> list[Example]:
    found = []
    for path in sorted((ENGLISH / "examples").glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                kind, _, text = line.partition(" | ")
                found.append(Example(text, names_of(text), KINDS.index(Kind(kind)), path.stem))
    return found


def names_of(text: str) -> tuple[str, ...]:
    s = sentence_of(text)
    shown = features(s, opening(s, s.start), amounts(s))
    return tuple(dict.fromkeys(("bias", *(name for name, _, _ in shown))))


def fit(examples: list[Example]) -> dict[str, list[float]]:
    """Return a weight for each feature and kind."""
    counts = Counter(name for example in examples for name in example.names)
    rows = [
        ([name for name in example.names if counts[name] >= RARE], example.kind)
        for example in examples
    ]
    fitted: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(KINDS))
    slopes: dict[str, float] = defaultdict(float)
    chance = random.Random(0)
    for _ in range(ROUNDS):
        chance.shuffle(rows)
        for names, truth in rows:
            errors = odds(fitted, names)
            errors[truth] -= 1
            size = sum(error * error for error in errors)
            for name in names:
                slopes[name] += size
                step = STEP / (1 + math.sqrt(slopes[name]))
                shrink = 1 + step * DRAW / counts[name]
                fitted[name] = [
                    (weight - step * error) / shrink
                    for weight, error in zip(fitted[name], errors, strict=True)
                ]
    return dict(fitted)


def odds(fitted: dict[str, list[float]], names: list[str]) -> list[float]:
    """Return how likely each kind is."""
    sums = [0.0] * len(KINDS)
    for name in names:
        for kind, weight in enumerate(fitted[name]):
            sums[kind] += weight
    powers = [math.exp(each - max(sums)) for each in sums]
    return [power / sum(powers) for power in powers]


def as_text(examples: list[Example]) -> str:
    """Return the file: readable, and without what weighs nothing."""
    lines = [
        "# Weights of features for task, system, impact and outcome, in hundredths.",
        "# Origin: fitted by bench/fit_reader.py to the folder of examples and to nothing else.",
        f"# Fitted to {digest(examples)}",
    ]
    for name, weights in sorted(fit(examples).items()):
        rounded = [round(100 * weight) for weight in weights]
        if any(rounded):
            lines.append("\t".join([name, *map(str, rounded)]))
    return "\n".join(lines) + "\n"


def check(examples: list[Example]) -> None:
    """Print how well each file is read by weights fitted to the others."""
    names = [kind.value for kind in KINDS]
    for file in sorted({example.file for example in examples}):
        fitted = defaultdict(lambda: [0.0] * len(KINDS))
        fitted.update(fit([example for example in examples if example.file != file]))
        asked = [example for example in examples if example.file == file]
        chances = [odds(fitted, list(example.names)) for example in asked]
        pairs = [
            (names[example.kind], names[chance.index(max(chance))])
            for example, chance in zip(asked, chances, strict=True)
        ]
        print(f"{file:12} {len(asked)} texts, macro-F1 of kind {macro_f1(pairs):.3f}")


if __name__ == "__main__":
    sys.exit(main())
