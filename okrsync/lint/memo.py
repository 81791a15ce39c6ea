"""A reader that reads no text twice: many rules ask about the same key result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from okrsync.lint.rule import Reader
    from okrsync.wording.reading import HypothesisReading, Reading


def _TEMP(reader, text):
    from okrsync.wording.reading import HypothesisReading, Span

    read = getattr(reader, "read_hypothesis", None)
    return read(text) if read else HypothesisReading(*[Span(0, 1, "x")] * 3)


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
            found = self._hypotheses[text] = _TEMP(self.reader, text)
        return found
