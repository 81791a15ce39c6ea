"""The questions of the method in their order: task, system, impact, outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okrsync.core.goals import Kind
from okrsync.wording.english.clauses import share_of_people
from okrsync.wording.english.commands import of_command
from okrsync.wording.english.statements import of_statement
from okrsync.wording.english.verdict import Verdict

if TYPE_CHECKING:
    from okrsync.wording.english.openings import Opening
    from okrsync.wording.english.quantities import Amount
    from okrsync.wording.english.sentence import Sentence

_HIRING = frozenset({"hiring", "hire", "hires", "recruiting"})


def judge(s: Sentence, opened: Opening | None, found: list[Amount]) -> Verdict:
    """Ask every question until one is answered."""
    if not any(token.is_word for token in s.tokens):
        return Verdict(Kind.UNCLEAR, 0.1)
    if _HIRING.intersection(s.label):
        return Verdict(Kind.TASK, 0.8, ((s.start - 2, s.start - 1),))
    if (share := share_of_people(s, found)) is not None:
        return share
    if opened is not None:
        return of_command(s, opened, found)
    return of_statement(s, s.start, found)
