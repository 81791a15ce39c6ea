"""Who keeps the timetable: one process for each store, whatever dies how.

The lock is freed by the operating system or the database when its holder dies. Where a database
drops the session that holds it, somebody else may take over while the holder lives on; so each
holder signs the note it keeps in the store, and whoever finds another's signature there leaves.
"""

from __future__ import annotations

import os
import secrets
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from okrsync.app.daemon_note import TIMETABLE, DaemonNote, last_note, save_note
from okrsync.errors import RefusedError

if TYPE_CHECKING:
    from okrsync.ports.store import Store


@dataclass(slots=True)
class Lease:
    """The right to keep the timetable of one store."""

    store: Store
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    pid: int = field(default_factory=os.getpid)
    _held: ExitStack = field(default_factory=ExitStack)

    def take(self, wait: float) -> DaemonNote | None:
        """Take it, and return what the last holder noted.

        Raises:
            RefusedError: somebody else holds it and did not let go within *wait* seconds.

        """
        try:
            self._held.enter_context(self.store.lock(*TIMETABLE, wait=wait))
        except RefusedError as error:
            raise RefusedError(
                "another okrsync keeps the timetable of this store",
                hint="`okrsync status` tells of it",
            ) from error
        with self.store.begin() as tx:
            return last_note(tx)

    def check(self) -> None:
        """Make sure that nobody else has become the holder.

        Raises:
            RefusedError: somebody has.

        """
        with self.store.begin() as tx:
            self._make_sure(last_note(tx))

    def sign(self, note: DaemonNote, *, first: bool = False) -> None:
        """Keep this note in the store as the holder's.

        Raises:
            RefusedError: somebody else has become the holder.

        """
        with self.store.begin() as tx:
            if not first:
                self._make_sure(last_note(tx))
            save_note(tx, replace(note, holder=self.holder, pid=self.pid))

    def _make_sure(self, known: DaemonNote | None) -> None:
        if known is not None and known.holder != self.holder:
            raise RefusedError(
                f"another okrsync (process {known.pid}) keeps the timetable now",
                hint="this one lost its lock, as when the database was started again",
            )

    def give_back(self) -> None:
        """Let others take it."""
        self._held.close()
