"""What the questions answer with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from okrsync.core.goals import Kind

if TYPE_CHECKING:
    from okrsync.wording.english.people import Clause
    from okrsync.wording.english.sentence import Term

KIND_OF = {"business": Kind.IMPACT, "machine": Kind.SYSTEM, "act": Kind.OUTCOME}
"""What a noun that is measured makes of a key result."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind, how surely, and the tokens that decided; with who acts and what they do if known."""

    kind: Kind
    confidence: float
    at: tuple[tuple[int, int], ...] = ()
    clause: Clause | None = None
    term: Term | None = None
