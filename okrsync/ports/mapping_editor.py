"""What okrsync needs from a place whose mapping rules it may change. Public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingType

    from okrsync.core.goals import Goals
    from okrsync.core.mapping import Mapping
    from okrsync.core.mapping_edits import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A change that was made nowhere yet."""

    before: str
    """The digest of all the rules that the change starts from."""
    mapping: Mapping
    """All rules as they are read once it is made."""
    diff: str
    """What changes in the text, for people."""
    texts: MappingType[str, tuple[bytes, bytes]]
    """Of each text that changes: its name, what it is, what it becomes."""


class MappingEditor(Protocol):
    """A place that changes mapping rules, one at a time, and nothing beside them."""

    def draft(self, edit: Edit, goals: Goals, *, prefix: str) -> Draft:
        """Work out a change. Nothing is written.

        Raises:
            UsageError: it names a rule that is not there, or adds one that is.
            ConfigError: the rules cannot be used, before or after it, or it cannot be made without
                touching something else.

        """

    def save(self, draft: Draft) -> None:
        """Make the change, at once or not at all.

        Raises:
            RefusedError: the rules are others by now.
            UnavailableError: it cannot be written.

        """
