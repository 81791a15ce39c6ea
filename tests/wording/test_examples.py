"""On examples of many trades the reader is mostly right, and where it is wrong, not sure of it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from okrsync.core.goals import Kind
from okrsync.wording import reader

READER = reader()
EXAMPLES = [
    (Kind(kind), text)
    for line in (Path(__file__).parent / "examples.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
    for kind, _, text in [line.partition(" | ")]
]
CORPUS = os.environ.get("OKR_CORPUS", "")


def test_nine_of_ten_examples_are_read_right():
    wrong = [text for kind, text in EXAMPLES if READER.read(text).kind is not kind]
    assert len(wrong) / len(EXAMPLES) <= 0.1, wrong


def test_good_outcomes_hardly_ever_raise_an_alarm():
    outcomes = [READER.read(text) for kind, text in EXAMPLES if kind is Kind.OUTCOME]
    alarms = [r for r in outcomes if r.confident and r.kind in {Kind.TASK, Kind.SYSTEM}]
    assert len(alarms) / len(outcomes) <= 0.03, alarms


@pytest.mark.parametrize("kind", [Kind.OUTCOME, Kind.TASK, Kind.SYSTEM, Kind.IMPACT])
def test_no_kind_is_read_into_everything(kind):
    said = [truth for truth, text in EXAMPLES if READER.read(text).kind is kind]
    assert said.count(kind) / len(said) >= 0.85


@pytest.mark.skipif(not CORPUS, reason="OKR_CORPUS names no corpus of labelled texts")
@pytest.mark.parametrize(("split", "share"), [("train", 0.93), ("validation", 0.82)])
def test_texts_of_real_organisations_are_mostly_read_right(split, share):
    lines = (Path(CORPUS) / "key_results.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["split"] == split and row["kind"]]
    right = sum(READER.read(row["text"]).kind == row["kind"] for row in rows)
    assert right / len(rows) >= share
