"""The English reader: of key results the kind, the parts and the words that decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from okrsync.wording.english import hypotheses
from okrsync.wording.english.judge import judge
from okrsync.wording.english.lexicon import written_phrase
from okrsync.wording.english.openings import opening
from okrsync.wording.english.parts import by_how_much, does_what, who
from okrsync.wording.english.quantities import amounts
from okrsync.wording.english.sentence import sentence_of
from okrsync.wording.english.weighing import weigh
from okrsync.wording.english.weights import fitted_to
from okrsync.wording.reading import HypothesisReading, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class EnglishReader:
    """Reads English by word lists, a light grammar and weights fitted to our own examples."""

    people: frozenset[str] = frozenset()
    grammar: str = "en-2"
    """Raised with every change of the word lists or the questions."""

    @property
    def version(self) -> str:
        """Changes with the grammar and with the examples that the weights were fitted to."""
        return f"{self.grammar}-{fitted_to()[:8]}"

    def knowing(self, people: Iterable[str]) -> EnglishReader:
        """Return a reader for which these names of customers are people too."""
        return replace(self, people=self.people | frozenset(map(written_phrase, people)))

    def read(self, text: str) -> Reading:
        """Read any text whatsoever."""
        sentence = sentence_of(text, self.people)
        opened = opening(sentence, sentence.start)
        found = amounts(sentence)
        verdict = weigh(sentence, judge(sentence, opened, found), opened, found)
        tokens = sentence.tokens
        because = tuple(
            text[tokens[first].start : tokens[last - 1].end] for first, last in verdict.at
        )
        return Reading(
            verdict.kind,
            verdict.confidence,
            because,
            who=who(sentence, verdict),
            does_what=does_what(sentence, verdict),
            by_how_much=by_how_much(sentence, found),
        )

    def read_hypothesis(self, text: str) -> HypothesisReading:
        """Read any text whatsoever."""
        return hypotheses.read_hypothesis(text, self.people)


def english_reader(people: Iterable[str] = ()) -> EnglishReader:
    """Return the reader, with the names of the customer register as further people."""
    return EnglishReader().knowing(people)
