"""Measures the reader of key results and hypotheses on a corpus of labelled texts.

The corpus is a folder named by OKR_CORPUS, with key_results.jsonl and hypotheses.jsonl; without
it there is nothing to measure and nothing fails. Of the rows for training the errors are listed,
of the rows for validation the figures only, so that nobody tunes the reader to their texts.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ngrams import NgramClassifier

from okrsync.core.goals import Kind
from okrsync.wording import reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okrsync.wording import Reading

KINDS = ("task", "system", "impact", "outcome")
PARTS = ("who", "does_what", "by_how_much", "baseline")
ALARMS = (Kind.TASK, Kind.SYSTEM)
Row = dict[str, Any]
Pair = tuple[str, str]


def main() -> int:
    folder = os.environ.get("OKR_CORPUS")
    if not folder:
        print("OKR_CORPUS names no corpus; nothing to measure")
        return 0
    rows = _rows(Path(folder) / "key_results.jsonl")
    train = [row for row in rows if row["split"] == "train"]
    validation = [row for row in rows if row["split"] == "validation"]
    judge_all(train, "train")
    list_errors(train)
    judge_all(validation, "validation")
    judge_plain(train, validation)
    judge_hypotheses(_rows(Path(folder) / "hypotheses.jsonl"))
    return 0


def judge_all(rows: Sequence[Row], name: str) -> None:
    """Print every figure of the reader for some rows."""
    read = reader().read
    began = time.perf_counter()
    readings = [read(row["text"]) for row in rows]
    took = time.perf_counter() - began
    told = [(row, said) for row, said in zip(rows, readings, strict=True) if row["kind"]]
    pairs = [(row["kind"], said.kind.value) for row, said in told]
    sure = [(row["kind"], said.kind.value if said.confident else "unclear") for row, said in told]
    print(f"\n== {name}: {len(rows)} texts in {took:.2f} s")
    print_kinds(pairs)
    print(f"task, where the reader is sure: {_precision_and_recall(sure, 'task')}")
    print(f"false alarms on good outcomes: {_false_alarms(told):.1%}")
    for part in PARTS:
        print(f"{part:12} accuracy {_accuracy(rows, readings, part):.3f}")


def print_kinds(pairs: Sequence[Pair]) -> None:
    """Print the confusion matrix, each kind's figures and their mean."""
    counts = Counter(pairs)
    head = "".join(f"{kind:>9}" for kind in (*KINDS, "unclear"))
    print(f"{'is, read as':>12}{head}")
    for truth in KINDS:
        row = "".join(f"{counts[truth, said]:9}" for said in (*KINDS, "unclear"))
        print(f"{truth:>12}{row}   {_precision_and_recall(pairs, truth)}")
    print(f"macro-F1 of kind: {macro_f1(pairs):.3f}")


def macro_f1(pairs: Sequence[Pair]) -> float:
    """Return the mean of the kinds' F1."""
    return sum(_f1(pairs, kind) for kind in KINDS) / len(KINDS)


def list_errors(rows: Iterable[Row]) -> None:
    """Print what was read wrong, and which words misled."""
    read = reader().read
    for row in rows:
        said = read(row["text"])
        if row["kind"] and said.kind.value != row["kind"]:
            because = ", ".join(said.because)
            print(f"  {row['kind']} read as {said.kind.value} ({because}): {row['text'][:120]}")


def judge_plain(train: Sequence[Row], validation: Sequence[Row]) -> None:
    """Print what a plain n-gram classifier, trained on the one, reaches on the other."""
    known = [row for row in train if row["kind"]]
    asked = [row for row in validation if row["kind"]]
    plain = NgramClassifier(KINDS)
    plain.fit([row["text"] for row in known], [row["kind"] for row in known])
    print("\n== validation, read by a plain n-gram classifier trained on train")
    print_kinds([(row["kind"], plain.read(row["text"])) for row in asked])


def judge_hypotheses(rows: Sequence[Row]) -> None:
    """Print how often each part of a hypothesis is rightly found or missed."""
    read = reader().read_hypothesis
    print(f"\n== {len(rows)} hypotheses")
    for part in ("thing", "people", "change"):
        right = sum((getattr(read(row["text"]), part) is not None) == row[part] for row in rows)
        print(f"{part:12} accuracy {right / len(rows):.3f}")


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _counts(pairs: Iterable[Pair], kind: str) -> tuple[int, int, int]:
    """Return how many were right, how many said, how many are."""
    found = list(pairs)
    right = sum(truth == said == kind for truth, said in found)
    return right, sum(said == kind for _, said in found), sum(truth == kind for truth, _ in found)


def _f1(pairs: Sequence[Pair], kind: str) -> float:
    right, said, are = _counts(pairs, kind)
    return 2 * right / (said + are) if said + are else 0.0


def _precision_and_recall(pairs: Sequence[Pair], kind: str) -> str:
    right, said, are = _counts(pairs, kind)
    return f"precision {right / max(said, 1):.3f}, recall {right / max(are, 1):.3f}"


def _false_alarms(told: Sequence[tuple[Row, Reading]]) -> float:
    good = [said for row, said in told if row["kind"] == "outcome"]
    alarms = [said for said in good if said.confident and said.kind in ALARMS]
    return len(alarms) / max(len(good), 1)


def _accuracy(rows: Sequence[Row], readings: Sequence[Reading], part: str) -> float:
    judged: list[bool] = [
        _has(said, part) == row[part]
        for row, said in zip(rows, readings, strict=True)
        if row[part] is not None
    ]
    return sum(judged) / max(len(judged), 1)


def _has(said: Reading, part: str) -> bool:
    return said.has_baseline if part == "baseline" else getattr(said, part) is not None


if __name__ == "__main__":
    sys.exit(main())
