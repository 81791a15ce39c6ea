"""The labels okrsync may write, and how to read one.

Matching disregards case; ownership never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class Verdict(StrEnum):
    """What okrsync thinks of an item; exactly one is true of it."""

    ALIGNED = "aligned"
    WEAK = "weak"
    STALE = "stale"
    UNALIGNED = "unaligned"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Verdict labels (``okr:aligned`` …) and link labels (``okr:<goal id>``)."""

    prefix: str = "okr:"
    verdicts: tuple[str, ...] = tuple(Verdict)
    group: str = "OKR"
    """Linear: the exclusive group whose children the verdict labels are."""

    def has(self, label: str) -> bool:
        """Tell whether a label is vocabulary, also with an id that no goal has."""
        size = len(self.prefix)
        return len(label) > size and label[:size].casefold() == self.prefix.casefold()

    def of(self, labels: Iterable[str], remembered: Collection[str] = ()) -> frozenset[str]:
        """Return the vocabulary among these labels.

        What the ledger has a row of stays vocabulary (*remembered*), also under a former prefix.
        """
        return frozenset(label for label in labels if self.has(label) or label in remembered)

    def without(self, labels: Iterable[str]) -> frozenset[str]:
        """Return the labels that are other people's business."""
        return frozenset([label for label in labels if not self.has(label)])

    def verdict_of(self, label: str) -> Verdict | None:
        """Read a verdict label."""
        word = self.word(label)
        return Verdict(word.casefold()) if word and word.casefold() in self.verdicts else None

    def goal_word(self, label: str) -> str | None:
        """Read the goal id that a link label names, whether or not such a goal exists."""
        return self.word(label) if self.verdict_of(label) is None else None

    def word(self, label: str) -> str | None:
        """Return what follows the prefix of a vocabulary label."""
        return label[len(self.prefix) :] if self.has(label) else None

    def label(self, word: str) -> str:
        """Spell the label of a verdict or goal id."""
        return f"{self.prefix}{word}"
