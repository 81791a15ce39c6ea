"""A reader that reads no text twice: many rules ask about the same key result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from okrsync.lint.rule import Reader
    from okrsync.wording.reading import HypothesisReading, Reading


@dataclass(frozen=True, slots=True)
class Remembering:
    """Reads as *reader* does, for as long as one run of the rules lasts."""

    reader: Reader
    _read: dict[str, Reading] = field(default_factory=dict, repr=False)
    _hypotheses: dict[str, HypothesisReading] = field(default_factory=dict, repr=False)

    @property
    def version(self) -> str:
        """The version of the reader behind."""
        return self.reader.version

    def knowing(self, people: Iterable[str]) -> Remembering:
        """Remember nothing of what a reader read who knew fewer people."""
        return Remembering(self.reader.knowing(people))

    def read(self, text: str) -> Reading:
        """Read a key result."""
        found = self._read.get(text)
        if found is None:
            found = self._read[text] = self.reader.read(text)
        return found

    def read_hypothesis(self, text: str) -> HypothesisReading:
        """Read a hypothesis."""
        found = self._hypotheses.get(text)
        if found is None:
            found = self._hypotheses[text] = self.reader.read_hypothesis(text)
        return found
