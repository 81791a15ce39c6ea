"""What a reader of key results is, and what it says of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from okrsync.core.goals import Kind

CONFIDENT = 0.6
"""Below it a kind counts as unclear: a false alarm costs more trust than a missed one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was read as, how surely (0 to 1), and the words of it that decided."""

    kind: Kind
    confidence: float
    because: tuple[str, ...] = ()

    @property
    def confident(self) -> bool:
        """Whether the kind may be relied on."""
        return self.confidence >= CONFIDENT


class KeyResultReader(Protocol):
    """Reads key results. The same text always gets the same reading from one version."""

    @property
    def version(self) -> str:
        """Changes whenever any text may be read differently."""

    def read(self, text: str) -> Reading:
        """Read any text whatsoever, in time linear in its length; never raises."""
