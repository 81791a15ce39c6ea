"""The weights of the features, as they were fitted to the examples of this project.

One line a feature: its name and a weight in hundredths for each kind. `make reader` writes the
file anew from the folder of examples; nothing else may have an influence on it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from okrsync.core.goals import Kind

KINDS = (Kind.TASK, Kind.SYSTEM, Kind.IMPACT, Kind.OUTCOME)
"""The kinds in the order of the columns."""
Weights = tuple[int, ...]


class WeightTable:
    """Weights by the name of a feature. Lines are taken apart when they are first asked for."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, str] = {}
        self._known: dict[str, Weights] = {}
        for line in text.splitlines():
            if not line.startswith("#"):
                name, _, weights = line.partition("\t")
                self._lines[name] = weights

    def get(self, name: str) -> Weights | None:
        """Return the weights of one feature; None if it says nothing."""
        if (known := self._known.get(name)) is not None:
            return known
        if (line := self._lines.get(name)) is None:
            return None
        self._known[name] = tuple(map(int, line.split("\t")))
        return self._known[name]


@cache
def weights() -> WeightTable:
    """Return the weights of this version; they are read once, when first asked for."""
    return WeightTable(_text())


@cache
def fitted_to() -> str:
    """Return the digest of what the weights were fitted to."""
    head = _text()[:1_000].splitlines()
    return next(line.rpartition(" ")[2] for line in head if line.startswith("# Fitted to"))


def _text() -> str:
    return files(__package__).joinpath("data", "weights.tsv").read_text("utf-8")
