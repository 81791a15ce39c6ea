"""What a word in a label, an act or a reference means today: goals by id, through renames."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from okrsync.core.goals import Goals
    from okrsync.core.ledger import Act, ItemState, Row
    from okrsync.core.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Names:
    """Resolves words to goal ids."""

    goals: Goals
    vocabulary: Vocabulary
    _kept: dict[tuple[str, str | None], str | None] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def goal_id(self, word: str) -> str | None:
        """Return the id that the goal called *word* has now, or None if there is no such goal."""
        goal = self.goals.goal(word)
        return None if goal is None else goal.id

    def of_label(self, label: str) -> str | None:
        """Return the goal a link label means."""
        word = self.vocabulary.goal_word(label)
        return None if word is None else self.goal_id(word)

    def of_row(self, row: Row) -> str | None:
        """Return the goal a row means: where it points, else what it spells."""
        return self.goal_id(row.goal) if row.goal else self.of_label(row.label)

    def goal_kept(self, row: Row) -> str | None:
        """Return the goal to keep in a row now; many rows are alike, and answered from memory."""
        alike = (row.label, row.goal)
        if alike not in self._kept:
            self._kept[alike] = self._goal_kept(row)
        return self._kept[alike]

    def _goal_kept(self, row: Row) -> str | None:
        word = self.vocabulary.goal_word(row.label)
        if word is None:
            return row.goal
        now = self.of_row(row)
        spelled = row.goal is None and now is not None and now.casefold() == word.casefold()
        return row.goal if now is None or spelled else now

    def key(self, word: str) -> str:
        """Return what two names of one goal have in common, also while no such goal exists."""
        return (self.goal_id(word) or word).casefold()

    def key_of_label(self, label: str, row: Row | None = None) -> str | None:
        """Return the same for a link label; None for a verdict."""
        word = self.vocabulary.goal_word(label)
        if word is None:
            return None
        return self.key(row.goal if row is not None and row.goal else word)


def follow_renames(state: ItemState, names: Names) -> ItemState:
    """Point rows and acts to the ids that their goals have now; labels stay as written."""
    if not state.rows and not state.acts:
        return state
    rows = tuple([_row(row, names) for row in state.rows])
    acts = tuple([_act(act, names) for act in state.acts])
    if rows == state.rows and acts == state.acts:
        return state
    return replace(state, rows=rows, acts=acts)


def _row(row: Row, names: Names) -> Row:
    now = names.goal_kept(row)
    return row if now == row.goal else replace(row, goal=now)


def _act(act: Act, names: Names) -> Act:
    now = names.goal_id(act.goal)
    return act if now is None or now == act.goal else replace(act, goal=now)
