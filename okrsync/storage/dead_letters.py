"""Dead letters: items somebody rang for, and nothing came of it however often it was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from okrsync.core.work import ItemRef
from okrsync.ports.store import DeadLetter
from okrsync.storage.codec import micros, moment
from okrsync.storage.schema import dead_letters
from okrsync.storage.statements import Concern, by_tracker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okrsync.storage.statements import AnyRow


class DeadLetters(Concern):
    """Reads and writes dead letters; an item has at most one."""

    def dead_letters(self) -> Sequence[DeadLetter]:
        """Return dead letters, oldest first."""
        wanted = select(dead_letters).order_by(dead_letters.c.id)
        return [_letter(row) for row in self._db.rows(wanted)]

    def count_dead_letters(self) -> int:
        """Count them."""
        counted = select(func.count().label("letters")).select_from(dead_letters)
        return int(self._db.rows(counted)[0].letters)

    def put_dead_letters(self, letters: Iterable[DeadLetter]) -> None:
        """Keep these (their ids are ignored); of two about one item the older date stays."""
        given = {letter.ref: letter for letter in letters}
        found = self._db.about(dead_letters, by_tracker(given))
        known = {ItemRef(row.tracker, row.item): row.id for row in found}
        for ref, letter in given.items():
            if ref in known:
                same = update(dead_letters).where(dead_letters.c.id == known[ref])
                self._db.run(same.values(_last_try(letter)))
        new = [letter for ref, letter in given.items() if ref not in known]
        self._db.insert(dead_letters, [_values(letter) for letter in new])

    def drop_dead_letters(self, refs: Iterable[ItemRef]) -> int:
        """Forget those about these items; return how many there were."""
        found = [row.id for row in self._db.about(dead_letters, by_tracker(refs))]
        for number in found:
            self._db.run(delete(dead_letters).where(dead_letters.c.id == number))
        return len(found)


def _last_try(letter: DeadLetter) -> dict[str, Any]:
    return {"at": micros(letter.at), "tries": letter.tries, "why": letter.why}


def _values(letter: DeadLetter) -> dict[str, Any]:
    about = {"tracker": letter.ref.tracker, "item": letter.ref.id, "since": micros(letter.since)}
    return about | _last_try(letter)


def _letter(row: AnyRow) -> DeadLetter:
    return DeadLetter(
        id=row.id,
        ref=ItemRef(row.tracker, row.item),
        since=moment(row.since),
        at=moment(row.at),
        tries=row.tries,
        why=row.why,
    )
