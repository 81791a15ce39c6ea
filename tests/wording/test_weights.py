"""The shipped weights come from the shipped examples alone, and say nothing of any number."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from okrsync.core.goals import Kind
from okrsync.wording import reader
from okrsync.wording.english.weights import KINDS, WeightTable, fitted_to, weights

FIT = Path(__file__).parents[2] / "bench" / "fit_reader.py"
EXAMPLES = files("okrsync.wording.english").joinpath("examples")
LINES = [
    line
    for path in EXAMPLES.iterdir()
    for line in path.read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.skipif(not FIT.exists(), reason="the script that fits the weights is not shipped")
def test_the_weights_were_fitted_to_these_examples_and_features():
    stale = subprocess.run([sys.executable, FIT, "--stale"], check=False, timeout=120)
    assert stale.returncode == 0, "run `make reader`"


def test_the_version_changes_with_what_the_weights_were_fitted_to():
    assert fitted_to()[:8] in reader().version


def test_every_example_has_a_kind_and_no_text_stands_there_twice():
    texts = [text for _, _, text in (line.partition(" | ") for line in LINES)]
    kinds = {line.partition(" | ")[0] for line in LINES}
    assert kinds == {kind.value for kind in KINDS}
    assert len(texts) == len({text.lower() for text in texts})


def test_every_file_of_examples_tells_its_origin():
    assert all("# Origin:" in path.read_text("utf-8") for path in EXAMPLES.iterdir())


def test_a_feature_that_was_never_seen_weighs_nothing():
    table = WeightTable("# of tests\nword seen\t10\t-2\t0\t-8\n")
    assert table.get("word seen") == (10, -2, 0, -8)
    assert table.get("word seen") == (10, -2, 0, -8)
    assert table.get("word unseen") is None
    assert table.get("# of tests") is None


def test_there_is_one_weight_for_each_kind():
    assert len(weights().get("bias")) == len(KINDS)


@pytest.mark.parametrize(
    ("low", "high"), [("Grow sales by 3%", "Grow sales by 87%"), ("Write 4 posts", "Write 9 posts")]
)
def test_how_much_does_not_change_the_kind(low, high):
    one, other = reader().read(low), reader().read(high)
    assert (one.kind, one.confidence) == (other.kind, other.confidence)


def test_words_that_no_list_knows_are_read_by_their_likeness():
    known = reader().read("Publish the brochure")
    like = reader().read("Prepublish the microbrochure")
    assert known.kind is like.kind is Kind.TASK
